//! `gitlab-reg-denied`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// The image must be below the project's own path, and the job must have logged in.
    /// ## Exact output
    /// ```text,output
    /// server message: insufficient_scope: authorization failed
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
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t $CI_REGISTRY_IMAGE:1.0 --push .
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
    ///     - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t $CI_REGISTRY_IMAGE:1.0 --push .
    /// ```
    /// ## Sources
    /// docker/buildx#202.
    pub GitlabRegDenied {
        name: "gitlab-reg-denied",
        severity: Error,
        group: Push,
        title: "GitLab's registry refuses the push",
        title_zh: "GitLab 仓库拒绝推送",
        since: "0.1.0",
        pitfalls: ["GITLAB-REG-DENIED"],
    }
}

impl Rule for GitlabRegDenied {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "Everything is built before the push is refused.",
            next: "Log in with `$CI_REGISTRY_USER` and `$CI_REGISTRY_PASSWORD`, and tag `$CI_REGISTRY_IMAGE:…`.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
