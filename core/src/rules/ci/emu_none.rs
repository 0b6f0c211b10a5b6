//! `emu-none`.

use super::{Advice, Repair, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// A RUN of a foreign platform needs the kernel's binfmt entry or BuildKit's own emulator. dockerd has no emulator of its own; FROM, COPY and WORKDIR need none.
    /// ## Exact output
    /// ```text,output
    /// exec /bin/sh: exec format error
    /// ```
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
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// #: dockerfile RUN apk add curl
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker run --privileged --rm tonistiigi/binfmt --install arm64
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Sources
    /// BuildKit 73ed682 `solver/llbsolver/ops/exec.go`.
    pub EmuNone {
        name: "emu-none",
        severity: Error,
        group: Builder,
        title: "Nothing here runs programs of that CPU",
        title_zh: "没有可运行该架构程序的环境",
        since: "0.1.0",
        why_zh: "异构平台的第一个 RUN 就会失败。",
        pitfalls: ["EMU-NONE"],
    }
}

impl Rule for EmuNone {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The first RUN of the foreign platform fails.",
            next: "Run `docker run --privileged --rm tonistiigi/binfmt --install all` first, or use a docker-container builder.",
            only_where_it_fails: true,
            repair: Some(Repair {
                title: "Install emulators",
                before: "docker run --privileged --rm tonistiigi/binfmt --install all",
                after: "",
            }),
        };
        tell(self, job, &advice, out);
    }
}
