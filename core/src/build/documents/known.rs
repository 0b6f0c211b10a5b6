//! What only a build can know, handed over in a file (`--known`).

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::oci::write::Descriptor;
use crate::platform::{ParseError, Platform};

/// Facts by platform, normalised.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    pub platforms: BTreeMap<Platform, PlatformFacts>,
}

/// What one platform's build made; absent where it is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PlatformFacts {
    /// The config's creation time.
    pub created: Option<String>,
    /// One for each history entry, the base's included.
    pub history_created: Option<Vec<Option<String>>>,
    pub diff_ids: Option<Vec<String>>,
    /// Layers in the manifest, the base's included.
    pub layers: Option<Vec<Descriptor>>,
    /// `moby.buildkit.cache.v0`, base64.
    pub inline_cache: Option<String>,
    pub attestation: Option<Attestation>,
}

/// The statements of one platform's attestation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Attestation {
    pub layers: Vec<Descriptor>,
}

/// Why a file of known facts cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KnownError {
    #[error(
        "it has not the form {{\"platforms\":{{\"linux/arm64\":{{\"created\":…,\"historyCreated\":[…],\
         \"diffIds\":[…],\"layers\":[…]}}}}}}: {0}"
    )]
    Shape(String),
    #[error("its platform {0}")]
    Platform(ParseError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    platforms: BTreeMap<String, PlatformFacts>,
}

impl Known {
    /// Reads the JSON of a file.
    ///
    /// # Errors
    /// A text that has not the file's form, or names what is no platform.
    pub fn read(text: &str) -> Result<Self, KnownError> {
        let file: File =
            serde_json::from_str(text).map_err(|error| KnownError::Shape(error.to_string()))?;
        let mut platforms = BTreeMap::new();
        for (name, facts) in file.platforms {
            let platform: Platform = name.parse().map_err(KnownError::Platform)?;
            platforms.insert(platform, facts);
        }
        Ok(Self { platforms })
    }

    /// What is known of one platform.
    pub(super) fn of(&self, platform: &Platform) -> Option<&PlatformFacts> {
        self.platforms.get(&platform.normalised())
    }
}
