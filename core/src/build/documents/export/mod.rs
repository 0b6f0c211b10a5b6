//! How a build is told to write its images, with the defaults of the tools in use filled in.

mod annotations;
mod error;
mod flags;

use std::collections::BTreeMap;

use super::{Build, generation};
use crate::digest::Digest;
use crate::environment::{Driver, Environment, ImageStore, Version};
use crate::oci::media_type;

pub use annotations::Annotations;
pub use error::ExportError;
pub use flags::ExportFlags;

use flags::{Asked, Output};

/// An export's settings, all decided.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of BuildKit's exporter by its own name"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// False for outputs that are no image: files, a tar, or nothing.
    pub writes_images: bool,
    pub writer: Writer,
    /// Whose ways of writing are followed.
    pub buildkit: Version,
    pub oci_types: bool,
    /// Attestations are OCI artifacts.
    pub oci_artifact: bool,
    pub compression: LayerCompression,
    /// Layers of base images are converted too.
    pub force_compression: bool,
    pub provenance: Provenance,
    pub sbom: bool,
    /// Provenance is of SLSA 1, not 0.2.
    pub slsa_1: bool,
    /// An attestation makes an index of a single image too, whether it was asked for or not.
    pub force_inline: bool,
    pub annotations: Annotations,
    pub inline_cache: bool,
    /// Whether there is an index without attestations; by the number of platforms where absent.
    pub multi_platform: Option<bool>,
    /// `rewrite-timestamp=true` with an epoch, in seconds.
    pub rewrite_timestamp: Option<i64>,
}

/// Who writes the documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    BuildKit,
    /// dockerd, from its own image store.
    DockerPush,
}

/// How new layers are packed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LayerCompression {
    #[default]
    Gzip,
    Zstd,
    Estargz,
    Uncompressed,
}

/// Whether provenance is recorded, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provenance {
    Off,
    /// buildx asks for a minimal one by itself.
    ByDefault,
    Min,
    Max,
}

impl Provenance {
    /// Whether there is any.
    pub fn is_on(self) -> bool {
        self != Self::Off
    }
}

impl LayerCompression {
    /// The OCI type of such a layer.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Gzip | Self::Estargz => media_type::OCI_LAYER_GZIP,
            Self::Zstd => media_type::OCI_LAYER_ZSTD,
            Self::Uncompressed => media_type::OCI_LAYER,
        }
    }
}

impl Export {
    /// What `flags` mean to the tools of `environment`.
    ///
    /// # Errors
    /// What buildx or BuildKit refuse before anything is built.
    pub fn new(flags: &ExportFlags, environment: &Environment) -> Result<Self, ExportError> {
        let output = flags.output()?;
        let mut annotations = Annotations::from_flags(&flags.annotations)?;
        annotations.add_attributes(&output.attributes)?;
        let in_daemon = matches!(environment.driver, Driver::Docker | Driver::Legacy)
            && environment.store == ImageStore::GraphDriver;
        let asked = flags.attestations()?;
        let (provenance, sbom) = attestations(asked, flags, environment, in_daemon)?;
        let attested = provenance.is_on() || sbom;
        let buildkit = environment.buildkit;
        let compression = output.compression()?;
        let forced = generation::forces_oci_types(buildkit)
            && (attested
                || annotations.needs_oci()
                || compression == LayerCompression::Estargz
                || output.flag("oci-artifact")? == Some(true));
        let default = buildkit.at_least(0, 31) || output.kind == "oci";
        let oci_types = forced || output.flag("oci-mediatypes")?.unwrap_or(default);
        let oci_artifact = output
            .flag("oci-artifact")?
            .unwrap_or(!flags.no_default_oci_artifact && buildkit.at_least(0, 32) && oci_types);
        if compression == LayerCompression::Estargz && !oci_types {
            return Err(ExportError::EstargzWithoutOci);
        }
        if oci_artifact && !oci_types {
            return Err(ExportError::ArtifactWithoutOci);
        }
        let force_inline = output.flag("attestation-inline")?;
        let rewrite = output.flag("rewrite-timestamp")? == Some(true);
        let epoch = output.attributes.get("source-date-epoch");
        let epoch = epoch.or(flags.source_date_epoch.as_ref());
        let export = Self {
            writes_images: output.writes_images(),
            writer: Writer::BuildKit,
            buildkit,
            oci_types,
            oci_artifact,
            compression,
            force_compression: output.flag("force-compression")? == Some(true),
            provenance,
            sbom,
            slsa_1: asked.slsa_1.unwrap_or(generation::has_slsa_1(buildkit)),
            force_inline: force_inline.unwrap_or(output.kind != "oci"),
            annotations,
            inline_cache: flags.inline_cache(),
            multi_platform: flags.multi_platform.as_deref().and_then(flags::boolean),
            rewrite_timestamp: epoch.filter(|_| rewrite).and_then(|text| text.parse().ok()),
        };
        Ok(if in_daemon {
            export.in_daemon()
        } else {
            export
        })
    }

