//! `docker20-image-buildx`.

use super::tell_line;
use crate::ci::runner::Run;
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Images of 20.10 carry buildx from May 2022 on, that is from 20.10.16.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:20.10.12
    ///   services: [docker:20.10.12-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker info
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
    ///     - docker info
    /// ```
    /// ## Sources
    /// docker-library/docker 9aaa758.
    pub Docker20ImageBuildx {
        name: "docker20-image-buildx",
        severity: Info,
        group: Job,
        title: "The first images of Docker 20.10 have no buildx",
        title_zh: "早期 Docker 20.10 镜像没有 buildx",
        since: "0.1.0",
        pitfalls: ["DOCKER20-IMAGE-BUILDX"],
    }
}

impl Rule for Docker20ImageBuildx {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some((line, what)) = job.run.and_then(found) else {
            return;
        };
        let why = "`docker buildx` is an unknown command in them.";
        let next = "Use a current release.";
        tell_line(self, job, line, what, (why, next), out);
    }
}

/// The line of the CI file and what is found there.
fn found(run: &Run) -> Option<(usize, String)> {
    let old = run
        .tools
        .filter(|(cli, buildx)| cli.major == 20 && buildx.is_none());
    let first = run.steps.first().map_or(1, |s| s.mark.line);
    old.map(|(cli, _)| {
        (
            first,
            format!("The image's Docker {cli} comes without buildx."),
        )
    })
}
