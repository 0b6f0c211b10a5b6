//! `command-not-found`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Each image brings its own tools; the docker images are Alpine with little more than the client.
    /// ## Exact output
    /// ```text,output
    /// not found
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
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
    /// docker-library/docker, `29/cli/Dockerfile`.
    pub CommandNotFound {
        name: "command-not-found",
        severity: Error,
        group: Job,
        title: "The program is not in the job's image",
        title_zh: "任务镜像中没有该程序",
        since: "0.1.0",
    }
}

impl Rule for CommandNotFound {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The shell ends the line with status 127.",
            next: "Install it first, or take an image that has it.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
