//! A document as received, and what a careful reader makes of it.

use std::sync::Arc;

use serde_json::Value;

use super::media_type::{self, Kind};
use super::scan::{self, ScanError};
use super::view::{Config, Index, Manifest, ShapeError};
use crate::digest::{Check, Digest};

/// Received bytes with their SHA-256.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    bytes: Arc<[u8]>,
    digest: Digest,
}

impl Document {
    pub fn new(bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        let digest = Digest::sha256(&bytes);
        Self { bytes, digest }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The SHA-256 of the bytes as received, whatever names the document.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// What hashing the bytes says about a digest that claims to name them. They are hashed again
    /// only for another algorithm.
    pub fn check(&self, digest: &Digest) -> Check {
        if digest == &self.digest {
            Check::Match
        } else if digest.algorithm() == self.digest.algorithm() {
            Check::Mismatch {
                actual: self.digest.clone(),
            }
        } else {
            digest.check(&self.bytes)
        }
    }

    /// In bytes.
    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Reads the bytes as what they are asked for as.
    pub fn read(&self, role: Role) -> Content {
        read(&self.bytes, role)
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Document({} bytes, {})", self.bytes.len(), self.digest)
    }
}

/// In which place a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// An index or a manifest.
    Manifest,
    /// An image's config.
    Config,
}

/// What a document turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    Index(Index),
    Manifest(Manifest),
    Config(Config),
    Flawed(Flaw),
}

/// Why a document cannot be used, whatever its digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Cannot be read at all.
    #[error("{0}")]
    Malformed(ScanOrShape),
    /// Two readers may understand it differently.
    #[error("{0}")]
    Ambiguous(Ambiguity),
    /// Docker schema 1, or a schema version of the future.
    #[error("its schemaVersion is {0}, and only 2 is supported")]
    Schema(String),
}

/// The two ways to be malformed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScanOrShape {
    #[error("{0}")]
    Scan(ScanError),
    #[error("it has not the shape of {what}: {error}")]
    Shape {
        what: &'static str,
        error: ShapeError,
    },
    #[error(
        "it is neither an index nor a manifest: it has no `manifests`, no `config` and no `layers`"
    )]
    Neither,
    #[error("its mediaType says {says}, but it has the shape of {shape}")]
    TypeAgainstShape { says: String, shape: &'static str },
}

/// The ways to be ambiguous.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Ambiguity {
    #[error("{0}, so that readers may take either value")]
    Duplicate(ScanError),
    #[error(
        "`{path}` has a name `{name}` that some readers take for another one, since they ignore case"
    )]
    CaseVariant { path: String, name: String },
    #[error("it is an index and a manifest at once: `manifests` stands beside `{0}`")]
    BothShapes(&'static str),
}

const TOP: [&str; 13] = [
    "schemaVersion",
    "mediaType",
    "artifactType",
    "manifests",
    "config",
    "layers",
    "subject",
    "annotations",
    "fsLayers",
    "history",
    "signatures",
    "name",
    "tag",
];
const DESCRIPTOR: [&str; 8] = [
    "mediaType",
    "digest",
    "size",
    "urls",
    "annotations",
    "data",
    "platform",
    "artifactType",
];
const PLATFORM: [&str; 6] = [
    "architecture",
    "os",
    "os.version",
    "os.features",
    "variant",
    "features",
];
const CONFIG: [&str; 10] = [
    "architecture",
    "os",
    "os.version",
    "os.features",
    "variant",
    "author",
    "created",
    "config",
    "history",
    "rootfs",
];
const ROOTFS: [&str; 2] = ["type", "diff_ids"];

fn read(bytes: &[u8], role: Role) -> Content {
    let value = match scan::scan(bytes) {
        Ok(value) => value,
        Err(error @ ScanError::Duplicate { .. }) => {
            return Content::Flawed(Flaw::Ambiguous(Ambiguity::Duplicate(error)));
        }
        Err(error) => return malformed(ScanOrShape::Scan(error)),
    };
    match role {
        Role::Config => read_config(value),
        Role::Manifest => read_manifest(&value),
    }
}

fn read_config(value: Value) -> Content {
    let rootfs = value.get("rootfs").unwrap_or(&Value::Null);
    for (path, object, fields) in [
        ("config", &value, &CONFIG[..]),
        ("rootfs", rootfs, &ROOTFS[..]),
    ] {
        if let Some(flaw) = case_variant(path, object, fields) {
            return Content::Flawed(flaw);
        }
    }
    match Config::read(value) {
        Ok(config) => Content::Config(config),
        Err(error) => malformed(ScanOrShape::Shape {
            what: "an image config",
            error,
        }),
    }
}

fn read_manifest(value: &Value) -> Content {
    if let Some(flaw) = ambiguity(value) {
        return Content::Flawed(flaw);
    }
    let has = |name: &str| value.get(name).is_some();
    let says = value
        .get("mediaType")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let schema = value.get("schemaVersion").unwrap_or(&Value::Null);
    if media_type::kind(says) == Kind::Schema1 || schema.as_u64() != Some(2) && !schema.is_null() {
        return Content::Flawed(Flaw::Schema(schema.to_string()));
    }
    let is_index = has("manifests");
    if !is_index && !has("config") && !has("layers") {
        return malformed(ScanOrShape::Neither);
    }
    let (shape, kind) = if is_index {
        ("an index", Kind::Index)
    } else {
        ("a manifest", Kind::Manifest)
    };
    if !matches!(media_type::kind(says), Kind::Other) && media_type::kind(says) != kind {
        return malformed(ScanOrShape::TypeAgainstShape {
            says: says.to_owned(),
            shape,
        });
    }
    let content = if is_index {
        Index::read(value).map(Content::Index)
    } else {
        Manifest::read(value).map(Content::Manifest)
    };
    content.unwrap_or_else(|error| malformed(ScanOrShape::Shape { what: shape, error }))
}

/// Whether readers may disagree about an index or manifest.
fn ambiguity(value: &Value) -> Option<Flaw> {
    if let Some(flaw) = case_variant("the document", value, &TOP) {
        return Some(flaw);
    }
    if value.get("manifests").is_some() {
        let other = ["config", "layers", "fsLayers", "history"];
        if let Some(name) = other.into_iter().find(|name| value.get(name).is_some()) {
            return Some(Flaw::Ambiguous(Ambiguity::BothShapes(name)));
        }
    }
    let lists = ["manifests", "layers"].into_iter().flat_map(|name| {
        let items = value
            .get(name)
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        items
            .iter()
            .enumerate()
            .map(move |(at, item)| (format!("{name}[{at}]"), item))
    });
    let single = ["config", "subject"].into_iter();
    let single = single.filter_map(|name| Some((name.to_owned(), value.get(name)?)));
    for (path, descriptor) in lists.chain(single) {
        let platform = descriptor.get("platform").unwrap_or(&Value::Null);
        let flaw = case_variant(&path, descriptor, &DESCRIPTOR)
            .or_else(|| case_variant(&format!("{path}.platform"), platform, &PLATFORM));
        if flaw.is_some() {
            return flaw;
        }
    }
    None
}

fn case_variant(path: &str, object: &Value, fields: &[&str]) -> Option<Flaw> {
    let name = scan::case_variant(object, fields)?;
    Some(Flaw::Ambiguous(Ambiguity::CaseVariant {
        path: path.to_owned(),
        name,
    }))
}

fn malformed(reason: ScanOrShape) -> Content {
    Content::Flawed(Flaw::Malformed(reason))
}

#[cfg(test)]
mod tests;
