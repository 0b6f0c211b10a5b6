//! `tls-env-create`.

use super::{Advice, Repair, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// buildx stores where its builder lives. The default context with `DOCKER_TLS_VERIFY` has certificates that only the environment knows.
    /// ## Exact output
    /// ```text,output
    /// could not create a builder instance with TLS data loaded from environment.
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker buildx create --name multi --use
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
    /// buildx 461836b `builder/builder.go`; docker/buildx#2520.
    pub TlsEnvCreate {
        name: "tls-env-create",
        severity: Error,
        group: Builder,
        title: "A builder cannot take TLS data from the environment",
        title_zh: "构建器不能使用环境变量里的 TLS 数据",
        since: "0.1.0",
        why_zh: "`docker buildx create` 会拒绝。",
        pitfalls: ["TLS-ENV-CREATE"],
    }
}

impl Rule for TlsEnvCreate {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "`docker buildx create` refuses.",
            next: "First `docker context create tls-env`, then name it: `docker buildx create --use tls-env`.",
            only_where_it_fails: true,
            repair: Some(Repair {
                title: "Create a context first",
                before: "docker context create tls-env",
                after: " tls-env",
            }),
        };
        tell(self, job, &advice, out);
    }
}
