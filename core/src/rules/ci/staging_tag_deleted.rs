//! `staging-tag-deleted`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// An index names its platforms by digest. Deleting their tags, or "untagged" versions, leaves an index that answers and platforms that are gone: pulls fail days later.
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
    ///     - docker buildx build --platform linux/amd64 --provenance=false -t acme/app:1.0-amd64 --push .
    ///     - docker buildx build --platform linux/arm64 --provenance=false -t acme/app:1.0-arm64 --push .
    ///     - docker buildx imagetools create -t acme/app:1.0 acme/app:1.0-amd64 acme/app:1.0-arm64
    ///     - apk add crane
    ///     - crane delete acme/app:1.0-arm64
    /// ```
    /// ```github,fails
    /// #: dockerfile FROM alpine:3.22
    /// on: push
    /// jobs:
    ///   build:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - uses: actions/delete-package-versions@v5
    ///         with: {package-name: app, package-type: container, delete-only-untagged-versions: "true"}
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
    ///     - docker buildx build --platform linux/amd64 --provenance=false -t acme/app:1.0-amd64 --push .
    ///     - docker buildx build --platform linux/arm64 --provenance=false -t acme/app:1.0-arm64 --push .
    ///     - docker buildx imagetools create -t acme/app:1.0 acme/app:1.0-amd64 acme/app:1.0-arm64
    /// ```
    /// ## Sources
    /// GHCR cleanup actions' issues; docker/buildx#1329.
    pub StagingTagDeleted {
        name: "staging-tag-deleted",
        severity: Warning,
        group: Push,
        title: "A cleanup deletes parts of the index",
        title_zh: "清理会删除索引的组成部分",
        since: "0.1.0",
        pitfalls: ["STAGING-TAG-DELETED"],
    }
}

impl Rule for StagingTagDeleted {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The index stays, and what it names is deleted.",
            next: "Use a cleanup that knows indexes, such as `dataaxiom/ghcr-cleanup-action`, and push platforms by digest instead of by tag.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
