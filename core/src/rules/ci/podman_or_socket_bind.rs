//! `podman-or-socket-bind`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// With the host's socket in the job, builders and emulators outlive it: two jobs that name their builder alike meet each other, and the emulators stay registered.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   variables: {DOCKER_HOST: "unix:///var/run/docker.sock"}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx create --name multi --use
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   variables: {DOCKER_HOST: "unix:///var/run/docker.sock"}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx create --name "b-$CI_JOB_ID" --use
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
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
    /// docs.gitlab.com, "Use Docker socket binding"; docker/buildx `commands/create.go`. Partly inferred.
    pub PodmanOrSocketBind {
        name: "podman-or-socket-bind",
        severity: Warning,
        group: Job,
        title: "The job works in the host's Docker daemon",
        title_zh: "任务直接使用宿主机的 Docker 守护进程",
        since: "0.1.0",
        pitfalls: ["PODMAN-OR-SOCKET-BIND"],
    }
}

impl Rule for PodmanOrSocketBind {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "A second job of the same name fails or takes the builder away from the first.",
            next: "Put the job into the name (`--name \"b-$CI_JOB_ID\"`) and remove the builder at the end, or use a dind service.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
