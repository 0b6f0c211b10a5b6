//! `diff-id-count-mismatch`.

use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// The config lists another number of unpacked layers (`rootfs.diff_ids`) than the manifest lists layers.
    /// Clients pair the two lists one by one, and refuse the image or unpack the wrong layer.
    /// It can be told without downloading a layer.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// diff-ids linux/arm64 short
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// OCI image-spec `config.md`, "rootfs".
    pub DiffIdCountMismatch {
        name: "diff-id-count-mismatch",
        severity: Error,
        group: Image,
        title: "Config and manifest count their layers differently",
        title_zh: "配置与清单的层数不一致",
        since: "0.1.0",
    }
}

impl Rule for DiffIdCountMismatch {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for (node, found, config) in image.configs() {
            let (layers, diff_ids) = (found.manifest.layers.len(), config.diff_ids.len());
            if layers != diff_ids {
                let what = format!(
                    "the {} has {layers} layers, but its config lists {diff_ids}",
                    node.name()
                );
                let why =
                    "Clients pair both lists; they refuse the image or unpack the wrong layer.";
                let next = "Build and push that platform again.";
                let text = Text {
                    what,
                    why: why.into(),
                    next: next.into(),
                };
                let place = node.place_of(Some(&found.manifest.config.digest));
                out.report(self, place, text);
            }
        }
    }
}
