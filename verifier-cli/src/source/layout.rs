//! An OCI image layout: `oci-layout`, `index.json`, and blobs named by digest.
//!
//! Source: image-spec `image-layout.md`. `index.json` lists what is tagged; with one entry that is
//! the thing meant, with several and no tag the list itself is taken for the index.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;

use polyarch_core::digest::Digest;
use polyarch_core::oci::{Descriptor, MAX_DOCUMENT};
use polyarch_core::reference::Target;
use polyarch_core::verify::{Answer, Ask, Failure, FailureKind, Headers};
use serde_json::Value;

use super::document::within_limit;
use super::files::Files;
use crate::error::CliError;
use crate::layer;

/// The annotation that holds an entry's tag.
const REF_NAME: &str = "org.opencontainers.image.ref.name";

/// containerd's full name, which `docker save` writes beside the tag.
const IMAGE_NAME: &str = "io.containerd.image.name";

/// An opened layout.
#[derive(Debug)]
pub(super) struct Layout {
    files: Files,
    /// What a walk starts with where no tag is asked for and there is no single entry.
    root: Digest,
    entries: Vec<Entry>,
    /// Blobs that are not where a layout keeps them.
    elsewhere: BTreeMap<Digest, Blob>,
}

/// A blob under another name, or in memory.
#[derive(Debug)]
pub(super) enum Blob {
    Bytes(Vec<u8>),
    File(String),
}

#[derive(Debug)]
struct Entry {
    digest: Digest,
    names: Vec<String>,
}

impl Layout {
    /// Reads the two files that make a folder a layout.
    pub(super) fn open(place: &Path, files: Files) -> Result<Self, CliError> {
        let read = |name: &str| {
            let bytes = files
                .read(name, MAX_DOCUMENT)
                .map_err(|source| CliError::Read {
                    path: place.join(name),
                    source,
                })?;
            bytes.ok_or_else(|| {
                CliError::Usage(format!(
                    "{} is not an OCI layout: it has no {name}",
                    place.display()
                ))
            })
        };
        read("oci-layout")?;
        let index = read("index.json")?;
        let value: Value = serde_json::from_slice(&index).map_err(|error| {
            CliError::Usage(format!(
                "{} is not an OCI layout: its index.json is not JSON ({error})",
                place.display()
            ))
        })?;
        let listed = value.get("manifests").and_then(Value::as_array);
        let entries = listed.into_iter().flatten().filter_map(Entry::of).collect();
        let root = Digest::sha256(&index);
        Ok(Self {
            files,
            entries,
            elsewhere: BTreeMap::from([(root.clone(), Blob::Bytes(index))]),
            root,
        })
    }

    /// Something that is no layout, arranged as one: `root` is among the blobs.
    pub(super) fn made(files: Files, root: Digest, blobs: BTreeMap<Digest, Blob>) -> Self {
        Self {
            files,
            root,
            entries: Vec::new(),
            elsewhere: blobs,
        }
    }

    /// What a walk starts with: the entry of that tag, the only entry, or the list itself.
    pub(super) fn target(&self, tag: Option<&str>) -> Target {
        match (tag, self.entries.as_slice()) {
            (Some(tag), entries) => entries
                .iter()
                .find(|entry| entry.names.iter().any(|name| is_named(name, tag)))
                .map_or_else(
                    || Target::Tag(tag.to_owned()),
                    |entry| Target::Digest(entry.digest.clone()),
                ),
            (None, [only]) => Target::Digest(only.digest.clone()),
            (None, _) => Target::Digest(self.root.clone()),
        }
    }

    /// Answers from the files.
    pub(super) async fn answer(&self, ask: &Ask) -> Answer {
        match ask {
            Ask::Manifest {
                target: Target::Digest(digest),
                limit,
            } => self.document(digest, *limit),
            Ask::Blob { digest, limit } => self.document(digest, *limit),
            Ask::ManifestHead {
                target: Target::Digest(digest),
            }
            | Ask::BlobHead { digest }
            | Ask::BlobProbe { digest } => self.head(digest),
            Ask::Manifest {
                target: Target::Tag(tag),
                ..
            }
            | Ask::ManifestHead {
                target: Target::Tag(tag),
            } => not_found(&format!("index.json has no entry named {tag}")),
            Ask::Layer { descriptor } => self.layer(descriptor).await,
        }
    }

    fn document(&self, digest: &Digest, limit: u64) -> Answer {
        let name = match self.elsewhere.get(digest) {
            Some(Blob::Bytes(bytes)) => return within_limit(bytes.clone(), limit),
            Some(Blob::File(name)) => name.clone(),
            None => blob_name(digest),
        };
        match self.files.read(&name, limit) {
            Ok(Some(bytes)) => within_limit(bytes, limit),
            Ok(None) => not_found(&format!("there is no {name}")),
            Err(error) => unreadable(&name, &error),
        }
    }

    async fn layer(&self, descriptor: &Descriptor) -> Answer {
        let reader = match self.open_blob(&descriptor.digest) {
            Ok((_, reader)) => reader,
            Err(failed) => return failed,
        };
        let reader = Box::new(reader.take(layer::limit(descriptor)));
        match layer::scan_reader(descriptor, reader).await {
            Ok(facts) => Answer::Layer(Box::new(facts)),
            Err(error) => unreadable(descriptor.digest.as_str(), &error),
        }
    }

    fn head(&self, digest: &Digest) -> Answer {
        match self.open_blob(digest) {
            Ok((size, _)) => Answer::Head(Headers {
                size: Some(size),
                ..Headers::default()
            }),
            Err(failed) => failed,
        }
    }

    /// A blob's size and content, or the answer that says why there is none.
    fn open_blob(&self, digest: &Digest) -> Result<(u64, Box<dyn Read + Send>), Answer> {
        let name = match self.elsewhere.get(digest) {
            Some(Blob::Bytes(bytes)) => {
                let size = bytes.len() as u64;
                return Ok((size, Box::new(Cursor::new(bytes.clone()))));
            }
            Some(Blob::File(name)) => name.clone(),
            None => blob_name(digest),
        };
        match self.files.open(&name) {
            Ok(Some(opened)) => Ok(opened),
            Ok(None) => Err(not_found(&format!("there is no {name}"))),
            Err(error) => Err(unreadable(&name, &error)),
        }
    }
}

impl Entry {
    fn of(value: &Value) -> Option<Self> {
        let digest = value.get("digest")?.as_str()?.parse().ok()?;
        let annotation = |key: &str| {
            let text = value.get("annotations")?.get(key)?.as_str()?;
            Some(text.to_owned())
        };
        let names = [annotation(REF_NAME), annotation(IMAGE_NAME)];
        Some(Self {
            digest,
            names: names.into_iter().flatten().collect(),
        })
    }
}

/// A name is a tag, or a reference that ends with one.
fn is_named(name: &str, tag: &str) -> bool {
    name == tag
        || name
            .rsplit_once(':')
            .is_some_and(|(_, end)| end == tag && !end.contains('/'))
}

/// The digest's grammar leaves no room for `..` or a slash.
fn blob_name(digest: &Digest) -> String {
    format!("blobs/{}/{}", digest.algorithm(), digest.encoded())
}

fn not_found(detail: &str) -> Answer {
    Answer::Failed(Failure::new(FailureKind::NotFound, detail))
}

fn unreadable(name: &str, error: &std::io::Error) -> Answer {
    let detail = format!("{name} cannot be read: {error}");
    Answer::Failed(Failure::new(FailureKind::Unreachable, detail))
}
