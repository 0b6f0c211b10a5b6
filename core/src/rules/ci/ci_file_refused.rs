//! `ci-file-refused`.

use crate::rules::{Findings, JobFacts, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// The CI service would not take the file: it is not YAML, refers to something that does not
    /// exist, or lacks what every job needs.
    /// ## Fails
    /// ```gitlab,fails
    /// build:
    ///   image: docker:29
    /// ```
    /// ```gitlab,fails
    /// build:
    ///   extends: .nowhere
    ///   script: [docker info]
    /// ```
    /// ```github,fails
    /// on: push
    /// jobs: {build: {runs-on: ubuntu-latest, steps: [{run: "echo ${{ github.sha"}]}}
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// build:
    ///   image: docker:29
    ///   script: [echo hello]
    /// ```
    /// ## Sources
    /// GitLab's `lib/gitlab/ci/config`; GitHub's workflow syntax.
    pub CiFileRefused {
        name: "ci-file-refused",
        severity: Error,
        group: Job,
        title: "The CI service refuses the file",
        title_zh: "CI 服务拒绝该文件",
        since: "0.1.0",
    }
}

impl Rule for CiFileRefused {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some(refused) = job.refused else {
            return;
        };
        let text = Text {
            what: super::sentence(&refused.message),
            why: "No pipeline is made of it, so nothing can be played through.".into(),
            next: "Correct this place; the service's own editor has a check for such files.".into(),
        };
        out.report(self, job.place_in(&refused.file, refused.mark), text);
    }
}
