//! `verify-unknown-count`.

use super::tell_line;
use crate::ci::runner::Run;
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// With provenance an index of two platforms has four entries.
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
    ///     - apk add jq
    ///     - docker buildx imagetools inspect --raw acme/app:1.0 | jq ".manifests | length"
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
    ///     - docker buildx imagetools inspect acme/app:1.0
    /// ```
    /// ## Sources
    /// scylladb/vector-store#552.
    pub VerifyUnknownCount {
        name: "verify-unknown-count",
        severity: Warning,
        group: Push,
        title: "The entries of the index are counted",
        title_zh: "统计了索引中的条目数",
        since: "0.1.0",
        why_zh: "检查“正好两个”会失败，尽管标签是对的。",
        pitfalls: ["VERIFY-UNKNOWN-COUNT"],
    }
}

impl Rule for VerifyUnknownCount {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some((line, what)) = job.run.and_then(found) else {
            return;
        };
        let why = "A check for exactly two fails, though the tag is right.";
        let next = "Leave out entries whose os is unknown, or use `polyarch verify`.";
        tell_line(self, job, line, what, (why, next), out);
    }
}

/// The line of the CI file and what is found there.
fn found(run: &Run) -> Option<(usize, String)> {
    let attests = run.builds.iter().any(|b| b.invocation.attests);
    let counts = |s: &&crate::ci::runner::Step| {
        s.command.contains(".manifests")
            && s.command.contains("length")
            && !s.command.contains("unknown")
    };
    let found = run.steps.iter().find(|s| attests && counts(s));
    found.map(|s| {
        (
            s.mark.line,
            "The count holds the attestations too.".to_owned(),
        )
    })
}
