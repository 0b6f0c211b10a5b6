//! `ecr-403`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Logging in needs one permission, pushing seven others.
    /// ## Exact output
    /// ```text,output
    /// 403 Forbidden
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: set registry.repository-exists=true
    /// #: set registry.push-allowed=false
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - apk add aws-cli
    ///     - aws ecr get-login-password | docker login --username AWS --password-stdin 123456789012.dkr.ecr.us-east-1.amazonaws.com
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1.0 --push .
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// #: set registry.repository-exists=true
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - apk add aws-cli
    ///     - aws ecr get-login-password | docker login --username AWS --password-stdin 123456789012.dkr.ecr.us-east-1.amazonaws.com
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1.0 --push .
    /// ```
    /// ## Sources
    /// medic/cht-core#9175; docker/build-push-action#901.
    pub Ecr403 {
        name: "ecr-403",
        severity: Error,
        group: Push,
        title: "The account may not push to ECR",
        title_zh: "账号没有推送 ECR 的权限",
        since: "0.1.0",
        pitfalls: ["ECR-403"],
    }
}

impl Rule for Ecr403 {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The login succeeds, so the build tool is suspected in vain.",
            next: "Grant the push actions of ECR to the role of the job.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
