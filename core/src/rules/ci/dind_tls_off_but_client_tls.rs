//! `dind-tls-off-but-client-tls`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// An empty `DOCKER_TLS_CERTDIR` makes the daemon listen in clear text on 2375, without certificates.
    /// ## Exact output
    /// ```text,output
    /// Cannot connect to the Docker daemon at tcp://docker:2376. Is the docker daemon running?
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: ""}
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
    pub DindTlsOffButClientTls {
        name: "dind-tls-off-but-client-tls",
        severity: Error,
        group: Job,
        title: "TLS is off on the service, but the client insists on it",
        title_zh: "服务端关闭了 TLS，客户端却坚持使用",
        since: "0.1.0",
        pitfalls: ["DIND-TLS-OFF-BUT-CLIENT-TLS"],
    }
}

impl Rule for DindTlsOffButClientTls {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "Client and daemon disagree about TLS, so no connection comes about.",
            next: "Switch TLS on or off on both sides.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
