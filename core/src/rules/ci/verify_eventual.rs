//! `verify-eventual`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// A registry that copies itself, or stands behind a cache, may answer for the old tag or say that the new one is not there, for some seconds.
    /// Set `registry.replicated=true` for such a registry.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// #: set registry.replicated=true
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
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// #: set registry.replicated=true
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
    ///     - sleep 10
    ///     - docker buildx imagetools inspect acme/app:1.0
    /// ```
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
    /// Documentation of replicated registries. Inferred.
    pub VerifyEventual {
        name: "verify-eventual",
        severity: Warning,
        group: Push,
        title: "The tag is read before every replica has it",
        title_zh: "标签在各副本同步前就被读取",
        since: "0.1.0",
        pitfalls: ["VERIFY-EVENTUAL"],
    }
}

impl Rule for VerifyEventual {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "A digest is never old: it is there or it is not.",
            next: "Verify by the digest from `--metadata-file` first, then the tag; `polyarch verify --wait` does so.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
