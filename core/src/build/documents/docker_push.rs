//! The manifest that dockerd itself writes when it pushes from its own image store.
//!
//! Without the containerd image store, BuildKit inside dockerd only hands an image to the daemon,
//! and `docker push` makes the manifest: Docker's types, three blanks of indentation, and
//! descriptors in the order mediaType, size, digest (`distribution/manifest/schema2` of
//! docker/distribution 2.8).

use serde::Serialize;

use crate::oci::write::{Descriptor, Manifest, indented_by};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PushedManifest<'a> {
    schema_version: u32,
    media_type: &'a str,
    config: Pushed<'a>,
    layers: Vec<Pushed<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pushed<'a> {
    media_type: &'a str,
    size: u64,
    digest: &'a str,
}

impl<'a> From<&'a Descriptor> for Pushed<'a> {
    fn from(descriptor: &'a Descriptor) -> Self {
        Self {
            media_type: &descriptor.media_type,
            size: descriptor.size,
            digest: descriptor.digest.as_str(),
        }
    }
}

/// The bytes of `manifest` as dockerd pushes it.
pub(super) fn docker_push_manifest(manifest: &Manifest) -> Vec<u8> {
    let pushed = PushedManifest {
        schema_version: 2,
        media_type: &manifest.media_type,
        config: Pushed::from(&manifest.config),
        layers: manifest.layers.iter().map(Pushed::from).collect(),
    };
    indented_by(&pushed, b"   ")
}
