//! Rules about a CI job: most explain a cause that the played-through job met. They read
//! [`super::JobFacts`].

use std::borrow::Cow;

use super::{Findings, JobFacts, Rule, Text};
use crate::ci::incident::Incident;
use crate::ci::runner::Status;
use crate::diagnostic::{Edit, Fix, Severity, Span};

mod action_input_unknown;
mod attest_docker_driver;
mod attest_oci_artifact;
mod awscli_image_entrypoint;
mod awscli_image_no_docker;
mod awscli_on_alpine;
mod bitbucket_no_privileged;
mod boot_pull_rate_limit;
mod builder_created_not_used;
mod builder_endpoint_unknown;
mod builder_name_exists;
mod builder_not_found;
mod buildkit_no_buildx;
mod buildx_plugin_missing;
mod bydigest_docker_driver;
mod cache_docker_driver;
mod cache_ecr_400;
mod cache_first_run;
mod cache_gha_scope;
mod cache_min_multistage;
mod cache_tag_overwrite;
mod child_by_tag_race;
mod ci_file_refused;
mod client_certificates_elsewhere;
mod command_not_found;
mod dind_alias_missing;
mod dind_no_cert_volume;
mod dind_no_layer_cache;
mod dind_not_privileged;
mod dind_not_ready;
mod dind_plain_to_tls;
mod dind_service_missing;
mod dind_tls_off_but_client_tls;
mod dind_tls_port_mismatch;
mod dind_version_skew;
mod docker20_image_buildx;
mod docker_driver_env_overlay2;
mod dockerfile_missing;
mod driver_docker_containerd_ok;
mod driver_docker_multi_new;
mod driver_docker_multi_old;
mod earlier_job_fails;
mod ecr_403;
mod ecr_get_login_v1;
mod ecr_immutable_tag;
mod ecr_no_basic_auth;
mod ecr_repo_missing;
mod emu_after_boot;
mod emu_bundled;
mod emu_non_f_binfmt;
mod emu_none;
mod emu_run_fail_text;
mod emu_sudo_setuid;
mod emu_timeout;
mod endless_loop;
mod gar_path;
mod gar_permission;
mod ghcr_permission;
mod ghcr_uppercase;
mod gitlab_reg_denied;
mod harbor_quay_unknown;
mod host_binary_copied;
mod imagetools_docker_mediatype;
mod imagetools_single_source;
mod insecure_registry;
mod job_never_runs;
mod k8s_executor_host;
mod lambda_index;
mod last_push_wins;
mod latest_not_all_platforms;
mod legacy_builder_fallback;
mod load_multi;
mod login_bad_password;
mod login_order_builder;
mod login_wrong_host;
mod manifest_create_index;
mod manifest_create_stale;
mod manifest_inspect_nosuch;
mod matrix_dup_digest_artifact;
mod no_output;
mod node_platform_unsupported;
mod not_modelled;
mod oci_default_031;
mod platform_typo;
mod podman_or_socket_bind;
mod portable_artifact_ok;
mod prov_default;
mod prov_mode_gha;
mod prov_nonreproducible;
mod push_no_login_hub;
mod push_no_tag;
mod push_registry_5xx_commit;
mod qemu_illegal_insn;
mod qemu_segv;
mod reg_old_oci;
mod script_syntax;
mod staging_tag_deleted;
mod tls_env_create;
mod token_expires_during_push;
mod verify_arm64_variant;
mod verify_cache_ref;
mod verify_digest_raw;
mod verify_eventual;
mod verify_iidfile;
mod verify_pull_runs_native;
mod verify_unknown_count;

