//! A preview in each format.

pub(crate) mod github;
pub(crate) mod human;
mod job;
pub(crate) mod json;
pub(crate) mod markdown;
mod place;

use polyarch_core::analysis::{Analysis, JobAnalysis, Project};

/// What is printed.
pub(crate) struct Shown<'a> {
    pub(crate) project: &'a Project,
    pub(crate) analysis: &'a Analysis,
    /// With `--ci`: the job that was played through.
    pub(crate) job: Option<&'a JobAnalysis>,
    /// `--check`: findings and verdict only.
    pub(crate) only_findings: bool,
}
