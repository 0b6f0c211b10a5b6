//! `oci-default-031`.

use super::tell_line;
use crate::ci::runner::Run;
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// BuildKit 0.31 writes OCI's media types also without attestations; before, Docker's. Digests change with it, and clients and registries that know Docker's only fail.
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
    ///     - docker buildx build --platform linux/amd64,linux/arm64 --provenance=false -t acme/app:1.0 --push .
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
    ///     - docker buildx build --platform linux/amd64,linux/arm64 --provenance=false -t acme/app:1.0 --output type=image,push=true,oci-mediatypes=false .
    /// ```
    /// ## Sources
    /// BuildKit 0.31.0, compatibility version 0.31.
    pub OciDefault031 {
        name: "oci-default-031",
        severity: Info,
        group: Builder,
        title: "OCI's media types are the default",
        title_zh: "默认使用 OCI 媒体类型",
        since: "0.1.0",
        why_zh: "同一份 Dockerfile 得到的摘要与旧版 BuildKit 不同。",
        pitfalls: ["OCI-DEFAULT-031"],
    }
}

impl Rule for OciDefault031 {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some((line, what)) = job.run.and_then(found) else {
            return;
        };
        let why = "The same Dockerfile gives another digest than with an older BuildKit.";
        let next =
            "Leave it, or say `oci-mediatypes=false` in `--output` where Docker's are needed.";
        tell_line(self, job, line, what, (why, next), out);
    }
}

/// The line of the CI file and what is found there.
fn found(run: &Run) -> Option<(usize, String)> {
    let built = run.builds.iter().find(|b| {
        let build = &b.invocation;
        let unset = !build.outputs.iter().any(|o| o.contains("oci-mediatypes"));
        build.push && !build.attests && unset && b.environment.buildkit.at_least(0, 31)
    })?;
    let what = format!(
        "BuildKit {} writes OCI's media types here.",
        built.environment.buildkit
    );
    Some((built.invocation.line, what))
}
