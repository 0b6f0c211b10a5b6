//! Rules about a Dockerfile and what each platform gets of it. They read [`super::BuildFacts`].

use super::Rule;

mod base_platforms_assumed;
mod dockerfile_refused;
mod output_refused;

/// In the order in which lists show them.
pub(super) const RULES: &[&dyn Rule] = &[
    &dockerfile_refused::DockerfileRefused,
    &output_refused::OutputRefused,
    &base_platforms_assumed::BasePlatformsAssumed,
];

#[cfg(test)]
pub(super) mod tests;
