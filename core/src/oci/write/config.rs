//! The image config as BuildKit exports it.
//!
//! BuildKit patches the config as a map of raw values, so the top-level keys are sorted, while
//! `config` inside keeps the order of Docker's Go struct. Creation times are texts: they are
//! written as they were read, since RFC 3339 has several spellings of one moment.
//! The `oci-spec` crate's `Config` has no `Healthcheck`, `Shell`, `OnBuild` and `ArgsEscaped`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{go_json, wire};
use crate::digest::Digest;
use crate::platform::Platform;

/// A whole config document; fields in the order of the sorted keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageConfig {
    pub architecture: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub author: String,
    pub config: ContainerConfig,
    /// RFC 3339; `null` in the document where no history entry has a time.
    pub created: Option<String>,
    /// Oldest first; `null` in the document where there is none.
    #[serde(default, with = "wire::nil_list")]
    pub history: Vec<History>,
    /// `--cache-to type=inline`: the cache's records, base64.
    #[serde(
        rename = "moby.buildkit.cache.v0",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub inline_cache: Option<String>,
    pub os: String,
    #[serde(rename = "os.features", default, skip_serializing_if = "Vec::is_empty")]
    pub os_features: Vec<String>,
    #[serde(
        rename = "os.version",
        default,
        skip_serializing_if = "String::is_empty"
    )]
    pub os_version: String,
    pub rootfs: RootFs,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub variant: String,
}

/// What a container gets by default; fields in the order of Docker's Go struct.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ContainerConfig {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// `80/tcp`.
    #[serde(with = "wire::set", skip_serializing_if = "BTreeSet::is_empty")]
    pub exposed_ports: BTreeSet<String>,
    /// `NAME=value`, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entrypoint: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cmd: Vec<String>,
    #[serde(with = "wire::set", skip_serializing_if = "BTreeSet::is_empty")]
    pub volumes: BTreeSet<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub working_dir: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub stop_signal: String,
    #[serde(skip_serializing_if = "wire::is_default")]
    pub args_escaped: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub healthcheck: Option<Healthcheck>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub on_build: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shell: Vec<String>,
}

/// HEALTHCHECK; durations in nanoseconds, 0 where inherited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Healthcheck {
    /// `["CMD-SHELL", "…"]`, `["CMD", …]` or `["NONE"]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub test: Vec<String>,
    #[serde(skip_serializing_if = "wire::is_default")]
    pub interval: i64,
    #[serde(skip_serializing_if = "wire::is_default")]
    pub timeout: i64,
    #[serde(skip_serializing_if = "wire::is_default")]
    pub start_period: i64,
    #[serde(skip_serializing_if = "wire::is_default")]
    pub start_interval: i64,
    #[serde(skip_serializing_if = "wire::is_default")]
    pub retries: i64,
}

/// One entry of the history.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct History {
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub created_by: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub author: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// True where the instruction made no layer.
    #[serde(skip_serializing_if = "wire::is_default")]
    pub empty_layer: bool,
}

/// The layers' uncompressed digests, bottom first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RootFs {
    #[serde(rename = "type")]
    pub kind: String,
    /// `null` in the document where there is none.
    #[serde(with = "wire::digests")]
    pub diff_ids: Vec<Digest>,
}

impl ImageConfig {
    /// A config that says `platform` and nothing else yet.
    pub fn for_platform(platform: &Platform) -> Self {
        Self {
            architecture: platform.architecture.clone(),
            os: platform.os.clone(),
            os_version: platform.os_version.clone(),
            os_features: platform.os_features.clone(),
            variant: platform.variant.clone(),
            ..Self::default()
        }
    }

    /// The bytes that BuildKit pushes.
    pub fn to_bytes(&self) -> Vec<u8> {
        go_json::compact(self)
    }
}

impl RootFs {
    /// The file system of these layers.
    pub fn of(diff_ids: Vec<Digest>) -> Self {
        Self {
            kind: "layers".to_owned(),
            diff_ids,
        }
    }
}

impl Default for RootFs {
    fn default() -> Self {
        Self::of(Vec::new())
    }
}
