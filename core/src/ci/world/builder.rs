//! Docker contexts and buildx builders as a job makes them.

use std::collections::BTreeSet;

use super::World;
use crate::environment::{Driver, EMULATED_ARCHITECTURES, Environment, ImageStore, Node, Version};
use crate::platform::Platform;

/// A context of `docker context create`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    pub host: String,
    /// Whether certificates were stored with it.
    pub tls: bool,
}

/// A builder instance of `docker buildx create`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Builder {
    pub name: String,
    pub driver: Driver,
    pub nodes: Vec<BuilderNode>,
    pub booted: bool,
    /// What the kernel emulated when buildkitd started; it looks only once.
    pub booted_binfmt: BTreeSet<String>,
    pub buildkit: Version,
    /// From `--driver-opt image=`.
    pub image: Option<String>,
    /// Whether a buildkitd configuration was given.
    pub configured: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuilderNode {
    pub name: String,
    pub endpoint: String,
    /// As typed after `--platform`.
    pub platforms: Vec<String>,
    /// Position in [`World::daemons`].
    pub daemon: Option<usize>,
}

impl World<'_> {
    /// The environment of a docker-container builder and its kin.
    pub fn environment_of(&self, builder: &Builder) -> Environment {
        let daemon = builder
            .nodes
            .first()
            .and_then(|n| n.daemon)
            .and_then(|at| self.daemons.get(at));
        let official = builder
            .image
            .as_deref()
            .is_none_or(|image| image.contains("moby/buildkit"));
        let emulators = if official {
            EMULATED_ARCHITECTURES.as_slice()
        } else {
            &[]
        };
        let binfmt = if builder.booted {
            &builder.booted_binfmt
        } else {
            &self.binfmt
        };
        Environment {
            driver: builder.driver,
            builder: builder.name.clone(),
            store: daemon.map_or(ImageStore::GraphDriver, |d| d.store),
            docker_cli: self.tools.docker,
            dockerd: daemon.map(|d| d.version),
            buildx: self.tools.buildx,
            buildkit: builder.buildkit,
            binfmt: binfmt.iter().cloned().collect(),
            emulators: emulators.iter().map(|a| (*a).to_owned()).collect(),
            nodes: builder.nodes.iter().map(|node| self.node(node)).collect(),
        }
    }

    fn node(&self, node: &BuilderNode) -> Node {
        let mut platforms: Vec<Platform> = node
            .platforms
            .iter()
            .filter_map(|p| p.parse().ok())
            .collect();
        let native = Platform::new("linux", &self.settings.arch);
        if platforms.is_empty() || node.endpoint.starts_with("unix") {
            platforms.insert(0, native);
        }
        Node {
            name: node.name.clone(),
            endpoint: node.endpoint.clone(),
            platforms,
        }
    }

    /// The environment of the docker driver on a daemon.
    pub fn environment_of_daemon(&self, at: usize, context: &str) -> Option<Environment> {
        let daemon = self.daemons.get(at)?;
        Some(Environment {
            driver: Driver::Docker,
            builder: context.to_owned(),
            store: daemon.store,
            docker_cli: self.tools.docker,
            dockerd: Some(daemon.version),
            buildx: self.tools.buildx,
            buildkit: daemon.buildkit,
            binfmt: self.binfmt.iter().cloned().collect(),
            emulators: Vec::new(),
            nodes: vec![Node {
                name: context.to_owned(),
                endpoint: context.to_owned(),
                platforms: vec![Platform::new("linux", &self.settings.arch)],
            }],
        })
    }
}
