//! `cache-first-run`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Reading a cache that nobody has written yet is an error in the log and none for the build, which goes on and ends well.
    /// ## Exact output
    /// ```text,output
    /// ERROR: failed to configure registry cache importer: docker.io/acme/app:cache: not found
    /// ```
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
    ///     - docker buildx build --platform linux/amd64,linux/arm64 --cache-from type=registry,ref=acme/app:cache -t acme/app:1.0 --push .
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
    ///     - docker buildx build --platform linux/amd64,linux/arm64 --cache-from type=gha -t acme/app:1.0 --push .
    /// ```
    /// ## Sources
    /// BuildKit `solver/llbsolver/bridge.go` at 73ed682.
    pub CacheFirstRun {
        name: "cache-first-run",
        severity: Info,
        group: Builder,
        title: "On the first run the cache is not there",
        title_zh: "首次运行时缓存不存在",
        since: "0.1.0",
        pitfalls: ["CACHE-FIRST-RUN"],
    }
}

impl Rule for CacheFirstRun {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "Whoever looks for ERROR in the log finds one.",
            next: "Nothing is to be done.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
