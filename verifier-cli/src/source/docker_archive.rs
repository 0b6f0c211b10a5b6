//! What `docker save` writes.
//!
//! Docker 25 and newer put an OCI layout into the same archive; that is read like any other. Older
//! ones, and podman, keep only configs and unpacked layers: a manifest is made from them, and its
//! digest is of no registry. Source: moby, `image/tarexport/save.go`.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use polyarch_core::digest::{Digest, Hasher};
use polyarch_core::oci::{MAX_DOCUMENT, media_type};
use serde::Deserialize;
use serde_json::{Value, json};

use super::archive;
use super::files::Files;
use super::layout::{Blob, Layout};
use crate::error::CliError;

/// Docker's type of a layer that is not compressed.
const LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar";

const NOTE: &str = "this archive keeps no manifest; one was made from its config and layers, so \
    its digest is not that of any registry, and how a registry would compress the layers is not \
    known";

/// Most layers of one image.
const MOST_LAYERS: usize = 1_000;

/// One image of `manifest.json`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Saved {
    config: String,
    layers: Vec<String>,
}

/// Opens the archive as a layout, with what the user should know about it.
pub(super) fn open(file: &Path) -> Result<(Layout, Option<&'static str>), CliError> {
    let files = archive::open(file)?;
    let has_layout = files
        .open("oci-layout")
        .map_err(|source| CliError::Read {
            path: file.to_owned(),
            source,
        })?
        .is_some();
    if has_layout {
        return Ok((Layout::open(file, files)?, None));
    }
    let made = convert(files)
        .map_err(|problem| CliError::Usage(format!("{}: {problem}", file.display())))?;
    Ok((made, Some(NOTE)))
}

fn convert(files: Files) -> Result<Layout, String> {
    let listed = document(&files, "manifest.json")?;
    let saved: Vec<Saved> = serde_json::from_slice(&listed)
        .map_err(|error| format!("its manifest.json is not one of `docker save`: {error}"))?;
    let [saved] = saved.as_slice() else {
        return Err(format!(
            "it holds {} images; save the one to verify into an archive of its own",
            saved.len()
        ));
    };
    if saved.layers.len() > MOST_LAYERS {
        return Err(format!("its image has more than {MOST_LAYERS} layers"));
    }
    let config = document(&files, &saved.config)?;
    let diff_ids = diff_ids(&config);
    let mut blobs = BTreeMap::new();
    let mut layers = Vec::new();
    for (position, name) in saved.layers.iter().enumerate() {
        // The config says what the layer must be; whether it is that, a deep look tells.
        let digest = match diff_ids.get(position) {
            Some(digest) => digest.clone(),
            None => hashed(&files, name)?,
        };
        let size = files
            .open(name)
            .map_err(|error| format!("its {name} cannot be read: {error}"))?
            .map_or(0, |(size, _)| size);
        layers.push(json!({ "mediaType": LAYER, "digest": digest.as_str(), "size": size }));
        blobs.insert(digest, Blob::File(name.clone()));
    }
    let config_digest = named(&saved.config).unwrap_or_else(|| Digest::sha256(&config));
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": media_type::DOCKER_MANIFEST,
        "config": {
            "mediaType": media_type::DOCKER_CONFIG,
            "digest": config_digest.as_str(),
            "size": config.len(),
        },
        "layers": layers,
    });
    let manifest = manifest.to_string().into_bytes();
    let root = Digest::sha256(&manifest);
    blobs.insert(config_digest, Blob::Bytes(config));
    blobs.insert(root.clone(), Blob::Bytes(manifest));
    Ok(Layout::made(files, root, blobs))
}

fn document(files: &Files, name: &str) -> Result<Vec<u8>, String> {
    files
        .read(name, MAX_DOCUMENT)
        .map_err(|error| format!("its {name} cannot be read: {error}"))?
        .ok_or_else(|| format!("it is not an archive of `docker save`: it has no {name}"))
}

fn diff_ids(config: &[u8]) -> Vec<Digest> {
    let value: Value = serde_json::from_slice(config).unwrap_or_default();
    let listed = value
        .pointer("/rootfs/diff_ids")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    // A text that is no digest ends the list: positions must not shift.
    listed
        .iter()
        .map_while(|id| id.as_str()?.parse().ok())
        .collect()
}

/// The digest that is a config's name: `<hex>.json` or `blobs/sha256/<hex>`.
fn named(name: &str) -> Option<Digest> {
    let file = name.rsplit('/').next()?;
    let hex = file.strip_suffix(".json").unwrap_or(file);
    format!("sha256:{hex}").parse().ok()
}

fn hashed(files: &Files, name: &str) -> Result<Digest, String> {
    let broken = |error: std::io::Error| format!("its {name} cannot be read: {error}");
    let (_, mut reader) = files
        .open(name)
        .map_err(broken)?
        .ok_or_else(|| format!("it has no {name}, which its manifest.json names"))?;
    let mut hasher = Hasher::new("sha256").ok_or("SHA-256 is not there")?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match reader.read(&mut buffer).map_err(broken)? {
            0 => return Ok(hasher.finish()),
            read => hasher.update(&buffer[..read]),
        }
    }
}
