//! What buildx refuses before BuildKit sees anything.
//!
//! Texts: docker/buildx `build/build.go` and `build/opt.go`, 0.8 to 0.36.

use super::build_flags::Spec;
use crate::ci::shell::Shell;
use crate::environment::{Driver, Environment, ImageStore, Version};
use crate::platform::Platform;
use crate::reference::Reference;

/// The whole line or lines that buildx prints.
pub(super) fn refused(
    shell: &mut Shell<'_, '_>,
    spec: &Spec,
    environment: &Environment,
    version: Version,
) -> Option<String> {
    let build = &spec.invocation;
    for platform in &build.platforms {
        if let Err(error) = platform.parse::<Platform>()
            && platform != "local"
        {
            shell.world.note_facts(
                "platform-typo",
                format!("{platform:?} is no platform"),
                &[("platform", platform)],
            );
            return Some(failed(version, &error.to_string()));
        }
    }
    for tag in &build.tags {
        if let Err(error) = tag.parse::<Reference>() {
            if tag.chars().any(char::is_uppercase) {
                shell.world.note_facts(
                    "ghcr-uppercase",
                    format!("{tag:?} has capital letters in its name"),
                    &[("tag", tag)],
                );
            }
            return Some(failed(version, &format!("invalid tag {tag:?}: {error}")));
        }
    }
    let plain_docker =
        environment.driver == Driver::Docker && environment.store != ImageStore::Containerd;
    if plain_docker && let Some(text) = docker_driver(shell, spec, environment, version) {
        return Some(text);
    }
    if build.push && build.tags.is_empty() {
        shell.world.note(
            "push-no-tag",
            "the build is to be pushed, but no tag says where",
        );
        return Some(failed(version, "tag is needed when pushing to registry"));
    }
    if environment.driver == Driver::Docker && build.by_digest {
        shell.world.note(
            "bydigest-docker-driver",
            "push-by-digest needs a builder of its own",
        );
        return Some(failed(
            version,
            "push-by-digest is currently not implemented for docker driver, please create a new builder instance",
        ));
    }
    let to_file = build
        .outputs
        .iter()
        .any(|o| o.contains("type=docker") && o.contains("dest="));
    let several = build.platforms.len() > 1;
    if build.load && several && (to_file || environment.store != ImageStore::Containerd) {
        shell.world.note(
            "load-multi",
            "a daemon with graph drivers cannot load several platforms under one name",
        );
        let text = if to_file && version.at_least(0, 11) {
            "docker exporter does not support exporting manifest lists, use the oci exporter instead"
        } else {
            "docker exporter does not currently support exporting manifest lists"
        };
        return Some(failed(version, text));
    }
    if build.push && build.load && !version.at_least(0, 13) {
        return Some(failed(
            version,
            "push and load may not be set together at the moment",
        ));
    }
    None
}

/// The docker driver on a graph-driver store: one platform, no attestations, no cache export.
fn docker_driver(
    shell: &mut Shell<'_, '_>,
    spec: &Spec,
    environment: &Environment,
    version: Version,
) -> Option<String> {
    let build = &spec.invocation;
    let by_variable = shell
        .world
        .daemons
        .iter()
        .any(|d| d.store_by_driver_variable);
    if build.platforms.len() > 1 {
        let unused = shell.world.builders.keys().next().cloned();
        if by_variable {
            shell.world.note("docker-driver-env-overlay2", "DOCKER_DRIVER names a graph driver, which turns the daemon's containerd image store off");
        }
        if let Some(name) = unused {
            shell.world.note_facts(
                "builder-created-not-used",
                format!("builder {name} was created, but the build runs on the docker driver"),
                &[("builder", &name)],
            );
        }
        let cause = if version.at_least(0, 12) {
            "driver-docker-multi-new"
        } else {
            "driver-docker-multi-old"
        };
        shell.world.note(
            cause,
            "the docker driver of this daemon builds one platform at a time",
        );
        shell.world.reason(format!(
            "the docker driver and the {} image store take one platform",
            environment.store
        ));
        return Some(unsupported(
            version,
            "Multi-platform build",
            "multiple platforms feature",
            "build-multi-platform",
        ));
    }
    let asks = |value: &Option<String>| value.as_deref().is_some_and(|v| v != "false");
    if asks(&build.provenance) || asks(&build.sbom) {
        shell.world.note(
            "attest-docker-driver",
            "attestations need the containerd image store or a builder of its own",
        );
        return Some(unsupported(
            version,
            "Attestation",
            "attestations",
            "attestations",
        ));
    }
    if build
        .cache_to
        .iter()
        .any(|c| c.contains("type=") && !c.contains("type=inline"))
    {
        shell.world.note(
            "cache-docker-driver",
            "the docker driver of this daemon exports no cache",
        );
        return Some(unsupported(
            version,
            "Cache export",
            "cache export feature",
            "build-cache-backends",
        ));
    }
    if build.outputs.iter().any(|o| o.contains("type=oci")) {
        return Some(unsupported(
            version,
            "OCI exporter",
            "oci exporter",
            "build-exporters",
        ));
    }
    None
}

fn unsupported(version: Version, new: &str, old: &str, page: &str) -> String {
    if version.at_least(0, 12) {
        return format!(
            "ERROR: {new} is not supported for the docker driver.\nSwitch to a different driver, or turn on the containerd image store, and try again.\nLearn more at https://docs.docker.com/go/{page}/\n"
        );
    }
    let prefix = if version.at_least(0, 9) {
        "ERROR"
    } else {
        "error"
    };
    format!(
        "{prefix}: {old} is currently not supported for docker driver. Please switch to a different driver (eg. \"docker buildx create --use\")\n"
    )
}

/// `ERROR: …`, worded for the version.
pub(super) fn failed(version: Version, text: &str) -> String {
    if version.at_least(0, 25) {
        format!("ERROR: failed to build: {text}\n")
    } else if version.at_least(0, 9) {
        format!("ERROR: {text}\n")
    } else {
        format!("error: {text}\n")
    }
}

/// An error of BuildKit, worded for the buildx version.
pub(super) fn failed_to_solve(version: Version, text: &str) -> String {
    if version.at_least(0, 9) {
        failed(version, &format!("failed to solve: {text}"))
    } else {
        format!("error: failed to solve: rpc error: code = Unknown desc = {text}\n")
    }
}
