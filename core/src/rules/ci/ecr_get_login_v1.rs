//! `ecr-get-login-v1`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Version 2 of the AWS CLI has `get-login-password` only.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: {name: amazon/aws-cli, entrypoint: [""]}
    ///   script:
    ///     - eval $(aws ecr get-login --no-include-email)
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: {name: amazon/aws-cli, entrypoint: [""]}
    ///   script:
    ///     - aws ecr get-login-password
    /// ```
    /// ## Sources
    /// AWS CLI version 2 migration guide.
    pub EcrGetLoginV1 {
        name: "ecr-get-login-v1",
        severity: Error,
        group: Push,
        title: "`aws ecr get-login` is of version 1",
        title_zh: "`aws ecr get-login` 属于第 1 版",
        since: "0.1.0",
        pitfalls: ["ECR-GET-LOGIN-V1"],
    }
}

impl Rule for EcrGetLoginV1 {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The command does not exist.",
            next: "Pipe `aws ecr get-login-password` into `docker login`.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
