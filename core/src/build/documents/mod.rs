//! The documents that a build would push: index, manifests, configs and attestations.
//!
//! Models BuildKit's image exporter (`exporter/containerimage/writer.go`) in its generations, and
//! dockerd's own push where the daemon has no containerd image store. What only a build can know
//! (layers, times, statements) comes from a [`Known`] file or is made up deterministically; a
//! document with anything made up in it is marked as simulated.

mod attestation;
mod docker_push;
mod export;
mod generation;
mod image;
mod known;
mod layer;

#[cfg(test)]
mod tests;

use serde::Serialize;

use super::{BuiltImage, Outcome, PlatformOutcome};
use crate::digest::Digest;
use crate::oci::media_type;
use crate::oci::write::{Descriptor, Index};
use crate::platform::Platform;

pub use export::{
    Annotations, Export, ExportError, ExportFlags, LayerCompression, Provenance, Writer,
};
pub use known::{Known, KnownError, PlatformFacts};

/// A predicted document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub kind: Kind,
    /// The image's platform; for an attestation, the platform that it is about.
    pub platform: Option<Platform>,
    pub media_type: String,
    pub digest: Digest,
    /// Something in it, or in what it names, is made up.
    pub simulated: bool,
    pub bytes: Vec<u8>,
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Index,
    Manifest,
    Config,
    AttestationManifest,
    AttestationConfig,
}

impl Document {
    fn new(kind: Kind, platform: Option<&Platform>, media_type: &str, bytes: Vec<u8>) -> Self {
        Self {
            kind,
            platform: platform.cloned(),
            media_type: media_type.to_owned(),
            digest: Digest::sha256(&bytes),
            simulated: true,
            bytes,
        }
    }

    /// What names it.
    fn descriptor(&self) -> Descriptor {
        let size = self.bytes.len() as u64;
        Descriptor::new(&self.media_type, self.digest.clone(), size)
    }

    fn simulated_if(mut self, simulated: bool) -> Self {
        self.simulated = simulated;
        self
    }
}

/// What `export` writes for the images of `outcome`: the index, then each platform's manifest and
/// config, then the attestations. Empty where a platform fails, since then nothing is exported,
/// and where the output is no image.
///
/// # Errors
/// BuildKit's refusal of options that do not go together.
pub fn predict(
    outcome: &Outcome,
    export: &Export,
    known: &Known,
) -> Result<Vec<Document>, ExportError> {
    if !export.writes_images {
        return Ok(Vec::new());
    }
    let mut builds = Vec::new();
    for platform in &outcome.platforms {
        match &platform.result {
            Ok(image) => builds.push((platform, image)),
            Err(_) => return Ok(Vec::new()),
        }
    }
    export.check(&builds)?;
    let exporter = Exporter { export, known };
    Ok(if export.is_indexed(&builds) {
        exporter.index(&builds)
    } else {
        exporter.bare(&builds)
    })
}

/// An export under way.
struct Exporter<'a> {
    export: &'a Export,
    known: &'a Known,
}

type Build<'a> = (&'a PlatformOutcome, &'a BuiltImage);

impl Exporter<'_> {
    /// An index or a manifest as this export's BuildKit writes it.
    fn bytes<T: Serialize>(&self, document: &T) -> Vec<u8> {
        generation::document_bytes(document, self.export.buildkit)
    }

    fn bare(&self, builds: &[Build<'_>]) -> Vec<Document> {
        let images = builds.iter();
        images
            .flat_map(|(platform, image)| {
                let annotations = self.export.annotations.manifest(None);
                let (manifest, config) = self.image(platform, image, annotations);
                [manifest, config]
            })
            .collect()
    }

    fn index(&self, builds: &[Build<'_>]) -> Vec<Document> {
        let (mut images, mut attestations) = (Vec::new(), Vec::new());
        let (mut entries, mut attestation_entries) = (Vec::new(), Vec::new());
        for build in builds {
            let (platform, image) = build;
            let annotations = self.export.annotations.manifest(Some(&image.platform));
            let (manifest, config) = self.image(platform, image, annotations);
            let subject = manifest.descriptor();
            if self.export.attests(build) {
                let (entry, documents) = self.attestation(image, &subject, manifest.simulated);
                attestation_entries.push(entry);
                attestations.extend(documents);
            }
            let annotations = self.export.annotations.descriptor(&image.platform);
            let entry = subject.with_annotations(annotations);
            entries.push(entry.with_platform(&image.platform));
            images.extend([manifest, config]);
        }
        entries.extend(attestation_entries);
        let media_type = if self.export.oci_types {
            media_type::OCI_INDEX
        } else {
            media_type::DOCKER_LIST
        };
        let mut index = Index::new(media_type, entries);
        index.annotations = self.export.annotations.index();
        let simulated = images.iter().chain(&attestations).any(|d| d.simulated);
        let mut documents = vec![
            Document::new(Kind::Index, None, media_type, self.bytes(&index))
                .simulated_if(simulated),
        ];
        documents.extend(images);
        documents.extend(attestations);
        documents
    }
}
