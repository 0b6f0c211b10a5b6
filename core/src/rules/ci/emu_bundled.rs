//! `emu-bundled`.

use super::tell_line;
use crate::ci::runner::Run;
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// The official BuildKit images carry QEMU. A RUN for another CPU works in them without any binfmt entry of the kernel, only slowly.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// #: dockerfile RUN apk add curl
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
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Sources
    /// BuildKit 73ed682 `solver/llbsolver/ops/exec_binfmt.go`.
    pub EmuBundled {
        name: "emu-bundled",
        severity: Info,
        group: Builder,
        title: "BuildKit's own emulator runs the foreign steps",
        title_zh: "由 BuildKit 自带模拟器运行异构步骤",
        since: "0.1.0",
        why_zh: "所以这样的任务不需要 binfmt 步骤。",
        pitfalls: ["EMU-BUNDLED"],
    }
}

impl Rule for EmuBundled {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some((line, what)) = job.run.and_then(found) else {
            return;
        };
        let why = "That is why such a job needs no binfmt step.";
        let next = "Leave it; compile on `$BUILDPLATFORM` where it is too slow.";
        tell_line(self, job, line, what, (why, next), out);
    }
}

/// The line of the CI file and what is found there.
fn found(run: &Run) -> Option<(usize, String)> {
    let found = run
        .builds
        .iter()
        .find(|b| b.environment.binfmt.is_empty() && b.verdict.steps.iter().any(|s| s.emulated));
    found.map(|b| {
        (
            b.invocation.line,
            "RUN steps of foreign platforms run under the emulator that buildkitd carries."
                .to_owned(),
        )
    })
}
