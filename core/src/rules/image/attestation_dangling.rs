//! `attestation-dangling`.

use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::shown::shown;
use crate::verify::Body;

declare_rule! {
    /// ## What happens
    /// An attestation says that it is about a manifest that is not in the same index.
    /// Tools that look for the provenance of an image do not find it.
    /// It comes about when an index is put together from parts of others.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// orphan attestation
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// attest
    /// ```
    /// ## Sources
    /// BuildKit `docs/attestations/attestation-storage.md`.
    pub AttestationDangling {
        name: "attestation-dangling",
        severity: Warning,
        group: Image,
        title: "An attestation about nothing",
        title_zh: "证明指向不存在的镜像",
        since: "0.1.0",
        waivable: true,
    }
}

impl Rule for AttestationDangling {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for node in image.nodes() {
            let Body::Index(index, _) = &node.body else {
                continue;
            };
            for attestation in index.manifests.iter().filter(|d| d.is_attestation()) {
                let subject = attestation.attestation_subject().unwrap_or_default();
                let mut images = index.manifests.iter().filter(|d| !d.is_attestation());
                if images.any(|d| d.digest.as_str() == subject) {
                    continue;
                }
                let subject = shown(subject, 140);
                let what = if subject.is_empty() {
                    "an attestation does not say what it is about".to_owned()
                } else {
                    format!("an attestation is about {subject}, which is no image of the index")
                };
                let why = "Whoever asks for the provenance of an image here does not find it.";
                let next = "Put indexes together with `docker buildx imagetools create`, which \
                    carries attestations along.";
                let text = Text {
                    what,
                    why: why.into(),
                    next: next.into(),
                };
                out.report(self, node.place_of(Some(&attestation.digest)), text);
            }
        }
    }
}
