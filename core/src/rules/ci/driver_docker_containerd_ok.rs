//! `driver-docker-containerd-ok`.

use super::tell_line;
use crate::ci::runner::Run;
use crate::environment::{Driver, ImageStore};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// A daemon with the containerd image store keeps indexes, so its own builder takes several platforms. Fresh installations of Docker 29 have that store.
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
    /// moby b985e23 `daemon/image_store_choice.go`; buildx 461836b `driver/docker/driver.go`.
    pub DriverDockerContainerdOk {
        name: "driver-docker-containerd-ok",
        severity: Info,
        group: Builder,
        title: "The docker driver takes several platforms here",
        title_zh: "此处 docker 驱动支持多平台",
        since: "0.1.0",
        why_zh: "不需要另建构建器；但 dockerd 不带用于 RUN 步骤的模拟器。",
        pitfalls: ["DRIVER-DOCKER-CONTAINERD-OK"],
    }
}

impl Rule for DriverDockerContainerdOk {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some((line, what)) = job.run.and_then(found) else {
            return;
        };
        let why = "No builder of its own is needed; but dockerd carries no emulator for RUN steps.";
        let next = "Leave it, or create a builder to be independent of the daemon.";
        tell_line(self, job, line, what, (why, next), out);
    }
}

/// The line of the CI file and what is found there.
fn found(run: &Run) -> Option<(usize, String)> {
    let found = run.builds.iter().find(|b| {
        b.environment.driver == Driver::Docker
            && b.environment.store == ImageStore::Containerd
            && b.invocation.platforms.len() > 1
    });
    found.map(|b| (b.invocation.line, "The docker driver builds several platforms, since the daemon has the containerd image store.".to_owned()))
}
