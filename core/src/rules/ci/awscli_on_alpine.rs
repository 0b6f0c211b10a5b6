//! `awscli-on-alpine`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// The archive holds programs for glibc. On musl the installer still says that all is well; the first call of `aws` fails.
    /// ## Exact output
    /// ```text,output
    /// ./aws/install: line 78: /aws/dist/aws: not found
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   script:
    ///     - apk add curl unzip
    ///     - curl https://awscli.amazonaws.com/awscli-exe-linux-x86_64.zip -o aws.zip
    ///     - unzip aws.zip
    ///     - ./aws/install
    ///     - aws --version
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   script:
    ///     - apk add aws-cli
    ///     - aws --version
    /// ```
    /// ## Sources
    /// aws/aws-cli#4685, #4971.
    pub AwscliOnAlpine {
        name: "awscli-on-alpine",
        severity: Error,
        group: Job,
        title: "The AWS CLI's installer does not work on Alpine",
        title_zh: "AWS CLI 安装程序无法在 Alpine 上运行",
        since: "0.1.0",
        why_zh: "安装看似成功，要到取令牌时才失败。",
        pitfalls: ["AWSCLI-ON-ALPINE"],
    }
}

impl Rule for AwscliOnAlpine {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The failure shows up later, where the token is asked for.",
            next: "Use `apk add aws-cli`, or log in from a job on `amazon/aws-cli`.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
