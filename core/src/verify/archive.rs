//! Archives of images: which file is where in a tar, and what `docker save` keeps.
//!
//! Drivers read the file and hand its pieces in; nothing is unpacked. Names longer than a header
//! holds are not read: no layout has them. Sources: POSIX `ustar`, image-spec `image-layout.md`,
//! moby `image/tarexport/save.go`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::digest::Digest;
use crate::oci::media_type;

/// Size of a header, and of what everything in a tar is filled up to.
pub const BLOCK: usize = 512;

/// More files than any image has.
const MOST_ENTRIES: usize = 100_000;

/// Most layers of one image.
const MOST_LAYERS: usize = 1_000;

/// Docker's type of a layer that is not compressed.
const LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar";

/// Where a file is within an archive, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub offset: u64,
    pub size: u64,
}

/// Reads the headers of a tar, one after the other.
#[derive(Debug, Default)]
pub struct TarIndex {
    entries: BTreeMap<String, Part>,
    at: u64,
    ended: bool,
}

/// Why a file is no archive that can be looked into.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    #[error("it is compressed; unpack it to a plain tar first (gunzip, zstd -d)")]
    Compressed,
    #[error("it is not a tar: there is no header at byte {0}")]
    NoTar(u64),
    #[error("it holds more than {MOST_ENTRIES} files, which no image layout does")]
    TooMany,
    #[error("it has neither an oci-layout nor a manifest.json of `docker save`")]
    NoImage,
    #[error("its manifest.json is not one of `docker save`: {0}")]
    NoList(String),
    #[error("it holds {0} images; save the one to verify into an archive of its own")]
    Images(usize),
    #[error("its image has more than {MOST_LAYERS} layers")]
    TooManyLayers,
}

impl TarIndex {
    /// Where the next header is; `None` once all were read.
    pub fn next(&self) -> Option<u64> {
        (!self.ended).then_some(self.at)
    }

    /// Takes the header that [`TarIndex::next`] asked for; a short one is the end of the file.
    pub fn give(&mut self, block: &[u8]) -> Result<(), ArchiveError> {
        if self.at == 0 && matches!(block, [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..]) {
            return Err(ArchiveError::Compressed);
        }
        if self.at > 0 && (block.len() < BLOCK || block.iter().all(|byte| *byte == 0)) {
            self.ended = true;
            return Ok(());
        }
        let size = block.get(124..136).and_then(number);
        let (Some(size), true) = (size, checks(block)) else {
            return Err(ArchiveError::NoTar(self.at));
        };
        let offset = self.at.saturating_add(BLOCK as u64);
        if matches!(block.get(156), Some(b'0' | 0)) {
            if self.entries.len() == MOST_ENTRIES {
                return Err(ArchiveError::TooMany);
            }
            self.entries.insert(name(block), Part { offset, size });
        }
        let filled = size.div_ceil(BLOCK as u64).saturating_mul(BLOCK as u64);
        self.at = offset.saturating_add(filled);
        Ok(())
    }

    /// The files by their names.
    pub fn into_entries(self) -> BTreeMap<String, Part> {
        self.entries
    }
}

/// Whether the header's check sum is right; it counts its own field as blanks.
fn checks(block: &[u8]) -> bool {
    let Some(stated) = block.get(148..156).and_then(number) else {
        return false;
    };
    let sum = block.iter().take(BLOCK).enumerate().map(|(at, byte)| {
        if (148..156).contains(&at) {
            u64::from(b' ')
        } else {
            u64::from(*byte)
        }
    });
    block.len() >= BLOCK && sum.sum::<u64>() == stated
}

/// Octal digits, or GNU's binary form behind a high bit.
fn number(field: &[u8]) -> Option<u64> {
    if let [first, rest @ ..] = field
        && first & 0x80 != 0
    {
        let bytes = rest.iter().rev().take(8).rev();
        return Some(bytes.fold(0, |value, byte| value << 8 | u64::from(*byte)));
    }
    let text = std::str::from_utf8(field).ok()?;
    u64::from_str_radix(text.trim_matches([' ', '\0']), 8).ok()
}

fn name(block: &[u8]) -> String {
    let text = |from: usize, to: usize| {
        let field = block.get(from..to).unwrap_or_default();
        let end = field
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(field.len());
        String::from_utf8_lossy(field.get(..end).unwrap_or_default()).into_owned()
    };
    let (name, prefix) = (text(0, 100), text(345, 500));
    let ustar = block.get(257..263) == Some(b"ustar\0".as_slice());
    let whole = if ustar && !prefix.is_empty() {
        format!("{prefix}/{name}")
    } else {
        name
    };
    whole.trim_start_matches("./").to_owned()
}

/// One image of `manifest.json`: names of files in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Saved {
    pub config: String,
    pub layers: Vec<String>,
}

impl Saved {
    /// Reads `manifest.json`, which must list one image.
    pub fn read(manifest: &[u8]) -> Result<Self, ArchiveError> {
        let saved: Vec<Self> = serde_json::from_slice(manifest)
            .map_err(|error| ArchiveError::NoList(error.to_string()))?;
        let count = saved.len();
        let [saved] = <[Self; 1]>::try_from(saved).map_err(|_| ArchiveError::Images(count))?;
        if saved.layers.len() > MOST_LAYERS {
            return Err(ArchiveError::TooManyLayers);
        }
        Ok(saved)
    }

