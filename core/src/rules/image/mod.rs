//! Rules about an image, predicted or fetched. They read [`super::ImageFacts`] and nothing else.

use super::Rule;

mod ambiguous_manifest;
mod attestation_dangling;
mod attestation_present;
mod binary_platform_mismatch;
mod config_platform_mismatch;
mod config_unexpected;
mod diff_id_count_mismatch;
mod diff_id_mismatch;
mod digest_mismatch;
mod digest_unexpected;
mod digest_unverifiable;
mod header_digest_mismatch;
mod identical_platforms;
mod layer_digest_mismatch;
mod layer_not_found;
mod layer_size_mismatch;
mod malformed_manifest;
mod manifest_not_found;
mod media_type_mismatch;
mod nested_index;
mod platform_duplicate;
mod platform_missing;
mod platform_unexpected;
mod rate_limited;
mod registry_error;
mod registry_unreachable;
mod single_platform_manifest;
mod size_mismatch;
mod tag_moved;
mod tag_not_found;
mod unauthorized;
mod unsupported_schema;
mod variant_mismatch;

/// The name by which the verdict on a platform knows that it is missing.
pub(super) const PLATFORM_MISSING: &str = platform_missing::PlatformMissing::METADATA.name;

/// In display order: what is there, what it is, what it holds, what could not be established.
pub const RULES: &[&dyn Rule] = &[
    &tag_not_found::TagNotFound,
    &platform_missing::PlatformMissing,
    &single_platform_manifest::SinglePlatformManifest,
    &platform_duplicate::PlatformDuplicate,
    &platform_unexpected::PlatformUnexpected,
    &identical_platforms::IdenticalPlatforms,
    &digest_unexpected::DigestUnexpected,
    &tag_moved::TagMoved,
    &digest_mismatch::DigestMismatch,
    &header_digest_mismatch::HeaderDigestMismatch,
    &size_mismatch::SizeMismatch,
    &media_type_mismatch::MediaTypeMismatch,
    &ambiguous_manifest::AmbiguousManifest,
    &malformed_manifest::MalformedManifest,
    &unsupported_schema::UnsupportedSchema,
    &manifest_not_found::ManifestNotFound,
    &config_platform_mismatch::ConfigPlatformMismatch,
    &variant_mismatch::VariantMismatch,
    &config_unexpected::ConfigUnexpected,
    &layer_not_found::LayerNotFound,
    &layer_size_mismatch::LayerSizeMismatch,
    &layer_digest_mismatch::LayerDigestMismatch,
    &diff_id_count_mismatch::DiffIdCountMismatch,
    &diff_id_mismatch::DiffIdMismatch,
    &binary_platform_mismatch::BinaryPlatformMismatch,
    &attestation_dangling::AttestationDangling,
    &attestation_present::AttestationPresent,
    &nested_index::NestedIndex,
    &digest_unverifiable::DigestUnverifiable,
    &unauthorized::Unauthorized,
    &rate_limited::RateLimited,
    &registry_unreachable::RegistryUnreachable,
    &registry_error::RegistryError,
];
