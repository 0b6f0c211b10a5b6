//! `ecr-repo-missing`.

use super::{Advice, Repair, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// ECR does not create repositories on push unless a creation template says so. Everything is built before that comes out.
    /// ## Exact output
    /// ```text,output
    /// 404 Not Found
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
    ///     - apk add aws-cli
    ///     - aws ecr get-login-password | docker login --username AWS --password-stdin 123456789012.dkr.ecr.us-east-1.amazonaws.com
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1.0 --push .
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
    ///     - apk add aws-cli
    ///     - aws ecr get-login-password | docker login --username AWS --password-stdin 123456789012.dkr.ecr.us-east-1.amazonaws.com
    ///     - aws ecr create-repository --repository-name app
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1.0 --push .
    /// ```
    /// ## Sources
    /// AWS ECR user guide; docker/setup-buildx-action#103.
    pub EcrRepoMissing {
        name: "ecr-repo-missing",
        severity: Error,
        group: Push,
        title: "Nobody created the ECR repository",
        title_zh: "没有人创建 ECR 仓库",
        since: "0.1.0",
        why_zh: "整个构建完成之后，推送才失败。",
        pitfalls: ["ECR-REPO-MISSING"],
    }
}

impl Rule for EcrRepoMissing {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The push fails after the whole build.",
            next: "Create it first: `aws ecr describe-repositories --repository-names {repository} || aws ecr create-repository --repository-name {repository}`.",
            only_where_it_fails: true,
            repair: Some(Repair {
                title: "Create the repository before the build",
                before: "aws ecr describe-repositories --repository-names {repository} || aws ecr create-repository --repository-name {repository}",
                after: "",
            }),
        };
        tell(self, job, &advice, out);
    }
}
