//! `.gitlab-ci.yml`: from text to jobs as GitLab would hand them to a runner.
//!
//! Modelled: local includes, `extends`, `!reference`, `default`, variables and their order,
//! `rules` as far as they decide whether a job runs, `parallel: matrix`, `needs`. Includes from
//! elsewhere, child pipelines and `only`/`except` are named as not modelled.

mod condition;
mod extends;
mod include;
mod job;
mod matrix;
mod model;
mod predefined;
mod read;
#[cfg(test)]
mod tests;

pub use condition::{Decision, decide};
pub use model::{Entry, Image, Job, Pipeline, Refusal, Rule, ServiceImage, Unmodelled};
pub use predefined::{Context, TOKENS, predefined};
pub use read::read;
