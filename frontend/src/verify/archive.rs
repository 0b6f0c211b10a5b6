//! An archive that the user chose, read piece by piece where it lies: nothing is sent anywhere and
//! it is never in memory as a whole. Between pieces the page stays free.

use std::collections::BTreeMap;

use js_sys::Uint8Array;
use polyarch_core::digest::{Digest, Hasher};
use polyarch_core::oci::{Descriptor, MAX_DOCUMENT};
use polyarch_core::reference::Target;
use polyarch_core::verify::archive::{
    ArchiveError, BLOCK, Part, Saved, TarIndex, content_type, diff_ids, made_manifest, only_entry,
};
use polyarch_core::verify::{Answer, Ask, Failure, FailureKind, Headers, LayerScanner, Received};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;
use yew::Callback;

/// Bytes between two moments in which the page may do other things.
const PIECE: u64 = 256 * 1024;

/// An archive and what a walk begins with.
pub(super) struct Archive {
    file: File,
    entries: BTreeMap<String, Part>,
    /// Blobs that are not where a layout keeps them.
    made: BTreeMap<Digest, Blob>,
    pub(super) target: Target,
    /// As the command line names its kind: `oci-archive` or `docker-archive`.
    pub(super) kind: &'static str,
    onread: Callback<u64>,
}

enum Blob {
    Bytes(Vec<u8>),
    File(Part),
}

impl Archive {
    /// Reads the headers and finds the image; `onread` is told of bytes as they are read.
    pub(super) async fn open(file: File, onread: Callback<u64>) -> Result<Self, String> {
        let mut index = TarIndex::default();
        while let Some(at) = index.next() {
            let block = read(&file, at, BLOCK as u64).await?;
            index.give(&block).map_err(|error| error.to_string())?;
        }
        let mut archive = Self {
            file,
            entries: index.into_entries(),
            made: BTreeMap::new(),
            target: Target::Tag(String::new()),
            kind: "oci-archive",
            onread,
        };
        let root = if archive.entries.contains_key("oci-layout") {
            archive.layout().await?
        } else if archive.entries.contains_key("manifest.json") {
            archive.kind = "docker-archive";
            archive.saved().await?
        } else {
            return Err(ArchiveError::NoImage.to_string());
        };
        archive.target = Target::Digest(root);
        Ok(archive)
    }

    async fn layout(&mut self) -> Result<Digest, String> {
        let index = self.document("index.json").await?;
        if let Some(only) = only_entry(&index) {
            return Ok(only);
        }
        let root = Digest::sha256(&index);
        self.made.insert(root.clone(), Blob::Bytes(index));
        Ok(root)
    }

    /// A manifest for what `docker save` keeps without one.
    async fn saved(&mut self) -> Result<Digest, String> {
        let listed = self.document("manifest.json").await?;
        let saved = Saved::read(&listed).map_err(|error| error.to_string())?;
        let config = self.document(&saved.config).await?;
        let known = diff_ids(&config);
        let mut layers = Vec::new();
        for (at, name) in saved.layers.iter().enumerate() {
            let part = self.part(name)?;
            let digest = match known.get(at) {
                Some(digest) => digest.clone(),
                None => self.hashed(part).await?,
            };
            layers.push((digest.clone(), part.size));
            self.made.insert(digest, Blob::File(part));
        }
        let config_digest = saved.config_digest(&config);
        let manifest = made_manifest(&config_digest, config.len(), &layers);
        let root = Digest::sha256(&manifest);
        self.made.insert(config_digest, Blob::Bytes(config));
        self.made.insert(root.clone(), Blob::Bytes(manifest));
        Ok(root)
    }

    fn part(&self, name: &str) -> Result<Part, String> {
        let part = self.entries.get(name).copied();
        part.ok_or_else(|| format!("it has no {name}"))
    }

    async fn document(&self, name: &str) -> Result<Vec<u8>, String> {
        let part = self.part(name)?;
        read(&self.file, part.offset, part.size.min(MAX_DOCUMENT + 1)).await
    }

    async fn hashed(&self, part: Part) -> Result<Digest, String> {
        let mut hasher = Hasher::new("sha256").ok_or("SHA-256 is not there")?;
        self.pieces(part, part.size, |piece| hasher.update(piece))
            .await?;
        Ok(hasher.finish())
    }

