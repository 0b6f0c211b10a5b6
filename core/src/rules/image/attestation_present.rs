//! `attestation-present`.

use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// The index has entries for `unknown/unknown` that hold provenance or a bill of materials.
    /// BuildKit adds them by default; they are no platforms, and clients do not pull them.
    /// Gates that count entries or search for `unknown` trip over them.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// attest
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// BuildKit `docs/attestations/attestation-storage.md`; buildx issue 1509.
    pub AttestationPresent {
        name: "attestation-present",
        severity: Info,
        group: Image,
        title: "The tag carries attestations",
        title_zh: "标签包含构建证明",
        since: "0.1.0",
        waivable: true,
    }
}

impl Rule for AttestationPresent {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        let attestations: Vec<_> = image
            .nodes()
            .into_iter()
            .filter(|node| node.is_attestation())
            .collect();
        if let Some(first) = attestations.first() {
            let what = match attestations.len() {
                1 => "1 entry of the index is an attestation, no platform".to_owned(),
                count => format!("{count} entries of the index are attestations, no platforms"),
            };
            let why =
                "They hold provenance or a bill of materials; no client pulls them by itself.";
            let next = "Nothing needs to be done; `--provenance=false` leaves them out.";
            let digest = if attestations.len() == 1 {
                first.digest()
            } else {
                None
            };
            let subject = digest.cloned().map(crate::diagnostic::Subject::Digest);
            let place = crate::diagnostic::Place::Image {
                platform: None,
                subject,
            };
            out.report(
                self,
                place,
                Text {
                    what,
                    why: why.into(),
                    next: next.into(),
                },
            );
        }
    }
}
