//! `nested-index`.

use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::Body;

declare_rule! {
    /// ## What happens
    /// An entry of the index is an index itself.
    /// The specification allows it and polyarch follows it; Docker and some scanners do not look inside.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// nest
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// OCI image-spec `image-index.md`.
    pub NestedIndex {
        name: "nested-index",
        severity: Info,
        group: Image,
        title: "An index within an index",
        title_zh: "索引中嵌套索引",
        since: "0.1.0",
        waivable: true,
    }
}

impl Rule for NestedIndex {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for node in image.nodes() {
            if node.entry.is_some() && matches!(node.body, Body::Index(..)) {
                let what = "an entry of the index is an index itself".to_owned();
                let why = "It is allowed, but not every client looks inside.";
                let next = "Put the images into one index with `docker buildx imagetools create` if \
                    old clients must pull them.";
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