    /// Hands over at most `limit` bytes of a part.
    async fn pieces(
        &self,
        part: Part,
        limit: u64,
        mut take: impl FnMut(&[u8]),
    ) -> Result<(), String> {
        let size = part.size.min(limit);
        let mut at = 0;
        while at < size {
            let length = PIECE.min(size - at);
            let piece = read(&self.file, part.offset + at, length).await?;
            take(&piece);
            at += length;
            self.onread.emit(length);
        }
        Ok(())
    }

    fn blob(&self, digest: &Digest) -> Result<&Blob, Answer> {
        self.made.get(digest).ok_or_else(|| {
            let name = format!("blobs/{}/{}", digest.algorithm(), digest.encoded());
            not_found(&format!("there is no {name}"))
        })
    }

    /// Answers a question of the walk.
    pub(super) async fn answer(&self, ask: &Ask) -> Answer {
        match ask {
            Ask::Manifest {
                target: Target::Digest(digest),
                limit,
            }
            | Ask::Blob { digest, limit } => self.held(digest, *limit).await,
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

    fn place(&self, digest: &Digest) -> Option<Part> {
        let name = format!("blobs/{}/{}", digest.algorithm(), digest.encoded());
        self.entries.get(&name).copied()
    }

    async fn held(&self, digest: &Digest, limit: u64) -> Answer {
        let body = match (self.place(digest), self.blob(digest)) {
            (_, Ok(Blob::Bytes(bytes))) => Ok(bytes.clone()),
            (_, Ok(Blob::File(part))) => self.bytes(*part, limit).await,
            (Some(part), Err(_)) => self.bytes(part, limit).await,
            (None, Err(missing)) => return missing,
        };
        match body {
            Ok(body) if body.len() as u64 > limit => {
                let detail = format!("it is larger than {limit} bytes");
                Answer::Failed(Failure::new(FailureKind::TooLarge, detail))
            }
            Ok(body) => Answer::Document(Received {
                content_type: Some(content_type(&body)),
                digest_header: None,
                body,
            }),
            Err(why) => Answer::Failed(Failure::new(FailureKind::Unreachable, why)),
        }
    }

    async fn bytes(&self, part: Part, limit: u64) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        let most = limit.saturating_add(1);
        self.pieces(part, most, |piece| bytes.extend_from_slice(piece))
            .await?;
        Ok(bytes)
    }

    fn head(&self, digest: &Digest) -> Answer {
        let size = match (self.place(digest), self.blob(digest)) {
            (_, Ok(Blob::Bytes(bytes))) => bytes.len() as u64,
            (_, Ok(Blob::File(part))) => part.size,
            (Some(part), Err(_)) => part.size,
            (None, Err(missing)) => return missing,
        };
        Answer::Head(Headers {
            size: Some(size),
            ..Headers::default()
        })
    }

    async fn layer(&self, descriptor: &Descriptor) -> Answer {
        let part = match (
            self.place(&descriptor.digest),
            self.blob(&descriptor.digest),
        ) {
            (_, Ok(Blob::File(part))) => *part,
            (Some(part), _) => part,
            (None, Ok(Blob::Bytes(_))) => return not_found("a layer is a file of the archive"),
            (None, Err(missing)) => return missing,
        };
        // More than its descriptor says, so that a wrong size is told from wrong content.
        let limit = descriptor.size.saturating_mul(2).saturating_add(64 << 20);
        let mut scanner = LayerScanner::new(descriptor);
        match self.pieces(part, limit, |piece| scanner.write(piece)).await {
            Ok(()) => Answer::Layer(Box::new(scanner.finish())),
            Err(why) => Answer::Failed(Failure::new(FailureKind::Unreachable, why)),
        }
    }
}

fn not_found(detail: &str) -> Answer {
    Answer::Failed(Failure::new(FailureKind::NotFound, detail))
}

/// Bytes of the file; fewer where it ends.
#[expect(clippy::cast_precision_loss, reason = "no file has 2^53 bytes")]
async fn read(file: &File, offset: u64, length: u64) -> Result<Vec<u8>, String> {
    let broken = |_| "the file can no longer be read".to_owned();
    let end = offset.saturating_add(length);
    let slice = file
        .slice_with_f64_and_f64(offset as f64, end as f64)
        .map_err(broken)?;
    let buffer = JsFuture::from(slice.array_buffer()).await.map_err(broken)?;
    Ok(Uint8Array::new(buffer.unchecked_ref()).to_vec())
}
