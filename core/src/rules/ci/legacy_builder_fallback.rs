//! `legacy-builder-fallback`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Without buildx, `docker build` uses the builder from before BuildKit: one platform, and the automatic platform arguments are empty.
    /// ## Exact output
    /// ```text,output
    /// DEPRECATED: The legacy builder is deprecated and will be removed in a future release.
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: alpine:3.22
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - apk add docker-cli
    ///     - until docker info; do sleep 1; done
    ///     - docker build -t acme/app .
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
    ///     - docker build -t acme/app .
    /// ```
    /// ## Sources
    /// docker/cli v29.7.2 `cmd/docker/builder.go`.
    pub LegacyBuilderFallback {
        name: "legacy-builder-fallback",
        severity: Warning,
        group: Job,
        title: "The build falls back to the legacy builder",
        title_zh: "构建退回旧版构建器",
        since: "0.1.0",
        pitfalls: ["LEGACY-BUILDER-FALLBACK"],
    }
}

impl Rule for LegacyBuilderFallback {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The image is for one platform only, and `TARGETARCH` is empty.",
            next: "Install `docker-cli-buildx` or `docker-buildx-plugin`.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
