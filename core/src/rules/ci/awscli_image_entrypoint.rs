//! `awscli-image-entrypoint`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// The image's entrypoint is `aws`. Whether it runs before the job's shell depends on the executor.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: amazon/aws-cli
    ///   script:
    ///     - aws --version
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: {name: amazon/aws-cli, entrypoint: [""]}
    ///   script:
    ///     - aws --version
    /// ```
    /// ## Sources
    /// docs.gitlab.com, "Override the entrypoint of an image".
    pub AwscliImageEntrypoint {
        name: "awscli-image-entrypoint",
        severity: Warning,
        group: Job,
        title: "The AWS CLI's entrypoint may take the job's shell",
        title_zh: "AWS CLI 镜像的入口可能吞掉任务的 shell",
        since: "0.1.0",
        why_zh: "在某些 runner 上，任务在第一行之前就结束了。",
        pitfalls: ["AWSCLI-IMAGE-ENTRYPOINT"],
    }
}

impl Rule for AwscliImageEntrypoint {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "On some runners the job ends before its first line.",
            next: "Clear it: `image: {name: amazon/aws-cli, entrypoint: [\"\"]}`.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
