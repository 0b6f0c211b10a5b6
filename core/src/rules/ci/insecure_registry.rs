//! `insecure-registry`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// The daemon's `--insecure-registry` and its certificates do not concern a docker-container builder, which has a configuration of its own. Its first request ends with an error about TLS.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   services: [{name: "docker:29-dind", alias: docker, command: ["--insecure-registry=reg.example.com:5000"]}]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$PASS" | docker login -u "$USER_NAME" --password-stdin reg.example.com:5000
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t reg.example.com:5000/app:1.0 --push .
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   services: [{name: "docker:29-dind", alias: docker, command: ["--insecure-registry=reg.example.com:5000"]}]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use --buildkitd-config buildkitd.toml tls-env
    ///     - echo "$PASS" | docker login -u "$USER_NAME" --password-stdin reg.example.com:5000
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t reg.example.com:5000/app:1.0 --push .
    /// ```
    /// ## Sources
    /// docs.docker.com, "Configure BuildKit"; the text depends on the server and is a paraphrase.
    pub InsecureRegistry {
        name: "insecure-registry",
        severity: Error,
        group: Push,
        title: "The builder does not trust the registry",
        title_zh: "构建器不信任该仓库",
        since: "0.1.0",
        pitfalls: ["INSECURE-REGISTRY"],
    }
}

impl Rule for InsecureRegistry {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "buildkitd reads neither the daemon's settings nor its certificates.",
            next: "Write `[registry.\"HOST\"]` with `http = true` or `ca = […]` into a file, and make the builder with `--buildkitd-config FILE`.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
