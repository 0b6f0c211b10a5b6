//! What polyarch reads of an index, a manifest and a config.
//!
//! The shapes are checked by the types of the `oci-spec` crate; what that crate does not read
//! (`os.version` under its dotted name) is taken from the scanned JSON beside it. Unknown names are
//! no errors, as the specification demands.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::digest::Digest;
use crate::platform::Platform;

/// What names a document or a layer: type, digest and size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Descriptor {
    pub media_type: String,
    pub digest: Digest,
    /// In bytes.
    pub size: u64,
    /// As written; not normalised.
    pub platform: Option<Platform>,
    pub annotations: BTreeMap<String, String>,
    /// Other places where the content is said to be; never followed.
    pub urls: Vec<String>,
    /// The content itself in base 64, where it is embedded.
    pub data: Option<String>,
    pub artifact_type: Option<String>,
}

impl Descriptor {
    /// Whether BuildKit's annotation marks this entry as an attestation.
    pub fn is_attestation(&self) -> bool {
        self.annotations
            .get(super::ATTESTATION_TYPE)
            .is_some_and(|t| t == "attestation-manifest")
    }

    /// The digest of the manifest that this attestation is about, as written.
    pub fn attestation_subject(&self) -> Option<&str> {
        self.annotations
            .get(super::ATTESTATION_SUBJECT)
            .map(String::as_str)
    }
}

/// An image index or a Docker manifest list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    pub media_type: Option<String>,
    pub manifests: Vec<Descriptor>,
}

/// An image manifest; also an artifact's, whose config is something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    pub media_type: Option<String>,
    pub artifact_type: Option<String>,
    pub config: Descriptor,
    pub layers: Vec<Descriptor>,
    pub subject: Option<Descriptor>,
}

/// The parts of an image config that are judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// As written; not normalised.
    pub platform: Platform,
    /// `rootfs.diff_ids`, in order from the base layer up.
    pub diff_ids: Vec<String>,
    /// Number of history entries that made a layer, where the config has a history.
    pub history_layers: Option<usize>,
    /// The whole document, for what is compared by name.
    pub value: Arc<Value>,
}

/// Why a document has not the shape that its type demands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ShapeError(String);

impl Index {
    pub(super) fn read(value: &Value) -> Result<Self, ShapeError> {
        let typed: oci_spec::image::ImageIndex = typed(value)?;
        let raw = value
            .get("manifests")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let manifests = typed.manifests().iter().zip(raw);
        let manifests = manifests
            .map(|(d, raw)| descriptor(d, raw))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            media_type: typed.media_type().as_ref().map(ToString::to_string),
            manifests,
        })
    }
}

impl Manifest {
    pub(super) fn read(value: &Value) -> Result<Self, ShapeError> {
        let typed: oci_spec::image::ImageManifest = typed(value)?;
        let raw = value
            .get("layers")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let layers = typed.layers().iter().zip(raw);
        let at = |name: &str| value.get(name).unwrap_or(&Value::Null);
        Ok(Self {
            media_type: typed.media_type().as_ref().map(ToString::to_string),
            artifact_type: typed.artifact_type().as_ref().map(ToString::to_string),
            config: descriptor(typed.config(), at("config"))?,
            layers: layers
                .map(|(d, raw)| descriptor(d, raw))
                .collect::<Result<_, _>>()?,
            subject: typed
                .subject()
                .as_ref()
                .map(|d| descriptor(d, at("subject")))
                .transpose()?,
        })
    }
}

impl Config {
    pub(super) fn read(value: Value) -> Result<Self, ShapeError> {
        let typed: oci_spec::image::ImageConfiguration = typed(&value)?;
        if typed.rootfs().typ() != "layers" {
            let text = format!("rootfs.type is {:?}, not \"layers\"", typed.rootfs().typ());
            return Err(ShapeError(text));
        }
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        let made_layer = |h: &&oci_spec::image::History| !h.empty_layer().unwrap_or_default();
        Ok(Self {
            platform: Platform {
                os: typed.os().to_string(),
                architecture: typed.architecture().to_string(),
                variant: text("variant").to_owned(),
                os_version: text("os.version").to_owned(),
                os_features: strings(value.get("os.features")),
            },
            diff_ids: typed.rootfs().diff_ids().clone(),
            history_layers: typed
                .history()
                .as_ref()
                .map(|h| h.iter().filter(made_layer).count()),
            value: Arc::new(value),
        })
    }
}

fn descriptor(typed: &oci_spec::image::Descriptor, raw: &Value) -> Result<Descriptor, ShapeError> {
    let digest = typed.digest().to_string();
    let digest = digest
        .parse()
        .map_err(|error| ShapeError(format!("digest: {error}")))?;
    let raw_platform = raw.get("platform");
    let platform = typed.platform().as_ref().map(|p| Platform {
        os: p.os().to_string(),
        architecture: p.architecture().to_string(),
        variant: p.variant().clone().unwrap_or_default(),
        os_version: raw_platform
            .and_then(|p| p.get("os.version"))
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        os_features: strings(raw_platform.and_then(|p| p.get("os.features"))),
    });
    let annotations = typed.annotations().iter().flatten();
    Ok(Descriptor {
        media_type: typed.media_type().to_string(),
        digest,
        size: typed.size(),
        platform: platform.filter(|p| !(p.os.is_empty() && p.architecture.is_empty())),
        annotations: annotations.map(|(k, v)| (k.clone(), v.clone())).collect(),
        urls: typed.urls().clone().unwrap_or_default(),
        data: typed.data().clone(),
        artifact_type: typed.artifact_type().as_ref().map(ToString::to_string),
    })
}

/// Go writes `null` for an empty list or map and reads it back as one; the crate's types do not.
fn typed<T: serde::de::DeserializeOwned>(value: &Value) -> Result<T, ShapeError> {
    let value = if has_nulls(value) {
        Cow::Owned(without_nulls(value))
    } else {
        Cow::Borrowed(value)
    };
    T::deserialize(&*value).map_err(|error| ShapeError(error.to_string()))
}

fn has_nulls(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(map) => map.values().any(has_nulls),
        Value::Array(items) => items.iter().any(has_nulls),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map
                .iter()
                .filter_map(|(name, value)| match (name.as_str(), value) {
                    ("diff_ids" | "layers" | "manifests", Value::Null) => {
                        Some((name.clone(), Value::Array(Vec::new())))
                    }
                    (_, Value::Null) => None,
                    (_, value) => Some((name.clone(), without_nulls(value))),
                });
            Value::Object(kept.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(without_nulls).collect()),
        other => other.clone(),
    }
}

fn strings(value: Option<&Value>) -> Vec<String> {
    let items = value
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    items
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}
