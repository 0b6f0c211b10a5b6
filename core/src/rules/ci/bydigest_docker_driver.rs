//! `bydigest-docker-driver`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// The docker driver pushes by name only.
    /// ## Exact output
    /// ```text,output
    /// push-by-digest is currently not implemented for docker driver, please create a new builder instance
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
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/arm64 -o type=image,name=acme/app,push-by-digest=true,push=true .
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
    ///     - docker buildx build --platform linux/arm64 -o type=image,name=acme/app,push-by-digest=true,push=true .
    /// ```
    /// ## Sources
    /// buildx 461836b `build/opt.go`.
    pub BydigestDockerDriver {
        name: "bydigest-docker-driver",
        severity: Error,
        group: Push,
        title: "Push by digest needs a builder of its own",
        title_zh: "按摘要推送需要独立构建器",
        since: "0.1.0",
        pitfalls: ["BYDIGEST-DOCKER-DRIVER"],
    }
}

impl Rule for BydigestDockerDriver {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "buildx refuses before it builds.",
            next: "Create a builder with the docker-container driver.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
