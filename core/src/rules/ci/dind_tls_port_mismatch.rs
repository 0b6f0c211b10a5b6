//! `dind-tls-port-mismatch`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// With a non-empty `DOCKER_TLS_CERTDIR` the service listens on 2376 only.
    /// ## Exact output
    /// ```text,output
    /// Cannot connect to the Docker daemon at tcp://docker:2375. Is the docker daemon running?
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2375", DOCKER_TLS_CERTDIR: /certs}
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
    /// docker-library/docker 3289af8 `dockerd-entrypoint.sh`.
    pub DindTlsPortMismatch {
        name: "dind-tls-port-mismatch",
        severity: Error,
        group: Job,
        title: "The daemon speaks TLS on 2376, the client asks 2375",
        title_zh: "守护进程在 2376 端口使用 TLS，客户端却连接 2375",
        since: "0.1.0",
        pitfalls: ["DIND-TLS-PORT-MISMATCH"],
    }
}

impl Rule for DindTlsPortMismatch {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "Nothing listens on the port that `DOCKER_HOST` names.",
            next: "Use `tcp://docker:2376` with `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH`, or empty `DOCKER_TLS_CERTDIR`.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
