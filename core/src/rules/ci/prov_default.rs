//! `prov-default`.

use super::tell_line;
use crate::ci::runner::Run;
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Since buildx 0.10 each image gets a provenance attestation, which stands in the index as unknown/unknown. Even one platform then gives an index.
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
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --provenance=false --push .
    /// ```
    /// ## Sources
    /// buildx 461836b `build/opt.go`.
    pub ProvDefault {
        name: "prov-default",
        severity: Info,
        group: Push,
        title: "Provenance is attached by default",
        title_zh: "默认附加来源证明",
        since: "0.1.0",
        why_zh: "统计索引条目的脚本会把来源证明也算进去。",
        pitfalls: ["PROV-DEFAULT"],
    }
}

impl Rule for ProvDefault {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some((line, what)) = job.run.and_then(found) else {
            return;
        };
        let why = "Scripts that count the entries of the index count the attestations too.";
        let next = "Leave it, or pass `--provenance=false`.";
        tell_line(self, job, line, what, (why, next), out);
    }
}

/// The line of the CI file and what is found there.
fn found(run: &Run) -> Option<(usize, String)> {
    let attested = run
        .builds
        .iter()
        .filter(|b| b.invocation.attests && b.invocation.provenance.is_none() && b.invocation.push);
    let first = attested.map(|b| b.invocation.line).next();
    first.map(|line| {
        (
            line,
            "This build attaches provenance, since no flag says otherwise.".to_owned(),
        )
    })
}
