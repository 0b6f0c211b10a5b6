//! The image index, or Docker's manifest list: the same keys under another media type.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Descriptor, go_json};

/// An index in BuildKit's key order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Index {
    pub schema_version: u32,
    pub media_type: String,
    pub manifests: Vec<Descriptor>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

impl Index {
    /// An index of `manifests` without annotations.
    pub fn new(media_type: &str, manifests: Vec<Descriptor>) -> Self {
        Self {
            schema_version: 2,
            media_type: media_type.to_owned(),
            manifests,
            annotations: BTreeMap::new(),
        }
    }

    /// The bytes that BuildKit pushes.
    pub fn to_bytes(&self) -> Vec<u8> {
        go_json::indented(self)
    }
}
