//! `no-output`.

use super::{Advice, Repair, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// A builder of its own keeps what it builds. Without `--push`, `--load` or `--output` nothing leaves it, and the job is green.
    /// ## Exact output
    /// ```text,output
    /// Build result will only remain in the build cache.
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
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 .
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
    /// buildx 461836b `build/build.go`.
    pub NoOutput {
        name: "no-output",
        severity: Warning,
        group: Builder,
        title: "The result stays in the build cache",
        title_zh: "结果只留在构建缓存中",
        since: "0.1.0",
        why_zh: "什么也没有推送，后面的命令也找不到这个镜像。",
        pitfalls: ["NO-OUTPUT"],
    }
}

impl Rule for NoOutput {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "Nothing was pushed, and no later command finds the image.",
            next: "Add `--push`.",
            only_where_it_fails: false,
            repair: Some(Repair {
                title: "Push the result",
                before: "",
                after: " --push",
            }),
        };
        tell(self, job, &advice, out);
    }
}
