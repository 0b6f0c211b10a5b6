//! `latest-not-all-platforms`.

use super::tell_line;
use crate::ci::runner::Run;
use crate::platform::Platform;
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// A tag is one document. A later job that builds for one CPU and pushes the same tag takes the other platforms away, without any error.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// hotfix:
    ///   stage: deploy
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   when: manual
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker build -t acme/app:1.0 .
    ///     - docker push acme/app:1.0
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// hotfix:
    ///   stage: deploy
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   when: manual
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker build -t acme/app:hotfix .
    ///     - docker push acme/app:hotfix
    /// ```
    /// ## Sources
    /// Follows from what a push does; docs.docker.com, "Multi-platform images".
    pub LatestNotAllPlatforms {
        name: "latest-not-all-platforms",
        severity: Warning,
        group: Push,
        title: "Another job pushes the tag for fewer platforms",
        title_zh: "另一个任务以更少平台推送同一标签",
        since: "0.1.0",
        pitfalls: ["LATEST-NOT-ALL-PLATFORMS"],
    }
}

impl Rule for LatestNotAllPlatforms {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some((line, what)) = job.run.and_then(found) else {
            return;
        };
        let why = "Machines of the missing CPU fail at their next pull.";
        let next = "Build all platforms in that job too, or give it a tag of its own, and end both with `polyarch verify`.";
        tell_line(self, job, line, what, (why, next), out);
    }
}

/// The line of the CI file and what is found there.
fn found(run: &Run) -> Option<(usize, String)> {
    for other in run.others.iter().filter(|o| !o.is_leg) {
        for theirs in &other.pushed {
            let Some(ours) = run.pushed.iter().find(|p| p.reference == theirs.reference) else {
                continue;
            };
            let lacks = |few: &[Platform], many: &[Platform]| {
                many.iter().any(|p| !few.iter().any(|f| f.is_same(p)))
            };
            let what = if lacks(&theirs.platforms, &ours.platforms) {
                format!(
                    "Job {} pushes {} for {} only.",
                    other.job,
                    theirs.reference,
                    list(&theirs.platforms)
                )
            } else if lacks(&ours.platforms, &theirs.platforms) {
                format!(
                    "{} is pushed here for {} only; job {} pushes it for {}.",
                    theirs.reference,
                    list(&ours.platforms),
                    other.job,
                    list(&theirs.platforms)
                )
            } else {
                continue;
            };
            return Some((ours.line, what));
        }
    }
    None
}

fn list(platforms: &[Platform]) -> String {
    let all: Vec<String> = platforms.iter().map(ToString::to_string).collect();
    all.join(", ")
}
