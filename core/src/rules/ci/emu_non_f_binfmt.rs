//! `emu-non-f-binfmt`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// An entry of the kernel without the flag F names a file that each container would have to hold. `multiarch/qemu-user-static --reset` registers that way unless `-p yes` is given.
    /// ## Exact output
    /// ```text,output
    /// exec /bin/sh: no such file or directory
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
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker run --rm --privileged multiarch/qemu-user-static --reset
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
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
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker run --rm --privileged multiarch/qemu-user-static --reset -p yes
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Sources
    /// container2wasm and docker/buildx#464 logs; multiarch/qemu-user-static README.
    pub EmuNonFBinfmt {
        name: "emu-non-f-binfmt",
        severity: Error,
        group: Builder,
        title: "The emulator is looked up inside the container",
        title_zh: "内核在容器内查找模拟器",
        since: "0.1.0",
        pitfalls: ["EMU-NON-F-BINFMT"],
    }
}

impl Rule for EmuNonFBinfmt {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The image has no QEMU, so the kernel does not find the interpreter of its own entry.",
            next: "Register with the flag: `docker run --privileged --rm tonistiigi/binfmt --install all`, after `--uninstall 'qemu-*'`.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
