//! `emu-sudo-setuid`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Entries of the kernel without the flag C run programs as their caller: the set-user-ID bit of `sudo`, `su` and `ping` has no effect. `multiarch/qemu-user-static` registers that way unless `-c yes` is given.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM debian:12
    /// #: dockerfile RUN apt-get update && apt-get install -y sudo
    /// #: dockerfile USER 1000
    /// #: dockerfile RUN sudo true
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
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM debian:12
    /// #: dockerfile RUN apt-get update && apt-get install -y sudo
    /// #: dockerfile USER 1000
    /// #: dockerfile RUN sudo true
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker run --rm --privileged multiarch/qemu-user-static --reset -p yes -c yes
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Sources
    /// multiarch/qemu-user-static README, `--credential yes`.
    pub EmuSudoSetuid {
        name: "emu-sudo-setuid",
        severity: Warning,
        group: Builder,
        title: "sudo does not work under this emulator",
        title_zh: "该模拟器下 sudo 无效",
        since: "0.1.0",
        pitfalls: ["EMU-SUDO-SETUID"],
    }
}

impl Rule for EmuSudoSetuid {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "sudo says that it is not root, on the emulated platform only.",
            next: "Do without sudo in builds, or register with `--credential yes`.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