    /// The config's digest: its name, `<hex>.json` or `blobs/sha256/<hex>`, else that of its bytes.
    pub fn config_digest(&self, config: &[u8]) -> Digest {
        let file = self.config.rsplit('/').next().unwrap_or_default();
        let hex = file.strip_suffix(".json").unwrap_or(file);
        let named = format!("sha256:{hex}").parse();
        named.unwrap_or_else(|_| Digest::sha256(config))
    }
}

/// What a config says its layers are when unpacked. A text that is no digest ends the list:
/// positions must not shift.
pub fn diff_ids(config: &[u8]) -> Vec<Digest> {
    let value: Value = serde_json::from_slice(config).unwrap_or_default();
    let listed = value
        .pointer("/rootfs/diff_ids")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    listed
        .iter()
        .map_while(|id| id.as_str()?.parse().ok())
        .collect()
}

/// A manifest for what `docker save` keeps without one. Its digest is of no registry.
pub fn made_manifest(config: &Digest, config_size: usize, layers: &[(Digest, u64)]) -> Vec<u8> {
    let layers = layers.iter().map(
        |(digest, size)| json!({ "mediaType": LAYER, "digest": digest.as_str(), "size": size }),
    );
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": media_type::DOCKER_MANIFEST,
        "config": {
            "mediaType": media_type::DOCKER_CONFIG,
            "digest": config.as_str(),
            "size": config_size,
        },
        "layers": layers.collect::<Vec<_>>(),
    });
    manifest.to_string().into_bytes()
}

/// The only entry of a layout's `index.json`; `None` where the list itself is meant.
pub fn only_entry(index: &[u8]) -> Option<Digest> {
    let value: Value = serde_json::from_slice(index).ok()?;
    match value.get("manifests")?.as_array()?.as_slice() {
        [only] => only.get("digest")?.as_str()?.parse().ok(),
        _ => None,
    }
}

/// Files have no `Content-Type`: the document's own `mediaType` stands in, else its form.
pub fn content_type(body: &[u8]) -> String {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let own = value.get("mediaType").and_then(Value::as_str);
    let by_form = || {
        if value.get("manifests").is_some() {
            media_type::OCI_INDEX
        } else {
            media_type::OCI_MANIFEST
        }
    };
    own.unwrap_or_else(by_form).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str, size: &str, kind: u8) -> Vec<u8> {
        let mut block = vec![0; BLOCK];
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[124..124 + size.len()].copy_from_slice(size.as_bytes());
        block[156] = kind;
        block[148..156].fill(b' ');
        let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
        block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        block
    }

    #[test]
    fn headers_follow_each_other_by_their_sizes() {
        let mut index = TarIndex::default();
        for (at, block) in [
            (0, header("./index.json", "00000001000", b'0')),
            (1024, header("blobs/", "0", b'5')),
            (1536, header("blobs/x", "1", b'0')),
            (2560, vec![0; BLOCK]),
        ] {
            assert_eq!(index.next(), Some(at));
            index.give(&block).unwrap();
        }
        assert_eq!(index.next(), None);
        let entries = index.into_entries();
        let part = |offset, size| Some(Part { offset, size });
        assert_eq!(entries.get("index.json").copied(), part(512, 512));
        assert_eq!(entries.get("blobs/x").copied(), part(2048, 1));
        assert_eq!(entries.len(), 2);
    }

    #[test]
    fn what_is_no_tar_is_refused() {
        let refusal = |block: &[u8]| TarIndex::default().give(block).unwrap_err();
        assert_eq!(refusal(&[0x1f, 0x8b, 8]), ArchiveError::Compressed);
        assert_eq!(refusal(b"{}"), ArchiveError::NoTar(0));
        let mut flipped = header("a", "0", b'0');
        flipped[0] = b'b';
        assert_eq!(refusal(&flipped), ArchiveError::NoTar(0));
    }

    #[test]
    fn a_saved_image_gets_a_manifest() {
        let text = br#"[{"Config":"a.json","RepoTags":["x:1"],"Layers":["b/layer.tar"]}]"#;
        let saved = Saved::read(text).unwrap();
        assert_eq!(saved.layers, ["b/layer.tar"]);
        assert_eq!(saved.config_digest(b"{}"), Digest::sha256(b"{}"));
        assert_eq!(Saved::read(b"[]"), Err(ArchiveError::Images(0)));
        let digest = Digest::sha256(b"l");
        let manifest = made_manifest(&digest, 2, &[(digest.clone(), 10)]);
        assert_eq!(content_type(&manifest), media_type::DOCKER_MANIFEST);
        let config = format!("{{\"rootfs\":{{\"diff_ids\":[\"{digest}\",\"no\"]}}}}");
        assert_eq!(diff_ids(config.as_bytes()), std::slice::from_ref(&digest));
        let index = format!("{{\"manifests\":[{{\"digest\":\"{digest}\"}}]}}");
        assert_eq!(only_entry(index.as_bytes()), Some(digest));
        assert_eq!(only_entry(b"{\"manifests\":[]}"), None);
    }
}
