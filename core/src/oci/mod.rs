//! Documents of a registry: the bytes as received, and a typed view beside them.
//!
//! The bytes are the truth: digests are computed from them, and nothing is serialised again before
//! hashing. The view is read only after a strict scan, since a document that two readers
//! understand differently must not pass (CVE-2021-41190).

pub mod document;
pub mod media_type;
pub mod scan;
pub mod view;
pub mod write;

pub use document::{Content, Document, Flaw, Role};
pub use view::{Config, Descriptor, Index, Manifest};

/// Largest manifest or config that is read, in bytes (distribution-spec asks registries to take
/// manifests of at least this size).
pub const MAX_DOCUMENT: u64 = 4 * 1024 * 1024;

/// Annotation by which BuildKit marks an index entry as an attestation.
pub const ATTESTATION_TYPE: &str = "vnd.docker.reference.type";

/// Annotation that holds the digest of the manifest that an attestation is about.
pub const ATTESTATION_SUBJECT: &str = "vnd.docker.reference.digest";
