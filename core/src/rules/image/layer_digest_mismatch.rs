//! `layer-digest-mismatch`.

use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::LayerState;

declare_rule! {
    /// ## What happens
    /// With `--deep`, the bytes of a layer hash to another digest than the one that names it, twice in a row.
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
            let Some(actual) = facts.digest.as_ref().filter(|actual| *actual != digest) else {
                continue;
            };
            let what = format!("the {} hashes to {actual}", image.layer_name(digest));
            let why =
                "Storage, a cache or a proxy changed the bytes; no client can unpack the layer.";
            let next = "Push the image again, and pull it past any cache before the registry.";
            let text = Text {
                what,
                why: why.into(),
                next: next.into(),
            };
            out.report(self, image.layer_place(digest), text);
        }
    }
}
