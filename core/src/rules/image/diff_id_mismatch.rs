//! `diff-id-mismatch`.

use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::LayerState;

declare_rule! {
    /// ## What happens
    /// With `--deep`, a layer unpacks to other bytes than the config's `rootfs.diff_ids` promises, or does
    /// not unpack at all: a wrong checksum, an archive that ends early, bytes behind its end.
    /// Clients fail when they unpack it, after the download.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// diff-ids linux/arm64 wrong
    /// deep
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// deep
    /// ```
    /// ## Sources
    /// OCI image-spec `config.md`, "Layer DiffID".
    pub DiffIdMismatch {
        name: "diff-id-mismatch",
        severity: Error,
        group: Image,
        title: "An unpacked layer is not what the config says",
        title_zh: "解压后的层与配置不符",
        since: "0.1.0",
    }
}

impl Rule for DiffIdMismatch {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for (digest, layer) in &image.evidence.layers {
            let LayerState::Examined(facts) = &layer.state else {
                continue;
            };
            // Other bytes than the digest names are another rule's; their content says nothing.
            let is_other = facts.digest.as_ref().is_some_and(|actual| actual != digest);
            if let Some(damage) = facts.damage.as_ref().filter(|_| !is_other) {
                let what = format!(
                    "the {} does not unpack as it should: {damage}",
                    image.layer_name(digest)
                );
                out.report(self, image.layer_place(digest), text(what));
            }
        }
        for (node, found, config) in image.configs() {
            for (descriptor, expected) in found.manifest.layers.iter().zip(&config.diff_ids) {
                let layer = image.evidence.layers.get(&descriptor.digest);
                let Some(LayerState::Examined(facts)) = layer.map(|layer| &layer.state) else {
                    continue;
                };
                let is_other = facts
                    .digest
                    .as_ref()
                    .is_some_and(|d| *d != descriptor.digest);
                let Some(actual) = facts.diff_id.as_ref().filter(|_| !is_other) else {
                    continue;
                };
                // What cannot be compared is reported as not established.
                if expected.starts_with("sha256:") && actual.as_str() != expected {
                    let what = format!(
                        "the layer {} of the {} unpacks to {actual}, but the config says {expected}",
                        descriptor.digest.short(),
                        node.name()
                    );
                    out.report(self, node.place_of(Some(&descriptor.digest)), text(what));
                }
            }
        }
    }
}

fn text(what: String) -> Text {
    let why = "Clients compare when they unpack, and refuse the image after the download.";
    let next = "Build and push that platform again.";
    Text {
        what,
        why: why.into(),
        next: next.into(),
    }
}
