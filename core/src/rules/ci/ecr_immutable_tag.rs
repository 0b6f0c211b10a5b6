//! `ecr-immutable-tag`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// In a repository with immutable tags each tag is pushed once. A run again, or a tag such as `latest`, is refused after the whole build.
    /// BuildKit before 0.9 and `imagetools create` before buildx 0.22 pushed each platform under the tag first, so that even the first push failed.
    /// ## Exact output
    /// ```text,output
    /// tag invalid: The image tag 'latest' already exists in the 'app' repository and cannot be overwritten because the repository is immutable.
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
    ///     - apk add aws-cli
    ///     - aws ecr get-login-password | docker login --username AWS --password-stdin 123456789012.dkr.ecr.us-east-1.amazonaws.com
    ///     - aws ecr create-repository --repository-name app --image-tag-mutability IMMUTABLE
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:latest --push .
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:latest --push .
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
    ///     - apk add aws-cli
    ///     - aws ecr get-login-password | docker login --username AWS --password-stdin 123456789012.dkr.ecr.us-east-1.amazonaws.com
    ///     - aws ecr create-repository --repository-name app --image-tag-mutability IMMUTABLE
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:$CI_COMMIT_SHORT_SHA --push .
    /// ```
    /// ## Sources
    /// AWS ECR user guide, "Image tag mutability"; BuildKit 0.9.0 (1d7526b1b); docker/buildx#3024.
    pub EcrImmutableTag {
        name: "ecr-immutable-tag",
        severity: Error,
        group: Push,
        title: "The tag exists and cannot be overwritten",
        title_zh: "标签已存在且不可覆盖",
        since: "0.1.0",
        pitfalls: ["ECR-IMMUTABLE-TAG"],
    }
}

impl Rule for EcrImmutableTag {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The tag is taken by an earlier push.",
            next: "Push a tag of its own for each commit or pipeline, such as `$CI_COMMIT_SHORT_SHA`.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
