//! `job-never-runs`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// The rules of the job leave it out for branches, tags and merge requests alike.
    /// ## Fails
    /// ```gitlab,fails
    /// build:
    ///   image: alpine:3.22
    ///   script: [echo hello]
    ///   rules: [{when: never}]
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// build:
    ///   image: alpine:3.22
    ///   script: [echo hello]
    ///   rules: [{if: $CI_COMMIT_BRANCH}]
    /// ```
    /// ## Sources
    /// docs.gitlab.com, `rules`.
    pub JobNeverRuns {
        name: "job-never-runs",
        severity: Warning,
        group: Job,
        title: "No pipeline has this job",
        title_zh: "没有流水线会运行该任务",
        since: "0.1.0",
    }
}

impl Rule for JobNeverRuns {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "It is shown as if it ran.",
            next: "Look at its `rules`.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
