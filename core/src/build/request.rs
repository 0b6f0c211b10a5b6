//! What a build is asked for: the command line's choices as they reach BuildKit.

use std::collections::BTreeMap;

use crate::platform::Platform;

/// One `docker buildx build`, without its Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildRequest {
    /// As typed after `--platform`, one specifier each; may be wrong. Empty: the builder's own.
    pub platforms: Vec<String>,
    /// The builder's own platforms, its native one first: what `--check` judges for.
    pub build_platforms: Vec<Platform>,
    pub build_args: BTreeMap<String, String>,
    pub target: Option<String>,
    /// `--build-context NAME=VALUE`.
    pub contexts: BTreeMap<String, String>,
    /// The text of the context's `.dockerignore`, if it has one.
    pub dockerignore: Option<String>,
}

impl Default for BuildRequest {
    fn default() -> Self {
        Self {
            platforms: vec!["linux/amd64".to_owned()],
            build_platforms: vec![Platform::new("linux", "amd64")],
            build_args: BTreeMap::new(),
            target: None,
            contexts: BTreeMap::new(),
            dockerignore: None,
        }
    }
}
