//! `qemu-illegal-insn`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// BuildKit's emulator knows amd64 up to v2. A RUN for v3 or v4 needs a CPU that has the level; what was compiled for it ends with an illegal instruction elsewhere.
    /// ## Exact output
    /// ```text,output
    /// no support for running processes with linux/amd64/v3 platform, supported:
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// #: dockerfile RUN apk add --no-cache curl
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64/v3 -t acme/app:1.0 --push .
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// #: dockerfile RUN apk add --no-cache curl
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64/v2 -t acme/app:1.0 --push .
    /// ```
    /// ## Sources
    /// BuildKit `solver/llbsolver/ops/exec_binfmt.go`, 0.10 and later.
    pub QemuIllegalInsn {
        name: "qemu-illegal-insn",
        severity: Error,
        group: Builder,
        title: "No CPU for this level of amd64",
        title_zh: "没有支持该 amd64 级别的 CPU",
        since: "0.1.0",
        pitfalls: ["QEMU-ILLEGAL-INSN"],
    }
}

impl Rule for QemuIllegalInsn {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "A level is a promise about the CPU that runs the image.",
            next: "Build for `linux/amd64` or `linux/amd64/v2`, or on a node that has the level.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
