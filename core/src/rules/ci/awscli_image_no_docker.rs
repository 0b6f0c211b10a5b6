//! `awscli-image-no-docker`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// The AWS image has no Docker, and the package that adds it leaves the buildx plugin out.
    /// ## Exact output
    /// ```text,output
    /// unknown flag: --platform
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: {name: amazon/aws-cli, entrypoint: [""]}
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - amazon-linux-extras install docker
    ///     - until docker info; do sleep 1; done
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: {name: amazon/aws-cli, entrypoint: [""]}
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - amazon-linux-extras install docker
    ///     - mkdir -p ~/.docker/cli-plugins
    ///     - until docker info; do sleep 1; done
    ///     - docker create --name buildx docker/buildx-bin x
    ///     - docker cp buildx:/buildx ~/.docker/cli-plugins/docker-buildx
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Sources
    /// docker/buildx#226.
    pub AwscliImageNoDocker {
        name: "awscli-image-no-docker",
        severity: Error,
        group: Job,
        title: "amazon-linux-extras brings Docker without buildx",
        title_zh: "amazon-linux-extras 安装的 Docker 不带 buildx",
        since: "0.1.0",
        why_zh: "`docker buildx` 成了未知命令。",
        pitfalls: ["AWSCLI-IMAGE-NO-DOCKER"],
    }
}

impl Rule for AwscliImageNoDocker {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "`docker buildx` is an unknown command.",
            next: "Copy the plugin out of `docker/buildx-bin` into `~/.docker/cli-plugins/docker-buildx`.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
