//! `buildkit-no-buildx`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Since Docker 23 `DOCKER_BUILDKIT=1 docker build` needs the buildx plugin.
    /// ## Exact output
    /// ```text,output
    /// ERROR: BuildKit is enabled but the buildx component is missing or broken.
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
    ///     - DOCKER_BUILDKIT=1 docker build .
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
    ///     - DOCKER_BUILDKIT=1 docker build .
    /// ```
    /// ## Sources
    /// docker/cli v29.7.2 `cmd/docker/builder.go`.
    pub BuildkitNoBuildx {
        name: "buildkit-no-buildx",
        severity: Error,
        group: Job,
        title: "BuildKit is asked for, but buildx is missing",
        title_zh: "要求使用 BuildKit 但缺少 buildx",
        since: "0.1.0",
        pitfalls: ["BUILDKIT-NO-BUILDX"],
    }
}

impl Rule for BuildkitNoBuildx {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The CLI refuses to build.",
            next: "Install `docker-cli-buildx` or `docker-buildx-plugin`.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