/// In the order in which lists show them.
pub(super) const RULES: &[&dyn Rule] = &[
    &ci_file_refused::CiFileRefused,
    &not_modelled::NotModelled,
    &earlier_job_fails::EarlierJobFails,
    &action_input_unknown::ActionInputUnknown,
    &dind_not_ready::DindNotReady,
    &dind_tls_port_mismatch::DindTlsPortMismatch,
    &dind_tls_off_but_client_tls::DindTlsOffButClientTls,
    &dind_plain_to_tls::DindPlainToTls,
    &dind_no_cert_volume::DindNoCertVolume,
    &client_certificates_elsewhere::ClientCertificatesElsewhere,
    &dind_service_missing::DindServiceMissing,
    &dind_alias_missing::DindAliasMissing,
    &dind_not_privileged::DindNotPrivileged,
    &dind_version_skew::DindVersionSkew,
    &docker_driver_env_overlay2::DockerDriverEnvOverlay2,
    &buildx_plugin_missing::BuildxPluginMissing,
    &buildkit_no_buildx::BuildkitNoBuildx,
    &legacy_builder_fallback::LegacyBuilderFallback,
    &awscli_image_entrypoint::AwscliImageEntrypoint,
    &awscli_image_no_docker::AwscliImageNoDocker,
    &driver_docker_multi_old::DriverDockerMultiOld,
    &driver_docker_multi_new::DriverDockerMultiNew,
    &tls_env_create::TlsEnvCreate,
    &builder_name_exists::BuilderNameExists,
    &builder_not_found::BuilderNotFound,
    &builder_created_not_used::BuilderCreatedNotUsed,
    &builder_endpoint_unknown::BuilderEndpointUnknown,
    &no_output::NoOutput,
    &load_multi::LoadMulti,
    &push_no_tag::PushNoTag,
    &bydigest_docker_driver::BydigestDockerDriver,
    &platform_typo::PlatformTypo,
    &emu_none::EmuNone,
    &emu_after_boot::EmuAfterBoot,
    &push_no_login_hub::PushNoLoginHub,
    &login_wrong_host::LoginWrongHost,
    &login_bad_password::LoginBadPassword,
    &ecr_repo_missing::EcrRepoMissing,
    &ecr_403::Ecr403,
    &ecr_no_basic_auth::EcrNoBasicAuth,
    &ecr_get_login_v1::EcrGetLoginV1,
    &ghcr_permission::GhcrPermission,
    &ghcr_uppercase::GhcrUppercase,
    &gitlab_reg_denied::GitlabRegDenied,
    &gar_path::GarPath,
    &gar_permission::GarPermission,
    &manifest_create_index::ManifestCreateIndex,
    &manifest_create_stale::ManifestCreateStale,
    &imagetools_single_source::ImagetoolsSingleSource,
    &matrix_dup_digest_artifact::MatrixDupDigestArtifact,
    &attest_docker_driver::AttestDockerDriver,
    &cache_docker_driver::CacheDockerDriver,
    &verify_pull_runs_native::VerifyPullRunsNative,
    &command_not_found::CommandNotFound,
    &endless_loop::EndlessLoop,
    &script_syntax::ScriptSyntax,
    &job_never_runs::JobNeverRuns,
    &awscli_on_alpine::AwscliOnAlpine,
    &dockerfile_missing::DockerfileMissing,
    &prov_default::ProvDefault,
    &driver_docker_containerd_ok::DriverDockerContainerdOk,
    &emu_bundled::EmuBundled,
    &dind_no_layer_cache::DindNoLayerCache,
    &cache_min_multistage::CacheMinMultistage,
    &cache_gha_scope::CacheGhaScope,
    &verify_unknown_count::VerifyUnknownCount,
    &docker20_image_buildx::Docker20ImageBuildx,
    &last_push_wins::LastPushWins,
    &k8s_executor_host::K8sExecutorHost,
    &podman_or_socket_bind::PodmanOrSocketBind,
    &bitbucket_no_privileged::BitbucketNoPrivileged,
    &boot_pull_rate_limit::BootPullRateLimit,
    &node_platform_unsupported::NodePlatformUnsupported,
    &emu_run_fail_text::EmuRunFailText,
    &emu_non_f_binfmt::EmuNonFBinfmt,
    &qemu_segv::QemuSegv,
    &qemu_illegal_insn::QemuIllegalInsn,
    &emu_sudo_setuid::EmuSudoSetuid,
    &emu_timeout::EmuTimeout,
    &portable_artifact_ok::PortableArtifactOk,
    &login_order_builder::LoginOrderBuilder,
    &ecr_immutable_tag::EcrImmutableTag,
    &token_expires_during_push::TokenExpiresDuringPush,
    &reg_old_oci::RegOldOci,
    &harbor_quay_unknown::HarborQuayUnknown,
    &push_registry_5xx_commit::PushRegistry5xxCommit,
    &insecure_registry::InsecureRegistry,
    &child_by_tag_race::ChildByTagRace,
    &manifest_inspect_nosuch::ManifestInspectNosuch,
    &imagetools_docker_mediatype::ImagetoolsDockerMediatype,
    &staging_tag_deleted::StagingTagDeleted,
    &latest_not_all_platforms::LatestNotAllPlatforms,
    &prov_mode_gha::ProvModeGha,
    &prov_nonreproducible::ProvNonreproducible,
    &lambda_index::LambdaIndex,
    &attest_oci_artifact::AttestOciArtifact,
    &oci_default_031::OciDefault031,
    &cache_ecr_400::CacheEcr400,
    &cache_tag_overwrite::CacheTagOverwrite,
    &cache_first_run::CacheFirstRun,
    &verify_digest_raw::VerifyDigestRaw,
    &verify_iidfile::VerifyIidfile,
    &verify_arm64_variant::VerifyArm64Variant,
    &verify_cache_ref::VerifyCacheRef,
    &verify_eventual::VerifyEventual,
    &host_binary_copied::HostBinaryCopied,
];

/// What a rule says about each incident of its cause.
struct Advice {
    why: &'static str,
    /// `{repository}` and its like stand for facts of the incident, as in a repair.
    next: &'static str,
    /// Whether an incident is told only if its step failed: `a || b` may fail on purpose.
    only_where_it_fails: bool,
    /// Makes the finding go away.
    repair: Option<Repair>,
}

