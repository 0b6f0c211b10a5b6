//! The attestation of one platform's image.

use std::collections::BTreeMap;

use super::{Document, Exporter, Kind};
use crate::build::BuiltImage;
use crate::digest::Digest;
use crate::oci::media_type;
use crate::oci::write::{
    AttestationForm, Descriptor, IN_TOTO_MEDIA_TYPE, PREDICATE_TYPE_ANNOTATION,
    attestation_descriptor, attestation_manifest,
};

const SLSA_1: &str = "https://slsa.dev/provenance/v1";
const SLSA_0_2: &str = "https://slsa.dev/provenance/v0.2";
const SBOM: &str = "https://spdx.dev/Document";

impl Exporter<'_> {
    /// The index entry, and manifest and config.
    pub(super) fn attestation(
        &self,
        image: &BuiltImage,
        subject: &Descriptor,
        subject_simulated: bool,
    ) -> (Descriptor, [Document; 2]) {
        let known = self.known.of(&image.platform);
        let statements = known.and_then(|facts| facts.attestation.as_ref());
        let statements_known = statements.is_some();
        let statements = statements.map_or_else(
            || self.invented_statements(subject),
            |attestation| attestation.layers.clone(),
        );
        let form = if self.export.oci_artifact {
            AttestationForm::Artifact
        } else {
            AttestationForm::Image
        };
        let (manifest, config) = attestation_manifest(form, subject, statements);
        let about = Some(&image.platform);
        let config = Document::new(
            Kind::AttestationConfig,
            about,
            &manifest.config.media_type,
            config,
        );
        // The empty config of the artifact form is always the same.
        let config_simulated = form == AttestationForm::Image && !statements_known;
        let config = config.simulated_if(config_simulated);
        let bytes = self.bytes(&manifest);
        let entry = attestation_descriptor(&bytes, &subject.digest);
        let manifest = Document::new(
            Kind::AttestationManifest,
            about,
            media_type::OCI_MANIFEST,
            bytes,
        )
        .simulated_if(subject_simulated || !statements_known);
        (entry, [manifest, config])
    }

    /// Descriptors of statements as a build would write them; BuildKit puts the SBOM first.
    fn invented_statements(&self, subject: &Descriptor) -> Vec<Descriptor> {
        let sbom = self.export.sbom.then_some((SBOM, 100_000));
        let slsa = if self.export.slsa_1 { SLSA_1 } else { SLSA_0_2 };
        let provenance = self.export.provenance.is_on().then_some((slsa, 950));
        let statements = sbom.into_iter().chain(provenance);
        statements
            .map(|(predicate, size)| {
                let name = format!("polyarch: {predicate} about {}", subject.digest);
                let digest = Digest::sha256(name.as_bytes());
                let annotation = (PREDICATE_TYPE_ANNOTATION.to_owned(), predicate.to_owned());
                Descriptor::new(IN_TOTO_MEDIA_TYPE, digest, size)
                    .with_annotations(BTreeMap::from([annotation]))
            })
            .collect()
    }
}
