//! `boot-pull-rate-limit`.

use super::tell_as_risk;
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// A docker-container builder starts from `moby/buildkit` on Docker Hub. Without a login before that, the pull counts against the limit of the runner's address, which others share.
    /// Said as a hint unless `registry.hub-limit=true` says that the limit is reached.
    /// ## Exact output
    /// ```text,output
    /// toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// #: set registry.hub-limit=true
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use --bootstrap tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// #: set registry.hub-limit=true
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// #: set registry.hub-limit=true
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use --driver-opt image=mirror.gcr.io/moby/buildkit:buildx-stable-1 tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Sources
    /// docker/setup-buildx-action issues; Docker Hub, "Usage and limits", wording of 2025.
    pub BootPullRateLimit {
        name: "boot-pull-rate-limit",
        severity: Error,
        group: Builder,
        title: "The builder is pulled from Docker Hub without a login",
        title_zh: "未登录就从 Docker Hub 拉取构建器",
        since: "0.1.0",
        why_zh: "不管构建什么，构建器启动时的拉取就会失败。",
        pitfalls: ["BOOT-PULL-RATE-LIMIT"],
    }
}

impl Rule for BootPullRateLimit {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let why = "The pull fails while the builder starts, whatever the build is.";
        let next = "Log in to Docker Hub before the builder starts, or take its image from a mirror: `--driver-opt image=mirror.gcr.io/moby/buildkit:buildx-stable-1`.";
        tell_as_risk(self, job, why, next, out);
    }
}
