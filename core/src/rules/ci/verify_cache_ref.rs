//! `verify-cache-ref`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// A cache in a registry is an index or a manifest with a config of its own kind and without platforms. As an image it is neither pulled nor verified.
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
    ///     - docker buildx build --platform linux/amd64,linux/arm64 --cache-to type=registry,ref=acme/app:cache -t acme/app:1.0 --push .
    ///     - docker buildx imagetools inspect acme/app:cache || true
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
    ///     - docker buildx build --platform linux/amd64,linux/arm64 --cache-to type=registry,ref=acme/app:cache -t acme/app:1.0 --push .
    ///     - docker buildx imagetools inspect acme/app:1.0
    /// ```
    /// ## Sources
    /// BuildKit `cache/remotecache/v1` (`application/vnd.buildkit.cacheconfig.v0`).
    pub VerifyCacheRef {
        name: "verify-cache-ref",
        severity: Info,
        group: Push,
        title: "The reference is a build cache",
        title_zh: "该引用是构建缓存",
        since: "0.1.0",
        pitfalls: ["VERIFY-CACHE-REF"],
    }
}

impl Rule for VerifyCacheRef {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "Its layers are steps of builds.",
            next: "Look at the tag of the image.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
