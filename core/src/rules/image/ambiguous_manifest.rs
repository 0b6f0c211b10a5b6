//! `ambiguous-manifest`.

use crate::oci::Flaw;
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::Body;

declare_rule! {
    /// ## What happens
    /// The document has a name twice, or two names that differ only in case, or is an index and a manifest at
    /// once.
    /// Tools written in Go take the last of two names and ignore case; others do not.
    /// So two clients see two different images under one digest.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// duplicate-key index
    /// ```
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// both-shapes index
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// CVE-2021-41190; RFC 7493 (I-JSON), section 2.3; OCI image-spec `considerations.md`.
    pub AmbiguousManifest {
        name: "ambiguous-manifest",
        severity: Error,
        group: Image,
        title: "A document that readers understand differently",
        title_zh: "文档含义不唯一",
        since: "0.1.0",
    }
}

impl Rule for AmbiguousManifest {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for located in image.documents() {
            let flaw = match (&located.node.body, located.is_config) {
                (Body::Flawed(flaw), false) => Some(flaw),
                (Body::Image(found), true) => found
                    .config
                    .config
                    .as_ref()
                    .and_then(|config| config.as_ref().err()),
                (_, _) => None,
            };
            if let Some(Flaw::Ambiguous(ambiguity)) = flaw {
                let what = format!("the {} is ambiguous: {ambiguity}", located.name());
                let why = "Two clients may read two different images from the same bytes.";
                let next = "Find out what wrote this document; no build tool does. Treat it as an \
                    attack until you know.";
                let text = Text {
                    what,
                    why: why.into(),
                    next: next.into(),
                };
                out.report(self, located.place(), text);
            }
        }
    }
}