/// An edit of the step that the incident is about.
struct Repair {
    title: &'static str,
    /// A command that is put before it; empty for none.
    before: &'static str,
    /// A text that is put at its end; empty for none.
    after: &'static str,
}

/// Reports the incidents whose cause is the rule's name.
fn tell(rule: &dyn Rule, job: &JobFacts<'_>, advice: &Advice, out: &mut Findings) {
    let metadata = rule.metadata();
    let mut told: Vec<&str> = Vec::new();
    for incident in job.incidents(metadata.name) {
        let tolerated = advice.only_where_it_fails && !has_failed(job, incident);
        if tolerated || told.contains(&incident.message.as_str()) {
            continue;
        }
        told.push(&incident.message);
        let text = Text {
            what: sentence(&incident.message),
            why: advice.why.into(),
            next: filled(advice.next, incident),
        };
        let fix = advice
            .repair
            .as_ref()
            .and_then(|repair| repaired(job, incident, repair));
        out.report_as(rule, metadata.severity, job.place(incident.mark), text, fix);
    }
}

/// Reports the incidents whose cause is the rule's name: as a hint where nothing failed.
fn tell_as_risk(
    rule: &dyn Rule,
    job: &JobFacts<'_>,
    why: &'static str,
    next: &'static str,
    out: &mut Findings,
) {
    let metadata = rule.metadata();
    for incident in job.incidents(metadata.name) {
        let severity = if has_failed(job, incident) {
            metadata.severity
        } else {
            Severity::Info
        };
        let text = Text {
            what: sentence(&incident.message),
            why: why.into(),
            next: next.into(),
        };
        out.report_as(rule, severity, job.place(incident.mark), text, None);
    }
}

/// Reports at the step of a line of the CI file.
fn tell_line(
    rule: &dyn Rule,
    job: &JobFacts<'_>,
    line: usize,
    what: String,
    (why, next): (&'static str, &'static str),
    out: &mut Findings,
) {
    let steps = job.run.into_iter().flat_map(|run| &run.steps);
    let Some(step) = steps.clone().find(|s| s.mark.line == line).or(steps.last()) else {
        return;
    };
    let text = Text {
        what,
        why: why.into(),
        next: next.into(),
    };
    out.report(rule, job.place(step.mark), text);
}

/// Whether a step at the incident's place failed; not where the incident itself says that it
/// struck nothing, since a step may fail for another reason.
fn has_failed(job: &JobFacts<'_>, incident: &Incident) -> bool {
    if incident
        .facts
        .get("struck")
        .is_some_and(|struck| struck == "no")
    {
        return false;
    }
    let steps = job.run.into_iter().flat_map(|run| &run.steps);
    steps
        .filter(|step| step.mark == incident.mark)
        .any(|step| step.status == Status::Failed)
}

/// A text with the incident's facts in it.
fn filled(text: &'static str, incident: &Incident) -> Cow<'static, str> {
    let mut filled = Cow::Borrowed(text);
    for (name, value) in &incident.facts {
        let place = format!("{{{name}}}");
        if filled.contains(&place) {
            filled = filled.replace(&place, value).into();
        }
    }
    filled
}

/// Capital first, full stop last. A name such as `docker:dind` is left as it is.
fn sentence(text: &str) -> String {
    let first_word = text.split(' ').next().unwrap_or_default();
    let is_word = first_word.chars().all(char::is_alphabetic);
    let mut characters = text.chars();
    let first = characters.next().into_iter();
    let first: String = if is_word {
        first.flat_map(char::to_uppercase).collect()
    } else {
        first.collect()
    };
    let stop = if text.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{first}{}{stop}", characters.as_str())
}

/// The edit, where the incident is at an item of a block list on one line.
fn repaired(job: &JobFacts<'_>, incident: &Incident, repair: &Repair) -> Option<Fix> {
    let file = job.run?.files.get(incident.mark.file)?.clone();
    let source = job.sources.get(&file)?;
    let span = incident.mark.span;
    let start = source.get(..span.start)?.rfind('\n').map_or(0, |n| n + 1);
    let indent = source.get(start..span.start)?.strip_suffix("- ")?;
    let item = source.get(span.start..span.end)?;
    if !indent.chars().all(|c| c == ' ')
        || item.contains('\n')
        || item.starts_with(['"', '\'', '|', '>'])
    {
        return None;
    }
    let mut edits = Vec::new();
    if !repair.before.is_empty() {
        edits.push(Edit {
            file: file.clone(),
            span: Span { start, end: start },
            text: format!("{indent}- {}\n", filled(repair.before, incident)),
        });
    }
    if !repair.after.is_empty() {
        edits.push(Edit {
            file,
            span: Span {
                start: span.end,
                end: span.end,
            },
            text: filled(repair.after, incident).into_owned(),
        });
    }
    Some(Fix {
        title: repair.title.to_owned(),
        edits,
    })
}

#[cfg(test)]
mod tests;
