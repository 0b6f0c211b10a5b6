//! `imagetools-single-source`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// `imagetools create` with one source copies an index as it is.
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
    ///     - docker buildx imagetools create -t acme/app:1.0 acme/app:1.0-amd64
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
    ///     - docker buildx build --platform linux/amd64 -t acme/app:1.0-amd64 --push .
    ///     - docker buildx build --platform linux/arm64 -t acme/app:1.0-arm64 --push .
    ///     - docker buildx imagetools create -t acme/app:1.0 acme/app:1.0-amd64 acme/app:1.0-arm64
    /// ```
    /// ## Sources
    /// buildx `util/imagetools/create.go`.
    pub ImagetoolsSingleSource {
        name: "imagetools-single-source",
        severity: Info,
        group: Push,
        title: "Nothing is merged",
        title_zh: "没有可合并的内容",
        since: "0.1.0",
        pitfalls: ["IMAGETOOLS-SINGLE-SOURCE"],
    }
}

impl Rule for ImagetoolsSingleSource {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The new tag has the platforms of that one source.",
            next: "Name the image of each platform.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
