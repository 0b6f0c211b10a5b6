//! `cache-min-multistage`.

use super::tell_line;
use crate::ci::runner::Run;
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// `--cache-to` without `mode=max` exports the layers of the final stage. Builder stages are built again in every run.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22 AS build
    /// #: dockerfile RUN touch /x
    /// #: dockerfile FROM alpine:3.22
    /// #: dockerfile COPY --from=build /x /x
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --cache-to type=registry,ref=acme/app:cache --push .
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
    /// ```
    /// ## Sources
    /// docs.docker.com, "Cache storage backends".
    pub CacheMinMultistage {
        name: "cache-min-multistage",
        severity: Info,
        group: Builder,
        title: "The cache holds the last stage only",
        title_zh: "缓存只包含最后阶段",
        since: "0.1.0",
        pitfalls: ["CACHE-MIN-MULTISTAGE"],
    }
}

impl Rule for CacheMinMultistage {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some((line, what)) = job.run.and_then(found) else {
            return;
        };
        let why = "The slow part of a cross build is never cached.";
        let next = "Add `mode=max`.";
        tell_line(self, job, line, what, (why, next), out);
    }
}

/// The line of the CI file and what is found there.
fn found(run: &Run) -> Option<(usize, String)> {
    let found = run.builds.iter().find(|b| {
        let stages = b
            .invocation
            .dockerfile
            .lines()
            .filter(|l| l.trim_start().to_uppercase().starts_with("FROM "))
            .count();
        stages > 1
            && b.invocation.cache_to.iter().any(|c| {
                c.contains("type=") && !c.contains("mode=max") && !c.contains("type=inline")
            })
    });
    found.map(|b| {
        (
            b.invocation.line,
            "The cache is exported without mode=max.".to_owned(),
        )
    })
}
