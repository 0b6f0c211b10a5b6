//! `lambda-index`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// AWS Lambda wants the image of one platform. A tag of several, or of one with provenance, is an index and is refused.
    /// ## Exact output
    /// ```text,output
    /// The image manifest, config or layer media type for the source image 123456789012.dkr.ecr.us-east-1.amazonaws.com/fn:1.0 is not supported.
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
    ///     - aws ecr create-repository --repository-name fn
    ///     - docker buildx build --platform linux/arm64 -t 123456789012.dkr.ecr.us-east-1.amazonaws.com/fn:1.0 --push .
    ///     - aws lambda update-function-code --function-name fn --image-uri 123456789012.dkr.ecr.us-east-1.amazonaws.com/fn:1.0
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
    ///     - aws ecr create-repository --repository-name fn
    ///     - docker buildx build --platform linux/arm64 --provenance=false -t 123456789012.dkr.ecr.us-east-1.amazonaws.com/fn:1.0 --push .
    ///     - aws lambda update-function-code --function-name fn --image-uri 123456789012.dkr.ecr.us-east-1.amazonaws.com/fn:1.0
    /// ```
    /// ## Sources
    /// aws-lambda-roadmap#82, open in 2026; the Lambda API.
    pub LambdaIndex {
        name: "lambda-index",
        severity: Error,
        group: Push,
        title: "Lambda takes no index",
        title_zh: "Lambda 不接受索引",
        since: "0.1.0",
        pitfalls: ["LAMBDA-INDEX"],
    }
}

impl Rule for LambdaIndex {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "Provenance alone makes an index of a single image.",
            next: "Build one platform with `--provenance=false --sbom=false`, and deploy its tag or digest.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