    /// dockerd keeps plain Docker images and knows nothing of what it cannot write.
    fn in_daemon(self) -> Self {
        Self {
            writer: Writer::DockerPush,
            oci_types: false,
            oci_artifact: false,
            compression: LayerCompression::Gzip,
            force_compression: false,
            annotations: Annotations::default(),
            rewrite_timestamp: None,
            ..self
        }
    }

    /// Whether attestations are made for images that have a file system to attest.
    pub(super) fn is_attested(&self) -> bool {
        self.provenance.is_on() || self.sbom
    }

    /// Whether this image gets an attestation. One without any layer has no result to attest
    /// (`solver/llbsolver/proc/{provenance,sbom}.go` go past it).
    pub(super) fn attests(&self, (platform, image): &Build<'_>) -> bool {
        let has_layers = image.base.is_some() || image.history.iter().any(|e| !e.empty_layer);
        self.is_attested() && (has_layers || !platform.steps.is_empty())
    }

    /// Whether the images are written with an index.
    pub(super) fn is_indexed(&self, builds: &[Build<'_>]) -> bool {
        let asked = self.sbom || matches!(self.provenance, Provenance::Min | Provenance::Max);
        self.multi_platform.unwrap_or(builds.len() > 1)
            || builds.iter().any(|build| self.attests(build)) && (asked || self.force_inline)
    }

    /// BuildKit's checks once the images are there.
    pub(super) fn check(&self, builds: &[Build<'_>]) -> Result<(), ExportError> {
        if self.writer == Writer::DockerPush {
            return Ok(());
        }
        for platform in self.annotations.platforms() {
            if !builds.iter().any(|(_, image)| image.platform == *platform) {
                return Err(ExportError::AnnotationPlatform(platform.specifier()));
            }
        }
        let indexed = self.is_indexed(builds);
        if !indexed && builds.len() > 1 {
            return Err(ExportError::SeveralWithoutIndex);
        }
        if !self.oci_types && self.annotations.needs_oci() {
            return Err(ExportError::AnnotationsWithoutOci);
        }
        if !indexed && self.annotations.needs_index() {
            return Err(ExportError::AnnotationsWithoutIndex);
        }
        if indexed && builds.iter().any(|build| self.attests(build)) && !self.oci_types {
            return Err(ExportError::AttestationsWithoutOci);
        }
        Ok(())
    }

    /// Annotations of a new layer, made up where only the layer's content could tell.
    pub(super) fn layer_annotations(
        &self,
        diff_id: &Digest,
        size: u64,
    ) -> BTreeMap<String, String> {
        let mut annotations = BTreeMap::new();
        if self.compression == LayerCompression::Estargz {
            let contents = Digest::sha256(format!("polyarch: contents of {diff_id}").as_bytes());
            for (name, value) in [
                (
                    "containerd.io/snapshot/stargz/toc.digest",
                    contents.to_string(),
                ),
                (
                    "io.containers.estargz.uncompressed-size",
                    (size * 3).to_string(),
                ),
            ] {
                annotations.insert(name.to_owned(), value);
            }
        }
        if let Some(epoch) = self.rewrite_timestamp {
            let name = "buildkit/rewritten-timestamp".to_owned();
            annotations.insert(name, epoch.to_string());
        }
        annotations
    }
}

/// What `--provenance`, `--sbom`, `--attest` and the defaults come to.
fn attestations(
    asked: Asked,
    flags: &ExportFlags,
    environment: &Environment,
    in_daemon: bool,
) -> Result<(Provenance, bool), ExportError> {
    let wanted = asked.sbom == Some(true) || asked.provenance.is_some_and(Provenance::is_on);
    let supported = environment.buildkit.at_least(0, 11) && !in_daemon;
    if wanted && in_daemon {
        return Err(ExportError::AttestationNotSupported(environment.driver));
    }
    if wanted && !supported {
        return Err(ExportError::AttestationTooOld);
    }
    let asks_itself = environment
        .buildx
        .is_none_or(|version| version.at_least(0, 10));
    let default = if supported && asks_itself && !flags.no_default_attestations {
        Provenance::ByDefault
    } else {
        Provenance::Off
    };
    Ok((
        asked.provenance.unwrap_or(default),
        asked.sbom == Some(true),
    ))
}

impl Output {
    fn writes_images(&self) -> bool {
        matches!(self.kind.as_str(), "image" | "oci" | "docker")
    }

    fn compression(&self) -> Result<LayerCompression, ExportError> {
        match self.attributes.get("compression").map(String::as_str) {
            None | Some("gzip") => Ok(LayerCompression::Gzip),
            Some("zstd") => Ok(LayerCompression::Zstd),
            Some("estargz") => Ok(LayerCompression::Estargz),
            Some("uncompressed") => Ok(LayerCompression::Uncompressed),
            Some(other) => Err(ExportError::Compression(other.to_owned())),
        }
    }
}
