//! `emu-run-fail-text`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Where the kernel has no emulator, BuildKit puts its own before the command. A step that fails there names it in its error; the step itself is what failed, not the emulator.
    /// ## Exact output
    /// ```text,output
    /// process "/dev/.buildkit_qemu_emulator /bin/sh -c test `uname -m` = x86_64" did not complete successfully: exit code: 1
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// #: dockerfile RUN test `uname -m` = x86_64
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
    /// #: dockerfile RUN test `uname -m` != riscv64
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
    /// BuildKit `executor`, 0.9 and later; 0.8 said `executor failed running` instead.
    pub EmuRunFailText {
        name: "emu-run-fail-text",
        severity: Error,
        group: Builder,
        title: "A step fails under BuildKit's own emulator",
        title_zh: "步骤在 BuildKit 自带模拟器下失败",
        since: "0.1.0",
        pitfalls: ["EMU-RUN-FAIL-TEXT"],
    }
}

impl Rule for EmuRunFailText {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The path at the begin of the command is how you see that the step was emulated by BuildKit.",
            next: "Make the step work on that CPU, or do its work in a `--platform=$BUILDPLATFORM` stage.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
