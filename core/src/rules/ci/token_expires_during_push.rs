//! `token-expires-during-push`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// GitLab's registry gives tokens for five minutes. An upload that takes longer ends with 401, often for multi-arch images only, since they hold more bytes.
    /// Only the connection can tell: `registry.slow-upload=true` says that it is so.
    /// ## Exact output
    /// ```text,output
    /// unexpected status: 401 Unauthorized
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// #: set registry.slow-upload=true
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin registry.gitlab.com
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t registry.gitlab.com/acme/app:1.0 --push .
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
    ///     - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin registry.gitlab.com
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t registry.gitlab.com/acme/app:1.0 --push .
    /// ```
    /// ## Sources
    /// docs.gitlab.com, "Container registry token duration"; moby/buildkit issues.
    pub TokenExpiresDuringPush {
        name: "token-expires-during-push",
        severity: Error,
        group: Push,
        title: "The token expires while layers are uploaded",
        title_zh: "上传层时令牌过期",
        since: "0.1.0",
        pitfalls: ["TOKEN-EXPIRES-DURING-PUSH"],
    }
}

impl Rule for TokenExpiresDuringPush {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "Layers that arrived are kept, so a second try gets further.",
            next: "Raise the token duration in the admin area, make layers smaller, or try again.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
