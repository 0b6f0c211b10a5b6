//! `driver-docker-multi-new`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// The default builder of a daemon with graph drivers builds one platform at a time. Docker 29 and later have the containerd store, which takes several.
    /// ## Exact output
    /// ```text,output
    /// ERROR: Multi-platform build is not supported for the docker driver.
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:27
    ///   services: [docker:27-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
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
    /// buildx 461836b `build/utils.go`, `build/opt.go`.
    pub DriverDockerMultiNew {
        name: "driver-docker-multi-new",
        severity: Error,
        group: Builder,
        title: "The docker driver of this daemon takes one platform",
        title_zh: "该守护进程的 docker 驱动只支持单一平台",
        since: "0.1.0",
        why_zh: "构建在运行任何步骤之前就停下。",
        pitfalls: ["DRIVER-DOCKER-MULTI-NEW"],
    }
}

impl Rule for DriverDockerMultiNew {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The build stops before anything runs.",
            next: "Create a builder: `docker context create x`, then `docker buildx create --use x`.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
