//! `verify-digest-raw`.

use super::tell_line;
use crate::ci::runner::Run;
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// A digest is taken of the bytes that the registry sends. `jq`, and `docker manifest inspect`, write the document anew, with other spaces and another end.
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
    ///     - apk add jq
    ///     - docker buildx imagetools inspect --raw acme/app:1.0 | jq . | sha256sum
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
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    ///     - docker buildx imagetools inspect --raw acme/app:1.0 | sha256sum
    /// ```
    /// ## Sources
    /// OCI image specification, "Descriptors"; docker/buildx `commands/imagetools/inspect.go`.
    pub VerifyDigestRaw {
        name: "verify-digest-raw",
        severity: Error,
        group: Push,
        title: "A digest of rewritten JSON",
        title_zh: "对改写后的 JSON 计算摘要",
        since: "0.1.0",
        pitfalls: ["VERIFY-DIGEST-RAW"],
    }
}

impl Rule for VerifyDigestRaw {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some((line, what)) = job.run.and_then(found) else {
            return;
        };
        let why = "BuildKit writes two spaces and no end of line; jq adds one.";
        let next = "Hash what arrives: `docker buildx imagetools inspect --raw \"$REF\" | sha256sum`, or let `polyarch verify` do it.";
        tell_line(self, job, line, what, (why, next), out);
    }
}

/// The line of the CI file and what is found there.
fn found(run: &Run) -> Option<(usize, String)> {
    let step = run
        .steps
        .iter()
        .find(|step| step.command.split(';').any(rewrites))?;
    Some((
        step.mark.line,
        "The document is written anew before it is hashed.".to_owned(),
    ))
}

/// Whether a line hashes a manifest that did not stay as it arrived.
fn rewrites(line: &str) -> bool {
    let mut parts = line.split('|').skip_while(|p| !p.contains("inspect"));
    let Some(source) = parts.next() else {
        return false;
    };
    let by_client = source.contains("docker manifest inspect");
    let mut written = by_client;
    for part in parts {
        let program = part.split_whitespace().next().unwrap_or_default();
        if program.starts_with("sha256sum") || program == "shasum" || program == "openssl" {
            return written;
        }
        // Taking one value out of the document is something else than printing it again.
        written |= program == "jq" && !part.contains("-r") || program == "python3";
    }
    false
}
