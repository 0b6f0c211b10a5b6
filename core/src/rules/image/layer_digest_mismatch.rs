//! `layer-digest-mismatch`.

use crate::diagnostic::Severity;
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::LayerState;

declare_rule! {
    /// ## What happens
    /// With `--deep`, the bytes of a layer hash to another digest than the one that names it, twice in a row.
    /// If only the first answer did, that is a warning.
    /// Storage, a cache or a proxy changed them; every client that unpacks the layer fails.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// flip layer linux/arm64
    /// deep
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// deep
    /// ```
    /// ## Sources
    /// OCI image-spec `descriptor.md`, "Digests".
    pub LayerDigestMismatch {
        name: "layer-digest-mismatch",
        severity: Error,
        group: Image,
        title: "A layer is not what its digest says",
        title_zh: "层内容与摘要不符",
        since: "0.1.0",
    }
}

impl Rule for LayerDigestMismatch {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for (digest, layer) in &image.evidence.layers {
            let LayerState::Examined(facts) = &layer.state else {
                continue;
            };
            let place = image.layer_place(digest);
            let name = image.layer_name(digest);
            if let Some(actual) = facts.digest.as_ref().filter(|actual| *actual != digest) {
                let what = format!("the {name} hashes to {actual}");
                let why = "Storage, a cache or a proxy changed the bytes; no client can unpack \
                    the layer.";
                out.report(self, place, text(what, why));
            } else if let Some(first) = &facts.first {
                let what = format!(
                    "the {name} hashed to {} first, and to its digest when asked for again",
                    first.digest
                );
                let why = "A cache, a proxy or a bad machine behind the registry changes bytes \
                    now and then; a client that meets it fails.";
                out.report_as(self, Severity::Warning, place, text(what, why), None);
            }
        }
    }
}

fn text(what: String, why: &'static str) -> Text {
    let next = "Push the image again, and pull it past any cache before the registry.";
    Text {
        what,
        why: why.into(),
        next: next.into(),
    }
}
