//! What `docker save` writes.
//!
//! Docker 25 and newer put an OCI layout into the same archive; that is read like any other. Older
//! ones, and podman, keep only configs and unpacked layers: a manifest is made from them, and its
//! digest is of no registry. Source: moby, `image/tarexport/save.go`.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use polyarch_core::digest::{Digest, Hasher};
use polyarch_core::oci::MAX_DOCUMENT;
use polyarch_core::verify::archive::{self, Saved};

use super::archive as tar;
use super::files::Files;
use super::layout::{Blob, Layout};
use crate::error::CliError;

const NOTE: &str = "this archive keeps no manifest; one was made from its config and layers, so \
    its digest is not that of any registry, and how a registry would compress the layers is not \
    known";

/// Opens the archive as a layout, with what the user should know about it.
pub(super) fn open(file: &Path) -> Result<(Layout, Option<&'static str>), CliError> {
    let files = tar::open(file)?;
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
    let saved = Saved::read(&listed).map_err(|error| error.to_string())?;
    let config = document(&files, &saved.config)?;
    let diff_ids = archive::diff_ids(&config);
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
        layers.push((digest.clone(), size));
        blobs.insert(digest, Blob::File(name.clone()));
    }
    let config_digest = saved.config_digest(&config);
    let manifest = archive::made_manifest(&config_digest, config.len(), &layers);
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
