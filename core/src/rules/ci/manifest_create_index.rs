//! `manifest-create-index`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// With provenance, on by default since buildx 0.10, even one platform gives an index.
    /// ## Exact output
    /// ```text,output
    /// is a manifest list
    /// ```
    /// ## Fails
    /// ```gitlab,fails
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
    ///     - docker buildx build --platform linux/amd64 -t acme/app:1.0-amd64 --push .
    ///     - docker buildx build --platform linux/arm64 -t acme/app:1.0-arm64 --push .
    ///     - docker manifest create acme/app:1.0 acme/app:1.0-amd64 acme/app:1.0-arm64
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
    ///     - docker buildx build --platform linux/amd64 -t acme/app:1.0-amd64 --push .
    ///     - docker buildx build --platform linux/arm64 -t acme/app:1.0-arm64 --push .
    ///     - docker buildx imagetools create -t acme/app:1.0 acme/app:1.0-amd64 acme/app:1.0-arm64
    /// ```
    /// ## Sources
    /// docker/cli v29.7.2 `internal/registryclient/fetcher.go`; docker/buildx#1509.
    pub ManifestCreateIndex {
        name: "manifest-create-index",
        severity: Error,
        group: Push,
        title: "`docker manifest create` takes no indexes",
        title_zh: "`docker manifest create` 不接受索引",
        since: "0.1.0",
        pitfalls: ["MANIFEST-CREATE-INDEX"],
    }
}

impl Rule for ManifestCreateIndex {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The merge fails, though both pushes were fine.",
            next: "Merge with `docker buildx imagetools create`, or build with `--provenance=false`.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
