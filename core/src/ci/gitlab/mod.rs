//! `.gitlab-ci.yml`: from text to jobs as GitLab would hand them to a runner.
//!
//! Modelled: local includes and polyarch's own component with their inputs, `extends`,
//! `!reference`, `default`, variables and their order, `rules` as far as they decide whether a job
//! runs, `parallel: matrix`, `needs`. Includes from elsewhere, child pipelines and `only`/`except`
//! are named as not modelled.

mod condition;
mod extends;
mod include;
mod inputs;
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

/// Whether a script of the job builds or pushes an image.
pub fn builds_images(job: &Job) -> bool {
    job.before_script
        .iter()
        .chain(&job.script)
        .any(|entry| mentions_image_build(&entry.text))
}

/// Commands that build, merge or push images.
pub(super) fn mentions_image_build(script: &str) -> bool {
    const WORDS: [&str; 13] = [
        "docker build",
        "docker buildx build",
        "docker buildx bake",
        "buildx build",
        "docker push",
        "docker image push",
        "docker manifest push",
        "imagetools create",
        "buildah push",
        "buildah bud",
        "buildah build",
        "crane push",
        "kaniko",
    ];
    WORDS.iter().any(|word| script.contains(word))
}
