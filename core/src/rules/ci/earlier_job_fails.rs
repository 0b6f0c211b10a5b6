//! `earlier-job-fails`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// A job starts only when those before it have ended well.
    /// ## Fails
    /// ```gitlab,fails
    /// stages: [test, build]
    /// test:
    ///   image: alpine:3.22
    ///   stage: test
    ///   script: [exit 1]
    /// build:
    ///   image: docker:29
    ///   stage: build
    ///   script: [docker build .]
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// stages: [test, build]
    /// test:
    ///   image: alpine:3.22
    ///   stage: test
    ///   script: [exit 1]
    ///   allow_failure: true
    /// build:
    ///   image: docker:29
    ///   stage: build
    ///   script: [docker build .]
    /// ```
    /// ## Sources
    /// docs.gitlab.com, `stages` and `allow_failure`; docs.github.com, `jobs.<job_id>.needs`.
    pub EarlierJobFails {
        name: "earlier-job-fails",
        severity: Error,
        group: Job,
        title: "A job before this one fails",
        title_zh: "此任务之前的任务会失败",
        since: "0.1.0",
    }
}

impl Rule for EarlierJobFails {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The service never starts this job then, so nothing of it is built or pushed.",
            next: "Look at that job first; it is in the list of the file's jobs.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
