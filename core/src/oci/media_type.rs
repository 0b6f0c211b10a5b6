//! Media types of manifests, configs and layers, Docker's and OCI's.

pub const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
pub const OCI_LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
pub const OCI_LAYER_GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
pub const OCI_LAYER_ZSTD: &str = "application/vnd.oci.image.layer.v1.tar+zstd";
pub const OCI_EMPTY: &str = "application/vnd.oci.empty.v1+json";
pub const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
pub const DOCKER_CONFIG: &str = "application/vnd.docker.container.image.v1+json";
pub const DOCKER_LAYER_GZIP: &str = "application/vnd.docker.image.rootfs.diff.tar.gzip";
pub const DOCKER_SCHEMA1: &str = "application/vnd.docker.distribution.manifest.v1+json";
pub const DOCKER_SCHEMA1_SIGNED: &str = "application/vnd.docker.distribution.manifest.v1+prettyjws";
pub const IN_TOTO: &str = "application/vnd.in-toto+json";

/// Every type of manifest that is understood, as an `Accept` header lists them.
///
/// Registries compare these literally (Artifact Registry refuses `;q=`), and one that is missing
/// makes some answer 404 or convert silently.
pub const ACCEPT: [&str; 4] = [OCI_INDEX, DOCKER_LIST, OCI_MANIFEST, DOCKER_MANIFEST];

/// What a media type says a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Index,
    Manifest,
    /// Docker's first format, which has no config and no digests worth the name.
    Schema1,
    Other,
}

/// The type without parameters, lower-cased: `Application/JSON; charset=utf-8` is
/// `application/json`.
pub fn essence(media_type: &str) -> String {
    media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Whether both name one type; case and parameters do not matter.
pub fn is_same(a: &str, b: &str) -> bool {
    essence(a) == essence(b)
}

/// What a media type says a document is.
pub fn kind(media_type: &str) -> Kind {
    match essence(media_type).as_str() {
        OCI_INDEX | DOCKER_LIST => Kind::Index,
        OCI_MANIFEST | DOCKER_MANIFEST => Kind::Manifest,
        DOCKER_SCHEMA1 | DOCKER_SCHEMA1_SIGNED => Kind::Schema1,
        _ => Kind::Other,
    }
}

/// Whether a config of this type is that of a container image; other configs belong to artifacts.
pub fn is_image_config(media_type: &str) -> bool {
    matches!(essence(media_type).as_str(), OCI_CONFIG | DOCKER_CONFIG)
}

/// Whether content of this type is a layer of a file system, packed or not.
pub fn is_layer(media_type: &str) -> bool {
    let essence = essence(media_type);
    is_of_file_system(&essence) && !essence.ends_with(ENCRYPTED)
}

/// Whether it is such a layer that takes a key to read (containerd's imgcrypt).
pub fn is_encrypted_layer(media_type: &str) -> bool {
    let essence = essence(media_type);
    is_of_file_system(&essence) && essence.ends_with(ENCRYPTED)
}

const ENCRYPTED: &str = "+encrypted";

fn is_of_file_system(essence: &str) -> bool {
    let families = [
        "application/vnd.oci.image.layer.",
        "application/vnd.docker.image.rootfs.",
    ];
    families.iter().any(|family| essence.starts_with(family))
}

/// Whether a `Content-Type` says nothing about the document, as some registries' do.
pub fn is_generic(content_type: &str) -> bool {
    matches!(essence(content_type).as_str(), "" | "application/json")
}
