//! GitHub workflows: from text to jobs, with their expressions.
//!
//! Reusable workflows, containers as job hosts and Windows or macOS runners are named as not
//! modelled.

mod action;
mod expression;
mod model;
mod read;
#[cfg(test)]
mod tests;

pub use action::{Action, read_action};
pub use expression::{Scope, condition, interpolate};
pub use model::{Job, Permissions, Refusal, Step, Workflow};
pub use read::{is_workflow, read};

/// Whether a step of the job builds or pushes an image.
pub fn builds_images(job: &Job) -> bool {
    job.steps.iter().any(|step| {
        let uses = step.uses.as_deref().unwrap_or_default();
        uses.starts_with("docker/build-push-action")
            || uses.starts_with("docker/bake-action")
            || step
                .run
                .as_deref()
                .is_some_and(super::gitlab::mentions_image_build)
    })
}
