//! `buildx-plugin-missing`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Distribution packages of Docker often leave the plugin out. What the CLI then says depends on its version and on the first flag.
    /// ## Exact output
    /// ```text,output
    /// unknown flag: --platform
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:20.10.12
    ///   services: [docker:20.10.12-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
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
    /// docker/cli v20.10.24 `cmd/docker/docker.go`, v28.0.0 `cmd/docker/docker.go`.
    pub BuildxPluginMissing {
        name: "buildx-plugin-missing",
        severity: Error,
        group: Job,
        title: "The Docker CLI has no buildx",
        title_zh: "Docker CLI 缺少 buildx 插件",
        since: "0.1.0",
        pitfalls: ["BUILDX-PLUGIN-MISSING"],
    }
}

impl Rule for BuildxPluginMissing {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "`docker buildx` is an unknown command.",
            next: "Copy it: `docker cp $(docker create docker/buildx-bin x):/buildx ~/.docker/cli-plugins/docker-buildx`.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
