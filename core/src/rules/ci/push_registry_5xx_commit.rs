//! `push-registry-5xx-commit`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Artifactory of 2019 answered 404 to blobs that came in one POST and PUT, as BuildKit sends them; `docker push` sends three requests.
    /// Set `registry.old=true` for such a registry.
    /// ## Exact output
    /// ```text,output
    /// unexpected status: 404 Not Found
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// #: set registry.old=true
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$PASS" | docker login -u "$USER_NAME" --password-stdin acme.jfrog.io
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme.jfrog.io/docker/app:1.0 --push .
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
    ///     - echo "$PASS" | docker login -u "$USER_NAME" --password-stdin acme.jfrog.io
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme.jfrog.io/docker/app:1.0 --push .
    /// ```
    /// ## Sources
    /// docker/buildx issues of 2019.
    pub PushRegistry5xxCommit {
        name: "push-registry-5xx-commit",
        severity: Error,
        group: Push,
        title: "The registry loses a blob of the push",
        title_zh: "仓库丢失推送的数据块",
        since: "0.1.0",
        pitfalls: ["PUSH-REGISTRY-5XX-COMMIT"],
    }
}

impl Rule for PushRegistry5xxCommit {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The registry does not find what was uploaded a moment ago.",
            next: "Upgrade the registry.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
