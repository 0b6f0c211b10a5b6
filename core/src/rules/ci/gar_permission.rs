//! `gar-permission`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Artifact Registry tells reading and writing apart.
    /// ## Fails
    /// ```gitlab,fails
    /// #: set registry.push-allowed=false
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin europe-docker.pkg.dev
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t europe-docker.pkg.dev/acme/images/app:1.0 --push .
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
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin europe-docker.pkg.dev
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t europe-docker.pkg.dev/acme/images/app:1.0 --push .
    /// ```
    /// ## Sources
    /// Artifact Registry, "Access control with IAM".
    pub GarPermission {
        name: "gar-permission",
        severity: Error,
        group: Push,
        title: "The account lacks the writer role",
        title_zh: "账号缺少写入角色",
        since: "0.1.0",
        pitfalls: ["GAR-PERMISSION"],
    }
}

impl Rule for GarPermission {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The push is refused after the build.",
            next: "Grant `roles/artifactregistry.writer`.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
