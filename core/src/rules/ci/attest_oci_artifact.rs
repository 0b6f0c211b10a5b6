//! `attest-oci-artifact`.

use super::tell_line;
use crate::ci::runner::Run;
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// BuildKit 0.32 writes attestations with `artifactType` and `subject` and without an image's config. The entries of the index keep `unknown/unknown`; all digests of attestations change.
    /// Said where something in the job stands on the older form: a Docker client before 23.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:20
    ///   services: [docker:20-dind]
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
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Sources
    /// BuildKit 0.32.0 (9a16a73a4).
    pub AttestOciArtifact {
        name: "attest-oci-artifact",
        severity: Info,
        group: Builder,
        title: "Attestations are OCI artifacts",
        title_zh: "证明以 OCI artifact 形式保存",
        since: "0.1.0",
        why_zh: "会读取每个条目的配置的工具，在这里只读到空配置。",
        pitfalls: ["ATTEST-OCI-ARTIFACT"],
    }
}

impl Rule for AttestOciArtifact {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some((line, what)) = job.run.and_then(found) else {
            return;
        };
        let why = "Tools that read the config of every entry find an empty one.";
        let next = "Set `BUILDX_NO_DEFAULT_OCI_ARTIFACT=1` for the older form.";
        tell_line(self, job, line, what, (why, next), out);
    }
}

/// The line of the CI file and what is found there.
fn found(run: &Run) -> Option<(usize, String)> {
    let (client, _) = run.tools?;
    let built = run.builds.iter().find(|b| {
        let build = &b.invocation;
        build.attests && build.push && b.environment.buildkit.at_least(0, 32)
    })?;
    (client.major < 23).then(|| {
        (
            built.invocation.line,
            "The attestations of this build are OCI artifacts, which this job's Docker client does not know.".to_owned(),
        )
    })
}
