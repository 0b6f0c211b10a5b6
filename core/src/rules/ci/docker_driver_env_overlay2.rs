//! `docker-driver-env-overlay2`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Since Docker 29 a registered graph driver in `$DOCKER_DRIVER` selects the old image store, which takes one platform at a time.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client, DOCKER_DRIVER: overlay2}
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
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Sources
    /// moby b985e23 `daemon/image_store_choice.go`.
    pub DockerDriverEnvOverlay2 {
        name: "docker-driver-env-overlay2",
        severity: Error,
        group: Builder,
        title: "DOCKER_DRIVER turns the containerd store off",
        title_zh: "DOCKER_DRIVER 关闭了 containerd 存储",
        since: "0.1.0",
        why_zh: "这一行来自 Docker 18 时代的写法，之后不再有用。",
        pitfalls: ["DOCKER-DRIVER-ENV-OVERLAY2"],
    }
}

impl Rule for DockerDriverEnvOverlay2 {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The line comes from recipes for Docker 18 and has had no use since.",
            next: "Delete `DOCKER_DRIVER`.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
