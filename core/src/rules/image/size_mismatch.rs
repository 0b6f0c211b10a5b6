//! `size-mismatch`.

use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::Retrieval;

declare_rule! {
    /// ## What happens
    /// A descriptor says another size than the document has.
    /// Clients that check sizes before hashing, as the specification asks, refuse the image; others pull
    /// it, so it seems to depend on the client.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// size manifest linux/arm64 +7
    /// ```
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// size config linux/arm64 +7
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// OCI image-spec `descriptor.md`: content whose length differs from `size` should not be trusted.
    pub SizeMismatch {
        name: "size-mismatch",
        severity: Error,
        group: Image,
        title: "A document is not as long as its descriptor says",
        title_zh: "文档大小与描述不符",
        since: "0.1.0",
    }
}

impl Rule for SizeMismatch {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for located in image.documents() {
            let descriptor = match (located.node.image(), &located.node.entry) {
                (Some(found), _) if located.is_config => &found.manifest.config,
                (_, Some(entry)) => &entry.descriptor,
                (_, None) => continue,
            };
            let actual = match located.retrieval {
                Retrieval::Held(held) => held.document.size(),
                Retrieval::Disproved(answer) => answer.size,
                Retrieval::Failed(_) | Retrieval::Skipped(_) => continue,
            };
            if actual != descriptor.size {
                let what = format!(
                    "the {} has {actual} bytes, but its descriptor says {}",
                    located.name(),
                    descriptor.size
                );
                let why = "Clients that check the size first refuse it, others do not.";
                let next = "Build the index again with the tool that pushed the images, instead of \
                    by hand.";
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
