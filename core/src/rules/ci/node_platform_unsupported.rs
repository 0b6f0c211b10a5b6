//! `node-platform-unsupported`.

use super::tell_line;
use crate::ci::runner::Run;
use crate::environment::Environment;
use crate::platform::Platform;
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// A builder of several nodes gives each platform to the node that lists it. One that none lists goes to the first node, which emulates or fails.
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
    ///     - docker buildx create --name multi --use --platform linux/amd64 tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx create --append --name multi --platform linux/arm64 ssh://arm
    ///     - docker buildx build --platform linux/amd64,linux/arm64,linux/s390x -t acme/app:1.0 --push .
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
    ///     - docker buildx create --name multi --use --platform linux/amd64 tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx create --append --name multi --platform linux/arm64 ssh://arm
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Sources
    /// docker/buildx `build/driver.go` (nodes by platform).
    pub NodePlatformUnsupported {
        name: "node-platform-unsupported",
        severity: Warning,
        group: Builder,
        title: "No node of the builder is for a platform",
        title_zh: "构建器没有该平台的节点",
        since: "0.1.0",
        pitfalls: ["NODE-PLATFORM-UNSUPPORTED"],
    }
}

impl Rule for NodePlatformUnsupported {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some((line, what)) = job.run.and_then(found) else {
            return;
        };
        let why = "The farm was made so that nothing is emulated; this platform is all the same.";
        let next = "Append a node for it, `docker buildx create --append --name … --platform …`, or leave the platform out.";
        tell_line(self, job, line, what, (why, next), out);
    }
}

/// The line of the CI file and what is found there.
fn found(run: &Run) -> Option<(usize, String)> {
    run.attempts.iter().find_map(|attempt| {
        let missing = missing(&attempt.environment, &attempt.invocation.platforms)?;
        Some((
            attempt.invocation.line,
            format!(
                "No node of {} is for {missing}.",
                attempt.environment.builder
            ),
        ))
    })
}

/// The first platform that no node of several lists.
fn missing(environment: &Environment, wanted: &[String]) -> Option<Platform> {
    let nodes = &environment.nodes;
    if nodes.len() < 2 {
        return None;
    }
    let wanted = wanted.iter().filter_map(|w| w.parse::<Platform>().ok());
    let lists = |w: &Platform| {
        nodes
            .iter()
            .flat_map(|n| &n.platforms)
            .any(|p| p.architecture == w.architecture && p.os == w.os)
    };
    wanted.into_iter().find(|w| !lists(w))
}
