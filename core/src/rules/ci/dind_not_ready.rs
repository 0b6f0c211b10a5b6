//! `dind-not-ready`.

use super::{Advice, Repair, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// The service makes its TLS certificates before the daemon starts, which takes seconds. The first docker command of the job races with it.
    /// ## Exact output
    /// ```text,output
    /// unable to resolve docker endpoint: open /certs/client/ca.pem: no such file or directory
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
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
    /// docker-library/docker 3289af8 `dockerd-entrypoint.sh`, `docker-entrypoint.sh`; docker/cli `cli/command/cli.go`.
    pub DindNotReady {
        name: "dind-not-ready",
        severity: Error,
        group: Job,
        title: "Nothing waits for the Docker daemon",
        title_zh: "没有等待 Docker 守护进程",
        since: "0.1.0",
        why_zh: "任务能否通过取决于哪一边更快：这是竞态。",
        pitfalls: ["DIND-NOT-READY"],
    }
}

impl Rule for DindNotReady {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "Whether the job passes depends on which side is faster: it is a race.",
            next: "Wait first: `until docker info >/dev/null 2>&1; do sleep 1; done`.",
            only_where_it_fails: false,
            repair: Some(Repair {
                title: "Wait for the daemon",
                before: "until docker info; do sleep 1; done",
                after: "",
            }),
        };
        tell(self, job, &advice, out);
    }
}
