//! What a builder offers to a build: driver, image store, tool versions, nodes and emulators.
//!
//! Plain data. It does not say how it came about (that is `ci`) nor what follows (that is `build`).

mod cost;
mod version;
mod versions;

use std::fmt;

use crate::platform::Platform;

pub use cost::{CostModel, Work};
pub use version::Version;
pub use versions::{
    BUILDKIT_NEWEST, BUILDX_NEWEST, DOCKER_NEWEST, DockerRelease, EMULATED_ARCHITECTURES,
    docker_release, embedded_buildkit,
};

/// The builder that runs a build, as `docker buildx inspect` and `docker info` would describe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    pub driver: Driver,
    /// Name of the builder instance; `default` for the docker driver.
    pub builder: String,
    pub store: ImageStore,
    /// Version of the `docker` command; `None` where a job has none.
    pub docker_cli: Option<Version>,
    /// Version of the daemon, `None` where no daemon is involved.
    pub dockerd: Option<Version>,
    /// Version of the buildx plugin; `None` for the legacy builder.
    pub buildx: Option<Version>,
    pub buildkit: Version,
    /// Foreign architectures that the kernel runs through binfmt_misc, in Go's names.
    pub binfmt: Vec<String>,
    /// Architectures for which buildkitd itself carries an emulator, in Go's names.
    pub emulators: Vec<String>,
    pub nodes: Vec<Node>,
}

/// Where BuildKit runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Driver {
    /// Inside dockerd.
    Docker,
    /// In a container of its own, started by buildx.
    DockerContainer,
    /// In a Kubernetes pod.
    Kubernetes,
    /// A buildkitd that somebody else runs.
    Remote,
    /// The builder of Docker before BuildKit.
    Legacy,
}

/// Where dockerd keeps images; decides whether the docker driver takes several platforms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImageStore {
    GraphDriver,
    Containerd,
}

/// One machine of a builder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub name: String,
    /// Context name or host that reaches it.
    pub endpoint: String,
    /// Its own platform first, then what it was told that it can take.
    pub platforms: Vec<Platform>,
}

impl Environment {
    /// A docker-container builder of the newest known tools on an amd64 machine without binfmt:
    /// what is assumed where no job says otherwise.
    pub fn newest() -> Self {
        Self {
            driver: Driver::DockerContainer,
            builder: "builder".to_owned(),
            store: ImageStore::Containerd,
            docker_cli: Some(DOCKER_NEWEST),
            dockerd: Some(DOCKER_NEWEST),
            buildx: Some(BUILDX_NEWEST),
            buildkit: BUILDKIT_NEWEST,
            binfmt: Vec::new(),
            emulators: EMULATED_ARCHITECTURES
                .iter()
                .map(|a| (*a).to_owned())
                .collect(),
            nodes: vec![Node {
                name: "builder0".to_owned(),
                endpoint: "default".to_owned(),
                platforms: vec![Platform::new("linux", "amd64")],
            }],
        }
    }

    /// The platform that the first node's CPU runs by itself.
    pub fn native(&self) -> Platform {
        self.nodes
            .first()
            .and_then(|node| node.platforms.first())
            .cloned()
            .unwrap_or_else(|| Platform::new("linux", "amd64"))
    }
}

impl Driver {
    /// The name that buildx gives it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::DockerContainer => "docker-container",
            Self::Kubernetes => "kubernetes",
            Self::Remote => "remote",
            Self::Legacy => "legacy",
        }
    }
}

impl fmt::Display for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl ImageStore {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GraphDriver => "graph-driver",
            Self::Containerd => "containerd",
        }
    }
}

impl fmt::Display for ImageStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
