//! Writes registry documents exactly as BuildKit does, byte for byte.
//!
//! The types are plain wire structs whose field order is the order of the keys. They build new
//! documents only: what a registry sent is never parsed into them and written again, because a
//! digest is always that of the bytes received (see `oci::scan` and `oci::view` for reading).
//! Rules: `encoding/json` of Go, the image specification's Go structs, and BuildKit's
//! `exporter/containerimage/writer.go`. Tests rebuild recorded exports and compare bytes.

mod attestation;
mod config;
mod descriptor;
mod go_json;
mod index;
mod manifest;
mod wire;

#[cfg(test)]
mod tests;

pub use attestation::{
    AttestationConfig, AttestationForm, IN_TOTO_MEDIA_TYPE, PREDICATE_TYPE_ANNOTATION,
    REFERENCE_DIGEST_ANNOTATION, REFERENCE_TYPE_ANNOTATION, attestation_descriptor,
    attestation_manifest,
};
pub use config::{ContainerConfig, Healthcheck, History, ImageConfig, RootFs};
pub use descriptor::{Descriptor, WirePlatform};
pub use go_json::{compact, indented, indented_by};
pub use index::Index;
pub use manifest::Manifest;
