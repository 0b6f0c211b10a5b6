//! Descriptors: what a document says about another one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::wire;
use crate::digest::Digest;
use crate::platform::Platform;

/// A descriptor in the key order of the image specification's Go struct.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    pub media_type: String,
    #[serde(with = "wire::digest")]
    pub digest: Digest,
    /// In bytes.
    pub size: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// The content itself, base64; empty where it is not embedded.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub data: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<WirePlatform>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub artifact_type: String,
}

/// A platform as it stands in an index entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WirePlatform {
    pub architecture: String,
    pub os: String,
    #[serde(
        rename = "os.version",
        default,
        skip_serializing_if = "String::is_empty"
    )]
    pub os_version: String,
    #[serde(rename = "os.features", default, skip_serializing_if = "Vec::is_empty")]
    pub os_features: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub variant: String,
}

impl Descriptor {
    /// The descriptor of `content`, with nothing but type, digest and size.
    pub fn of(media_type: &str, content: &[u8]) -> Self {
        Self::new(media_type, Digest::sha256(content), content.len() as u64)
    }

    /// A descriptor of something whose digest and size are known.
    pub fn new(media_type: &str, digest: Digest, size: u64) -> Self {
        Self {
            media_type: media_type.to_owned(),
            digest,
            size,
            urls: Vec::new(),
            annotations: BTreeMap::new(),
            data: String::new(),
            platform: None,
            artifact_type: String::new(),
        }
    }

    /// The same, saying which platform it is for.
    pub fn with_platform(mut self, platform: &Platform) -> Self {
        self.platform = Some(platform.into());
        self
    }

    /// The same, with these annotations and no others.
    pub fn with_annotations(mut self, annotations: BTreeMap<String, String>) -> Self {
        self.annotations = annotations;
        self
    }
}

impl From<&Platform> for WirePlatform {
    fn from(platform: &Platform) -> Self {
        Self {
            architecture: platform.architecture.clone(),
            os: platform.os.clone(),
            os_version: platform.os_version.clone(),
            os_features: platform.os_features.clone(),
            variant: platform.variant.clone(),
        }
    }
}
