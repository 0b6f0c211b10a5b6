//! `harbor-quay-unknown`.

use super::tell_line;
use crate::ci::runner::Run;
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// The pages of Harbor, Quay, GHCR and ECR list each attestation as an image for `unknown/unknown`. Pulls are not affected; scanners may complain.
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
    ///     - echo "$PASS" | docker login -u "$USER_NAME" --password-stdin quay.io
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t quay.io/acme/app:1.0 --push .
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
    ///     - echo "$PASS" | docker login -u "$USER_NAME" --password-stdin quay.io
    ///     - docker buildx build --platform linux/amd64,linux/arm64 --provenance=false -t quay.io/acme/app:1.0 --push .
    /// ```
    /// ## Sources
    /// goharbor/harbor and Quay issues since buildx 0.10.
    pub HarborQuayUnknown {
        name: "harbor-quay-unknown",
        severity: Info,
        group: Push,
        title: "The registry shows unknown/unknown",
        title_zh: "仓库界面显示 unknown/unknown",
        since: "0.1.0",
        pitfalls: ["HARBOR-QUAY-UNKNOWN"],
    }
}

impl Rule for HarborQuayUnknown {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some((line, what)) = job.run.and_then(found) else {
            return;
        };
        let why = "An attestation is an entry of the index with a platform that no machine has.";
        let next = "Leave it, or pass `--provenance=false` if the page matters.";
        tell_line(self, job, line, what, (why, next), out);
    }
}

/// The line of the CI file and what is found there.
fn found(run: &Run) -> Option<(usize, String)> {
    let shown = |reference: &str| {
        let host = reference.split('/').next().unwrap_or_default();
        host == "quay.io"
            || host == "ghcr.io"
            || host.contains("harbor")
            || host.contains(".dkr.ecr.")
    };
    let pushed = run
        .pushed
        .iter()
        .find(|p| p.attested && shown(&p.reference))?;
    let beside = match pushed.platforms.len() {
        1 => "one platform".to_owned(),
        several => format!("{several} platforms"),
    };
    let what =
        format!("The registry's page will show entries for unknown/unknown beside {beside}.");
    Some((pushed.line, what))
}
