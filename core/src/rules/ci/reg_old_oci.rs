//! `reg-old-oci`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Old registries know Docker's media types only. Attestations always need OCI's, and BuildKit 0.31 writes them for all images.
    /// Set `registry.old=true` for such a registry.
    /// ## Exact output
    /// ```text,output
    /// unexpected status: 400 Bad Request
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// #: set registry.old=true
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$PASS" | docker login -u "$USER_NAME" --password-stdin registry.example.com
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t registry.example.com/acme/app:1.0 --push .
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// #: set registry.old=true
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$PASS" | docker login -u "$USER_NAME" --password-stdin registry.example.com
    ///     - docker buildx build --platform linux/amd64,linux/arm64 --provenance=false -t registry.example.com/acme/app:1.0 --output type=image,push=true,oci-mediatypes=false .
    /// ```
    /// ## Sources
    /// moby/buildkit issues since 0.11 (Harbor 1.x, Artifactory before 7.11, Quay before its OCI support).
    pub RegOldOci {
        name: "reg-old-oci",
        severity: Error,
        group: Push,
        title: "The registry does not take OCI's documents",
        title_zh: "仓库不接受 OCI 格式的文档",
        since: "0.1.0",
        pitfalls: ["REG-OLD-OCI"],
    }
}

impl Rule for RegOldOci {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The layers arrive and the manifest is refused.",
            next: "Use `--provenance=false --sbom=false --output type=image,push=true,oci-mediatypes=false`, or a newer registry.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
