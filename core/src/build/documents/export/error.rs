//! What buildx and BuildKit refuse, in their words.

use crate::environment::Driver;
use crate::platform;

/// Why images cannot be written as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    #[error("invalid value {0}")]
    Field(String),
    #[error("type is required for output")]
    NoType,
    #[error("attestation type not specified")]
    NoAttestationType,
    #[error("unknown attestation type {0:?}")]
    AttestationType(String),
    #[error("{0}")]
    Csv(crate::dockerfile::CsvError),
    #[error("parse annotations: invalid annotation {0:?}, expected key=value")]
    AnnotationForm(String),
    #[error(
        "parse annotations: invalid annotation type {0:?}, expected type and optional platform in square brackets"
    )]
    AnnotationTypeForm(String),
    #[error("parse annotations: unknown annotation type {0:?}")]
    AnnotationType(String),
    #[error("unrecognized annotation type {0}")]
    AttributeType(String),
    #[error("parse annotations: invalid platform {text:?}: {error}")]
    AnnotationPlatformForm {
        text: String,
        error: platform::ParseError,
    },
    #[error(
        "non-bool value specified for {key}: strconv.ParseBool: parsing {value:?}: invalid syntax"
    )]
    NotBool { key: &'static str, value: String },
    #[error("unsupported compression type {0}")]
    Compression(String),
    #[error("exporter option \"compression=estargz\" conflicts with \"oci-mediatypes=false\"")]
    EstargzWithoutOci,
    #[error("exporter option \"oci-artifact=true\" conflicts with \"oci-mediatypes=false\"")]
    ArtifactWithoutOci,
    #[error("cannot export annotations with \"oci-mediatypes=false\"")]
    AnnotationsWithoutOci,
    #[error("cannot export attestations with \"oci-mediatypes=false\"")]
    AttestationsWithoutOci,
    #[error("cannot export multiple platforms without multi-platform enabled")]
    SeveralWithoutIndex,
    #[error("index annotations not supported for single platform export")]
    AnnotationsWithoutIndex,
    #[error("invalid annotation: no platform {0} found in source")]
    AnnotationPlatform(String),
    #[error(
        "Attestation is not supported for the {0} driver.\nSwitch to a different driver, or turn on the containerd image store, and try again.\nLearn more at https://docs.docker.com/go/attestations/"
    )]
    AttestationNotSupported(Driver),
    #[error("Attestations are not supported by the current BuildKit daemon")]
    AttestationTooOld,
}

impl ExportError {
    /// Whether BuildKit says it (`failed to solve: …`) rather than buildx.
    pub fn is_buildkits(&self) -> bool {
        match self {
            Self::NotBool { .. }
            | Self::Compression(_)
            | Self::AttributeType(_)
            | Self::AttestationType(_)
            | Self::EstargzWithoutOci
            | Self::ArtifactWithoutOci
            | Self::AnnotationsWithoutOci
            | Self::AttestationsWithoutOci
            | Self::SeveralWithoutIndex
            | Self::AnnotationsWithoutIndex
            | Self::AnnotationPlatform(_) => true,
            Self::Field(_)
            | Self::NoType
            | Self::NoAttestationType
            | Self::Csv(_)
            | Self::AnnotationForm(_)
            | Self::AnnotationTypeForm(_)
            | Self::AnnotationType(_)
            | Self::AnnotationPlatformForm { .. }
            | Self::AttestationNotSupported(_)
            | Self::AttestationTooOld => false,
        }
    }
}
