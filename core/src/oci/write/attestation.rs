//! Attestation manifests: provenance and SBOM statements about one image manifest.
//!
//! BuildKit lists them in the index under `unknown/unknown`. Until 0.31 the manifest looked like
//! an image with a config of its own; from 0.32 it is an OCI artifact with the empty config and a
//! `subject` (`commitAttestationsManifest` in BuildKit's `exporter/containerimage/writer.go`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ContainerConfig, Descriptor, Manifest, RootFs, go_json};
use crate::digest::Digest;
use crate::platform::Platform;

/// Media type of a statement, which stands where a layer would.
pub const IN_TOTO_MEDIA_TYPE: &str = "application/vnd.in-toto+json";
/// Annotation of a statement's descriptor: what it states.
pub const PREDICATE_TYPE_ANNOTATION: &str = "in-toto.io/predicate-type";
/// Annotation of the index entry: the digest of the image that it is about.
pub const REFERENCE_DIGEST_ANNOTATION: &str = "vnd.docker.reference.digest";
/// Annotation of the index entry: always `attestation-manifest`.
pub const REFERENCE_TYPE_ANNOTATION: &str = "vnd.docker.reference.type";

const MANIFEST_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG_TYPE: &str = "application/vnd.oci.image.config.v1+json";
const EMPTY_TYPE: &str = "application/vnd.oci.empty.v1+json";
const ARTIFACT_TYPE: &str = "application/vnd.docker.attestation.manifest.v1+json";
/// Base64 of `{}`.
const EMPTY_DATA: &str = "e30=";

/// How the attestation is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttestationForm {
    /// As an image whose config says `unknown/unknown` (before BuildKit 0.32).
    Image,
    /// As an OCI artifact (`oci-artifact=true`, the default from BuildKit 0.32).
    Artifact,
}

/// The config of the image form. Its keys are in the Go struct's order, not sorted: BuildKit
/// marshals it directly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttestationConfig {
    pub architecture: String,
    pub os: String,
    pub config: ContainerConfig,
    pub rootfs: RootFs,
}

impl AttestationConfig {
    /// The config for these statements.
    pub fn new(statements: &[Descriptor]) -> Self {
        Self {
            architecture: "unknown".to_owned(),
            os: "unknown".to_owned(),
            config: ContainerConfig::default(),
            rootfs: RootFs::of(statements.iter().map(|s| s.digest.clone()).collect()),
        }
    }

    /// The bytes that BuildKit pushes.
    pub fn to_bytes(&self) -> Vec<u8> {
        go_json::compact(self)
    }
}

/// The manifest that carries `statements` about the image `subject`, and the bytes of its config.
pub fn attestation_manifest(
    form: AttestationForm,
    subject: &Descriptor,
    statements: Vec<Descriptor>,
) -> (Manifest, Vec<u8>) {
    match form {
        AttestationForm::Image => {
            let config = AttestationConfig::new(&statements).to_bytes();
            let descriptor = Descriptor::of(CONFIG_TYPE, &config);
            (Manifest::new(MANIFEST_TYPE, descriptor, statements), config)
        }
        AttestationForm::Artifact => {
            let config = b"{}".to_vec();
            let mut descriptor = Descriptor::of(EMPTY_TYPE, &config);
            EMPTY_DATA.clone_into(&mut descriptor.data);
            let mut manifest = Manifest::new(MANIFEST_TYPE, descriptor, statements);
            ARTIFACT_TYPE.clone_into(&mut manifest.artifact_type);
            manifest.subject = Some(Descriptor::new(
                &subject.media_type,
                subject.digest.clone(),
                subject.size,
            ));
            (manifest, config)
        }
    }
}

/// The index entry of an attestation manifest about the image manifest `subject`.
pub fn attestation_descriptor(manifest: &[u8], subject: &Digest) -> Descriptor {
    let unknown = Platform {
        os: "unknown".to_owned(),
        architecture: "unknown".to_owned(),
        ..Platform::default()
    };
    Descriptor::of(MANIFEST_TYPE, manifest)
        .with_annotations(BTreeMap::from([
            (REFERENCE_DIGEST_ANNOTATION.to_owned(), subject.to_string()),
            (
                REFERENCE_TYPE_ANNOTATION.to_owned(),
                "attestation-manifest".to_owned(),
            ),
        ]))
        .with_platform(&unknown)
}
