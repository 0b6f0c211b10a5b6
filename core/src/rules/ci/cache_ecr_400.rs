//! `cache-ecr-400`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// BuildKit before 0.21 writes a registry cache as an index of layers, which ECR refuses. The image is pushed already; the build ends with an error all the same.
    /// ## Exact output
    /// ```text,output
    /// 400 Bad Request
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
    ///     - docker buildx create --name multi --use --driver-opt image=moby/buildkit:v0.13.2 tls-env
    ///     - apk add aws-cli
    ///     - aws ecr get-login-password | docker login --username AWS --password-stdin 123456789012.dkr.ecr.us-east-1.amazonaws.com
    ///     - aws ecr create-repository --repository-name app
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1.0 --push --cache-to type=registry,ref=123456789012.dkr.ecr.us-east-1.amazonaws.com/app:cache,mode=max .
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
    ///     - docker buildx create --name multi --use --driver-opt image=moby/buildkit:v0.13.2 tls-env
    ///     - apk add aws-cli
    ///     - aws ecr get-login-password | docker login --username AWS --password-stdin 123456789012.dkr.ecr.us-east-1.amazonaws.com
    ///     - aws ecr create-repository --repository-name app
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1.0 --push --cache-to type=registry,ref=123456789012.dkr.ecr.us-east-1.amazonaws.com/app:cache,mode=max,image-manifest=true,oci-mediatypes=true .
    /// ```
    /// ## Sources
    /// aws/containers-roadmap#876; `image-manifest` since BuildKit 0.12, its default since 0.21.
    pub CacheEcr400 {
        name: "cache-ecr-400",
        severity: Error,
        group: Builder,
        title: "ECR refuses the cache as an index",
        title_zh: "ECR 拒绝索引格式的缓存",
        since: "0.1.0",
        pitfalls: ["CACHE-ECR-400"],
    }
}

impl Rule for CacheEcr400 {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "An index of layers is none that the registry knows.",
            next: "Add `image-manifest=true,oci-mediatypes=true` to `--cache-to`.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
