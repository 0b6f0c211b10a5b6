//! `matrix-dup-digest-artifact`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Since version 4 an artifact is written once; legs of a matrix need names of their own.
    /// ## Fails
    /// ```github,fails
    /// on: push
    /// jobs:
    ///   build:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - run: touch digest
    ///       - {uses: actions/upload-artifact@v4, with: {name: digests, path: digest}}
    ///       - {uses: actions/upload-artifact@v4, with: {name: digests, path: digest}}
    /// ```
    /// ## Passes
    /// ```github,passes
    /// on: push
    /// jobs:
    ///   build:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - run: touch digest
    ///       - {uses: actions/upload-artifact@v4, with: {name: digests, path: digest}}
    ///       - {uses: actions/upload-artifact@v4, with: {name: digests-arm64, path: digest}}
    /// ```
    /// ## Sources
    /// docs.docker.com, "Distribute build across multiple runners".
    pub MatrixDupDigestArtifact {
        name: "matrix-dup-digest-artifact",
        severity: Error,
        group: Job,
        title: "Two uploads have one name",
        title_zh: "两次上传使用同一名称",
        since: "0.1.0",
        pitfalls: ["MATRIX-DUP-DIGEST-ARTIFACT"],
    }
}

impl Rule for MatrixDupDigestArtifact {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The second upload fails.",
            next: "Put the platform into the name: `digests-${{ env.PLATFORM_PAIR }}`.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
