//! `manifest-inspect-nosuch`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// `docker manifest inspect` of clients before 23 asks for Docker's media types only, and says that an OCI index is not there.
    /// ## Exact output
    /// ```text,output
    /// no such manifest: docker.io/acme/app:1.0
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:20
    ///   services: [docker:20-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    ///     - docker manifest inspect acme/app:1.0
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:20
    ///   services: [docker:20-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    ///     - docker buildx imagetools inspect acme/app:1.0
    /// ```
    /// ## Sources
    /// docker/cli before 23 with buildx 0.10; docker/buildx issues.
    pub ManifestInspectNosuch {
        name: "manifest-inspect-nosuch",
        severity: Error,
        group: Push,
        title: "An old client does not know OCI's index",
        title_zh: "旧客户端不认识 OCI 索引",
        since: "0.1.0",
        pitfalls: ["MANIFEST-INSPECT-NOSUCH"],
    }
}

impl Rule for ManifestInspectNosuch {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The tag is there; the client just cannot ask for it.",
            next: "Look with `docker buildx imagetools inspect`.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
