//! `ecr-no-basic-auth`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// ECR tokens live twelve hours, and each job starts without any.
    /// ## Exact output
    /// ```text,output
    /// no basic auth credentials
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
    /// containerd `docker/authorizer.go` as in BuildKit 73ed682.
    pub EcrNoBasicAuth {
        name: "ecr-no-basic-auth",
        severity: Error,
        group: Push,
        title: "Nothing logs in to ECR",
        title_zh: "没有登录 ECR",
        since: "0.1.0",
        pitfalls: ["ECR-NO-BASIC-AUTH"],
    }
}

impl Rule for EcrNoBasicAuth {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The push goes out without credentials.",
            next: "Pipe `aws ecr get-login-password` into `docker login --username AWS --password-stdin HOST`.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
