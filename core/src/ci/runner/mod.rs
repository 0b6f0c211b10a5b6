//! Plays a job through: steps with status and output, the log, what was built and pushed.

mod action_inputs;
mod actions;
mod daemons;
mod gate_action;
mod github;
mod github_contexts;
mod github_files;
mod github_jobs;
mod gitlab;
mod gitlab_jobs;
mod inputs;
mod metadata_action;
mod outcome;
mod secrets;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::build::{Invocation, Verdict};
use super::settings::Settings;
use crate::environment::Environment;

pub use super::world::{Activity, Attempt, Fact};
pub use github_jobs::run as run_github;
pub use gitlab_jobs::run as run_gitlab;
pub use outcome::{Earlier, Other, Outcome, Phase, Run, Status, Step};

/// The project's files by slash-separated path, beside the CI file.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What answers builds.
pub type Build<'b> = &'b mut dyn FnMut(&Invocation, &Environment) -> Verdict;

/// Everything but the job.
pub struct Inputs<'a> {
    pub files: &'a Files,
    pub settings: &'a Settings,
}
