//! Rules about a Dockerfile and what each platform gets of it. They read [`super::BuildFacts`].

use super::Rule;

mod apt_foreign_arch_url;
mod base_arch_prefix;
mod base_local_image;
mod base_no_platform;
mod base_pinned_child_digest;
mod base_platforms_assumed;
mod base_rate_limit;
mod base_single_manifest;
mod bases;
mod context_not_found;
mod cross_cgo;
mod cross_no_goarch;
mod dockerfile_refused;
mod from_buildplatform_final;
mod from_const_platform;
mod from_targetplatform_redundant;
mod output_refused;
mod shell;
mod single_platform_no_prefix;
mod step_cannot_run;
mod targetarch_defaulted;
mod targetarch_not_declared;

/// In the order in which lists show them.
pub(super) const RULES: &[&dyn Rule] = &[
    &dockerfile_refused::DockerfileRefused,
    &output_refused::OutputRefused,
    &base_no_platform::BaseNoPlatform,
    &base_single_manifest::BaseSingleManifest,
    &base_pinned_child_digest::BasePinnedChildDigest,
    &base_arch_prefix::BaseArchPrefix,
    &from_const_platform::FromConstPlatform,
    &from_buildplatform_final::FromBuildplatformFinal,
    &from_targetplatform_redundant::FromTargetplatformRedundant,
    &base_local_image::BaseLocalImage,
    &base_rate_limit::BaseRateLimit,
    &targetarch_not_declared::TargetarchNotDeclared,
    &targetarch_defaulted::TargetarchDefaulted,
    &cross_no_goarch::CrossNoGoarch,
    &cross_cgo::CrossCgo,
    &apt_foreign_arch_url::AptForeignArchUrl,
    &single_platform_no_prefix::SinglePlatformNoPrefix,
    &context_not_found::ContextNotFound,
    &step_cannot_run::StepCannotRun,
    &base_platforms_assumed::BasePlatformsAssumed,
];

#[cfg(test)]
pub(super) mod tests;
