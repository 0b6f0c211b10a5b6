//! `unsupported-schema`.

use crate::oci::Flaw;
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::Body;

declare_rule! {
    /// ## What happens
    /// The document is of Docker's schema 1, or of a schema version that does not exist yet.
    /// Schema 1 has no config, no digest of the config and no index; current clients refuse it.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// schema1
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// Docker removed support for schema 1; OCI image-spec `manifest.md`: `schemaVersion` is 2.
    pub UnsupportedSchema {
        name: "unsupported-schema",
        severity: Error,
        group: Image,
        title: "A manifest of Docker's first format",
        title_zh: "不支持的清单格式",
        since: "0.1.0",
    }
}

impl Rule for UnsupportedSchema {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for node in image.nodes() {
            if let Body::Flawed(flaw @ Flaw::Schema(_)) = &node.body {
                let what = format!("the {} cannot be used: {flaw}", node.name());
                let why = "Current clients refuse it.";
                let next = "Push the image again with a current tool; some registries convert to \
                    schema 1 for clients that do not ask for newer types.";
                let text = Text {
                    what,
                    why: why.into(),
                    next: next.into(),
                };
                out.report(self, node.place(), text);
            }
        }
    }
}
