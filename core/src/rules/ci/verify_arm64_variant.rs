//! `verify-arm64-variant`.

use super::tell_line;
use crate::ci::runner::Run;
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// `linux/arm64` and `linux/arm64/v8` are the same platform. BuildKit writes no variant, dockerd and some bases write v8: a comparison of texts fails.
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
    ///     - docker buildx imagetools inspect acme/app:1.0 | grep linux/arm64/v8 || true
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
    ///     - docker buildx imagetools inspect acme/app:1.0 | grep linux/arm64
    /// ```
    /// ## Sources
    /// containerd `platforms`, normalisation; OCI image specification.
    pub VerifyArm64Variant {
        name: "verify-arm64-variant",
        severity: Info,
        group: Push,
        title: "arm64 is written with and without v8",
        title_zh: "arm64 有无 v8 两种写法",
        since: "0.1.0",
        pitfalls: ["VERIFY-ARM64-VARIANT"],
    }
}

impl Rule for VerifyArm64Variant {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some((line, what)) = job.run.and_then(found) else {
            return;
        };
        let why = "v8 is the only variant of arm64 and is left out when platforms are normalised.";
        let next = "Compare the parts, or normalise both sides; `polyarch verify` does.";
        tell_line(self, job, line, what, (why, next), out);
    }
}

/// The line of the CI file and what is found there.
fn found(run: &Run) -> Option<(usize, String)> {
    let compares = |text: &str| {
        let looks = ["inspect", "crane", "regctl", "skopeo", "grep", "jq"];
        text.lines().any(|line| {
            (line.contains("arm64/v8") || line.contains("variant == \"v8\""))
                && looks.iter().any(|word| line.contains(word))
                && !line.contains("--platform linux")
        })
    };
    let step = run.steps.iter().find(|step| compares(&step.command))?;
    Some((
        step.mark.line,
        "The platform is compared as a text with its variant.".to_owned(),
    ))
}
