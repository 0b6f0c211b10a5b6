//! `dind-no-cert-volume`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Service and job are two containers. GitLab's runners share `/certs/client` and nothing else.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /tls, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /tls/client}
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
    /// docs.gitlab.com, "Use Docker-in-Docker".
    pub DindNoCertVolume {
        name: "dind-no-cert-volume",
        severity: Error,
        group: Job,
        title: "The certificates are not in a folder that service and job share",
        title_zh: "证书不在服务与任务共享的目录中",
        since: "0.1.0",
        pitfalls: ["DIND-NO-CERT-VOLUME"],
    }
}

impl Rule for DindNoCertVolume {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The client never finds the certificates that the daemon made.",
            next: "Use `DOCKER_TLS_CERTDIR: /certs`, and on your own runner `volumes = [\"/certs/client\", \"/cache\"]`.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
