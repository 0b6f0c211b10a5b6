//! `child-by-tag-race`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// BuildKit before 0.9, and `imagetools create` before buildx 0.22, push each platform under the tag before the index. If the job ends in between, it stays so.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:27
    ///   services: [docker:27-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64 --provenance=false -t acme/app:1.0-amd64 --push .
    ///     - docker buildx build --platform linux/arm64 --provenance=false -t acme/app:1.0-arm64 --push .
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
    ///     - docker buildx build --platform linux/amd64 --provenance=false -t acme/app:1.0-amd64 --push .
    ///     - docker buildx build --platform linux/arm64 --provenance=false -t acme/app:1.0-arm64 --push .
    ///     - docker buildx imagetools create -t acme/app:1.0 acme/app:1.0-amd64 acme/app:1.0-arm64
    /// ```
    /// ## Sources
    /// BuildKit 0.9.0 (1d7526b1b); docker/buildx#3024, 0.22.0.
    pub ChildByTagRace {
        name: "child-by-tag-race",
        severity: Warning,
        group: Push,
        title: "For a moment the tag has one platform",
        title_zh: "标签会短暂只含一个平台",
        since: "0.1.0",
        pitfalls: ["CHILD-BY-TAG-RACE"],
    }
}

impl Rule for ChildByTagRace {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "Who pulls in that moment gets an image for one CPU.",
            next: "Use a newer image, such as `docker:29`.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
