//! `manifest-create-stale`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// A second `docker manifest create` of the same name needs `--amend`, which keeps what was there.
    /// ## Exact output
    /// ```text,output
    /// refusing to amend an existing manifest list with no --amend flag
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
    ///     - docker buildx build --platform linux/amd64 -t acme/app:1.0-amd64 --provenance=false --push .
    ///     - docker buildx build --platform linux/arm64 -t acme/app:1.0-arm64 --provenance=false --push .
    ///     - docker manifest create acme/app:1.0 acme/app:1.0-amd64 acme/app:1.0-arm64
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
    ///     - docker buildx build --platform linux/amd64 -t acme/app:1.0-amd64 --provenance=false --push .
    ///     - docker buildx build --platform linux/arm64 -t acme/app:1.0-arm64 --provenance=false --push .
    ///     - docker manifest create acme/app:1.0 acme/app:1.0-amd64 acme/app:1.0-arm64
    /// ```
    /// ## Sources
    /// docker/cli v29.7.2 `cli/command/manifest/create_list.go`.
    pub ManifestCreateStale {
        name: "manifest-create-stale",
        severity: Error,
        group: Push,
        title: "The list is there already",
        title_zh: "清单列表已存在",
        since: "0.1.0",
        pitfalls: ["MANIFEST-CREATE-STALE"],
    }
}

impl Rule for ManifestCreateStale {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The command refuses.",
            next: "Remove it first: `docker manifest rm`, or use `imagetools create`.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
