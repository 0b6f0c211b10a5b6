//! `emu-timeout`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// A compiler under QEMU is some ten times slower. Nothing fails: the step stays open until the job's time is over.
    /// The estimate is rough; the share of the job's time that it takes is what is judged.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM rust:1
    /// #: dockerfile COPY . .
    /// #: dockerfile RUN cargo build --release
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   timeout: 30 minutes
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM --platform=$BUILDPLATFORM rust:1 AS build
    /// #: dockerfile RUN cargo build --release --target aarch64-unknown-linux-gnu
    /// #: dockerfile FROM alpine:3.22
    /// #: dockerfile COPY --from=build /o /o
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   timeout: 30 minutes
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Sources
    /// GitLab and GitHub documentation on time limits; measurements in BuildKit issues.
    pub EmuTimeout {
        name: "emu-timeout",
        severity: Warning,
        group: Builder,
        title: "Compiling under an emulator may outlast the job",
        title_zh: "模拟编译可能超出任务时限",
        since: "0.1.0",
        pitfalls: ["EMU-TIMEOUT"],
    }
}

impl Rule for EmuTimeout {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The tools print nothing about it; the service just ends the job.",
            next: "Compile in a `FROM --platform=$BUILDPLATFORM` stage, or use a native runner for each CPU.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
