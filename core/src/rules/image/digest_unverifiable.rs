//! `digest-unverifiable`.

use crate::reference::Target;
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::{LayerState, Retrieval, Skipped};

declare_rule! {
    /// ## What happens
    /// A document or layer is named by a digest of an algorithm that polyarch does not compute.
    /// Its content may be right; that could not be established.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// digest manifest linux/arm64 blake3
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// OCI image-spec `descriptor.md`: sha256, sha512 and blake3 are registered; polyarch computes the first
    /// two.
    pub DigestUnverifiable {
        name: "digest-unverifiable",
        severity: Error,
        group: Image,
        title: "A digest that cannot be computed here",
        title_zh: "摘要算法不受支持",
        since: "0.1.0",
        inconclusive: true,
    }
}

impl Rule for DigestUnverifiable {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for located in image.documents() {
            if matches!(
                located.retrieval,
                Retrieval::Skipped(Skipped::UnsupportedDigest)
            ) {
                let algorithm = match (located.digest(), &image.evidence.target) {
                    (Some(digest), _) => digest.algorithm().to_owned(),
                    (None, Target::Digest(digest)) => digest.algorithm().to_owned(),
                    (None, Target::Tag(_)) => String::new(),
                };
                let what = format!("the {} is named by a {algorithm} digest", located.name());
                out.report(self, located.place(), text(what));
            }
        }
        for (digest, layer) in &image.evidence.layers {
            if let LayerState::Examined(facts) = &layer.state
                && facts.digest.is_none()
            {
                let what = format!(
                    "the {} is named by a {} digest",
                    image.layer_name(digest),
                    digest.algorithm()
                );
                out.report(self, image.layer_place(digest), text(what));
            }
        }
    }
}

fn text(what: String) -> Text {
    let why =
        "polyarch computes sha256 and sha512; whether the bytes are right is not established.";
    let next = "Push the image with sha256 digests, which every client computes.";
    Text {
        what,
        why: why.into(),
        next: next.into(),
    }
}
