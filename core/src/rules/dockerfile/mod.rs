//! Rules about a Dockerfile and what each platform gets of it. They read [`super::BuildFacts`].

use super::{BuildFacts, Rule};
use crate::content::Origin;
use crate::dockerfile::Instruction;
use crate::platform::Platform;

mod apt_foreign_arch_url;
mod artifact_dir_swapped;
mod base_arch_prefix;
mod base_local_image;
mod base_no_platform;
mod base_pinned_child_digest;
mod base_platforms_assumed;
mod base_rate_limit;
mod base_single_manifest;
mod bases;
mod cache_mount_shared;
mod context_not_found;
mod cross_cgo;
mod cross_no_goarch;
mod dockerfile_refused;
mod emu_nested_exec;
mod emu_uname_lies;
mod foreign_files;
mod from_buildplatform_final;
mod from_const_platform;
mod from_targetplatform_redundant;
mod libc_mismatch;
mod node_modules_copied;
mod output_refused;
mod run_always_fails;
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
    &emu_nested_exec::EmuNestedExec,
    &emu_uname_lies::EmuUnameLies,
    &node_modules_copied::NodeModulesCopied,
    &artifact_dir_swapped::ArtifactDirSwapped,
    &libc_mismatch::LibcMismatch,
    &cache_mount_shared::CacheMountShared,
    &single_platform_no_prefix::SinglePlatformNoPrefix,
    &context_not_found::ContextNotFound,
    &step_cannot_run::StepCannotRun,
    &run_always_fails::RunAlwaysFails,
    &base_platforms_assumed::BasePlatformsAssumed,
];

/// Programs of the context in images for another CPU, each COPY once: where, for which platform,
/// and what is wrong.
pub(super) fn host_programs<'a>(
    build: &BuildFacts<'a>,
) -> Vec<(&'a Instruction, &'a Platform, String)> {
    let mut told = std::collections::BTreeSet::new();
    let mut found = Vec::new();
    for file in foreign_files::foreign(build) {
        let label = &file.entry.label;
        let at = label.instruction;
        let is_host = label.origin == Origin::Context
            && !foreign_files::is_package_folder(&label.from)
            && !foreign_files::chooses(build, at);
        let Some(instruction) = build.instruction(at).filter(|_| is_host && told.insert(at)) else {
            continue;
        };
        let name = label.from.trim_start_matches("context:");
        let (machine, platform) = (file.machine, file.platform);
        let what = format!("{name} is for {machine} and is copied into the image of {platform}");
        found.push((instruction, platform, what));
    }
    found
}

#[cfg(test)]
pub(crate) mod tests;
