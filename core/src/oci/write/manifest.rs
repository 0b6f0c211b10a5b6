//! Image manifests, and attestation manifests, which have the same shape.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Descriptor, go_json, wire};

/// A manifest in BuildKit's key order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    pub schema_version: u32,
    pub media_type: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub artifact_type: String,
    pub config: Descriptor,
    /// Bottom first; `null` in the document where there is none.
    #[serde(with = "wire::nil_list")]
    pub layers: Vec<Descriptor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

impl Manifest {
    /// A manifest with a config and layers and nothing else.
    pub fn new(media_type: &str, config: Descriptor, layers: Vec<Descriptor>) -> Self {
        Self {
            schema_version: 2,
            media_type: media_type.to_owned(),
            artifact_type: String::new(),
            config,
            layers,
            subject: None,
            annotations: BTreeMap::new(),
        }
    }

    /// The bytes that BuildKit pushes.
    pub fn to_bytes(&self) -> Vec<u8> {
        go_json::indented(self)
    }
}
