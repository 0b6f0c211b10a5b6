//! A preview in each format.

pub(crate) mod against;
pub(crate) mod github;
pub(crate) mod gitlab;
pub(crate) mod human;
mod job;
pub(crate) mod json;
mod loom;
pub(crate) mod markdown;
mod place;
pub(crate) mod sarif;
pub(crate) mod targets;

use std::fmt::Write as _;

use polyarch_core::analysis::{Alternative, Analysis, JobAnalysis, Project};
use polyarch_core::diagnostic::Diagnostic;

use crate::exit_code::ExitCode;

/// What is printed.
pub(crate) struct Shown<'a> {
    /// With `--bake`: which target of the file this is.
    pub(crate) target: Option<&'a str>,
    pub(crate) project: &'a Project,
    pub(crate) analysis: &'a Analysis,
    /// Ways to build the same, as it is written first; empty where it fails or a job builds it.
    pub(crate) alternatives: Vec<Alternative>,
    /// With `--ci`: the job that was played through.
    pub(crate) job: Option<&'a JobAnalysis>,
    /// `--check`: findings and verdict only.
    pub(crate) only_findings: bool,
    /// What the command will end with.
    pub(crate) code: ExitCode,
}

impl<'a> Shown<'a> {
    /// Name of the file for a finding that is about no line of any: the CI file, or the
    /// Dockerfile.
    fn main_file(&self) -> &'a str {
        let run = self.job.and_then(|job| job.run.as_ref());
        let ci = run.and_then(|run| run.files.first());
        let ci = ci.or_else(|| self.job?.sources.keys().next());
        ci.unwrap_or(&self.project.dockerfile_name)
    }
}

/// Message, why and next step, a line each, with the platform before them.
fn explanation(found: &Diagnostic) -> String {
    let platform = found
        .platform()
        .map_or(String::new(), |platform| format!("{platform}: "));
    let mut text = format!("{platform}{}", found.message);
    for (label, part) in [("Why", &found.why), ("Next", &found.next)] {
        if !part.is_empty() {
            let _ = write!(text, "\n{label}: {part}");
        }
    }
    text
}

#[cfg(test)]
mod tests;
