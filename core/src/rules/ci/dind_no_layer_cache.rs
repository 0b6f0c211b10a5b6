//! `dind-no-layer-cache`.

use super::tell_line;
use crate::ci::runner::{Phase, Run};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// The service's daemon starts empty in every job, and so does its builder.
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
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --cache-from type=registry,ref=acme/app:cache --push .
    /// ```
    /// ## Sources
    /// docker-library/docker, `29/dind/Dockerfile`.
    pub DindNoLayerCache {
        name: "dind-no-layer-cache",
        severity: Info,
        group: Job,
        title: "Nothing is cached between runs",
        title_zh: "两次运行之间没有缓存",
        since: "0.1.0",
        why_zh: "每次运行都从头构建一切。",
        pitfalls: ["DIND-NO-LAYER-CACHE"],
    }
}

impl Rule for DindNoLayerCache {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some((line, what)) = job.run.and_then(found) else {
            return;
        };
        let why = "Every run builds everything.";
        let next = "Add `--cache-from` and `--cache-to` with `type=registry`.";
        tell_line(self, job, line, what, (why, next), out);
    }
}

/// The line of the CI file and what is found there.
fn found(run: &Run) -> Option<(usize, String)> {
    let is_dind = run
        .environment
        .as_ref()
        .is_some_and(|e| e.dockerd.is_some())
        && run.steps.iter().any(|s| s.phase != Phase::Steps);
    let found = run
        .builds
        .iter()
        .find(|b| is_dind && b.invocation.push && b.invocation.cache_from.is_empty());
    found.map(|b| {
        (
            b.invocation.line,
            "This build starts without any cache.".to_owned(),
        )
    })
}
