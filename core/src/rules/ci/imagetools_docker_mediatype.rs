//! `imagetools-docker-mediatype`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// `imagetools create` of buildx before 0.10 always writes a Docker manifest list; later ones write an OCI index if the sources are OCI's. The digest differs with it.
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
    ///     - docker buildx build --platform linux/amd64 -t acme/app:1.0-amd64 --push .
    ///     - docker buildx build --platform linux/arm64 -t acme/app:1.0-arm64 --push .
    ///     - docker buildx imagetools create -t acme/app:1.0 acme/app:1.0-amd64 acme/app:1.0-arm64
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
    /// docker/buildx `util/imagetools/create.go`, 0.9 and 0.36.
    pub ImagetoolsDockerMediatype {
        name: "imagetools-docker-mediatype",
        severity: Info,
        group: Push,
        title: "The kind of index depends on versions",
        title_zh: "索引类型取决于版本",
        since: "0.1.0",
        why_zh: "按另一个版本预测的摘要会对不上。",
        pitfalls: ["IMAGETOOLS-DOCKER-MEDIATYPE"],
    }
}

impl Rule for ImagetoolsDockerMediatype {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "A digest that was predicted for another version does not match.",
            next: "Pin the version of buildx where the digest of the index matters.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
