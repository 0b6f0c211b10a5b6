//! Services that are Docker daemons: version, certificates, store, and when they answer.
//!
//! Models docker-library/docker's `dockerd-entrypoint.sh` and moby's
//! `daemon/image_store_choice.go`.

use std::collections::BTreeMap;

use crate::ci::gitlab::ServiceImage;
use crate::ci::settings::{Executor, Settings};
use crate::ci::world::toolbox::split;
use crate::ci::world::{Daemon, World};
use crate::environment::{ImageStore, docker_release, embedded_buildkit};

/// Graph drivers that moby registers.
const GRAPH_DRIVERS: [&str; 7] = [
    "overlay2",
    "overlay",
    "vfs",
    "btrfs",
    "zfs",
    "fuse-overlayfs",
    "aufs",
];

/// Seconds after which a late daemon answers.
const LATE: f64 = 4.0;

/// Whether a service is a Docker daemon, by its image.
pub(super) fn is_dind(service: &ServiceImage) -> bool {
    let (name, tag) = split(&service.name);
    let short = name.rsplit('/').next().unwrap_or_default();
    let runs_dockerd = service
        .command
        .first()
        .is_some_and(|c| c.contains("dockerd"));
    short.contains("dind")
        || (short.contains("docker")
            && (tag.contains("dind")
                || runs_dockerd
                || service.command.iter().any(|c| c.starts_with("--"))))
}

/// The daemon that a service runs; `variables` are the job's, which services get too.
pub(super) fn daemon(
    world: &mut World<'_>,
    service: &ServiceImage,
    variables: &BTreeMap<String, String>,
    settings: &Settings,
) -> Daemon {
    let (name, tag) = split(&service.name);
    let pinned = docker_release(&tag);
    if pinned.is_none() {
        world.note_facts(
            "dind-version-skew",
            format!(
                "{} names no version, so it changes whenever a new Docker is released",
                service.name
            ),
            &[("image", &service.name)],
        );
    }
    let release = pinned.unwrap_or_else(|| settings.unpinned_docker());
    let variable = |key: &str| {
        let own = service
            .variables
            .iter()
            .find(|(k, _)| k == key)
            .map(|(_, v)| v.clone());
        own.or_else(|| variables.get(key).cloned())
    };
    let folder = variable("DOCKER_TLS_CERTDIR").unwrap_or_else(|| "/certs".to_owned());
    let command = service.command.join(" ");
    let plain = folder.is_empty() || command.contains("--tls=false") || release.docker.major < 18;
    let shared = folder.trim_end_matches('/') == "/certs";
    let driver = variable("DOCKER_DRIVER").filter(|d| GRAPH_DRIVERS.contains(&d.as_str()));
    let names_driver = driver.is_some() || command.contains("--storage-driver");
    let feature = if command.contains("containerd-snapshotter=true") {
        Some(true)
    } else if command.contains("containerd-snapshotter=false") {
        Some(false)
    } else {
        None
    };
    let containerd = feature.unwrap_or(release.docker.at_least(29, 0) && !names_driver);
    world
        .registries
        .insecure
        .extend(insecure_hosts(&service.command));
    let ready_at = if !settings.privileged {
        None
    } else if settings.dind_at_once || plain {
        // Without certificates to make, it listens when the runner's check of the service ends.
        Some(0.0)
    } else {
        Some(LATE)
    };
    Daemon {
        names: names(service, &name, settings),
        has_socket: false,
        version: release.docker,
        buildkit: embedded_buildkit(release.docker),
        store: if containerd {
            ImageStore::Containerd
        } else {
            ImageStore::GraphDriver
        },
        tls: !plain,
        certificates: (!plain && shared)
            .then(|| format!("{}/client", folder.trim_end_matches('/'))),
        ready_at,
        is_dind: true,
        is_hosts: false,
        privileged: settings.privileged,
        store_by_driver_variable: driver.is_some()
            && feature.is_none()
            && release.docker.at_least(29, 0),
    }
}

/// The host's own daemon, where its socket is mounted into the job: by the setting, or where the
/// job asks for the socket and brings no service.
pub(super) fn hosts_daemon(
    variables: &BTreeMap<String, String>,
    has_service: bool,
    settings: &Settings,
) -> Option<Daemon> {
    let asks = variables
        .get("DOCKER_HOST")
        .is_some_and(|host| host == crate::ci::world::daemon::SOCKET);
    if !settings.socket && (has_service || !asks) {
        return None;
    }
    let release = settings.unpinned_docker();
    Some(Daemon {
        names: Vec::new(),
        has_socket: true,
        version: release.docker,
        buildkit: embedded_buildkit(release.docker),
        store: if release.docker.at_least(29, 0) {
            ImageStore::Containerd
        } else {
            ImageStore::GraphDriver
        },
        tls: false,
        certificates: None,
        ready_at: Some(0.0),
        is_dind: false,
        is_hosts: true,
        privileged: true,
        store_by_driver_variable: false,
    })
}

/// The hosts after `--insecure-registry`.
fn insecure_hosts(command: &[String]) -> Vec<String> {
    let mut hosts = Vec::new();
    let mut words = command.iter().flat_map(|word| word.split_whitespace());
    while let Some(word) = words.next() {
        let Some(rest) = word.strip_prefix("--insecure-registry") else {
            continue;
        };
        match rest.strip_prefix('=') {
            Some(host) => hosts.push(host.to_owned()),
            None => hosts.extend(words.next().map(str::to_owned)),
        }
    }
    hosts
}

/// The aliases, and GitLab's names from the image's path: `/` becomes `__` or `-`.
fn names(service: &ServiceImage, image: &str, settings: &Settings) -> Vec<String> {
    let image = image.split(':').next().unwrap_or(image);
    let mut names = service.aliases.clone();
    if settings.executor == Some(Executor::Kubernetes) {
        // One pod, one network: names other than an alias are there only where the runner's
        // version and configuration add them.
        names.extend(["localhost", "127.0.0.1"].map(str::to_owned));
    } else {
        names.push(image.replace('/', "__"));
        names.push(image.replace('/', "-"));
    }
    names.dedup();
    names
}
