//! `manifest-not-found`.

use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::{FailureKind, Retrieval};

declare_rule! {
    /// ## What happens
    /// The tag exists, but a manifest or config that it names does not: the registry answers 404, twice.
    /// Clean-up jobs that delete untagged manifests do this, and proxies that cached one platform only.
    /// `docker buildx imagetools inspect --raw` shows nothing wrong; the pull of that platform fails.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// delete manifest linux/arm64
    /// ```
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// delete config linux/arm64
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// distribution issues 3178 and 4461; Harbor issue 20920.
    pub ManifestNotFound {
        name: "manifest-not-found",
        severity: Error,
        group: Image,
        title: "The index names a document that is not there",
        title_zh: "索引引用的文档不存在",
        since: "0.1.0",
    }
}

impl Rule for ManifestNotFound {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for located in image.documents() {
            let is_root = located.node.entry.is_none() && !located.is_config;
            if let Retrieval::Failed(failure) = located.retrieval
                && failure.kind == FailureKind::NotFound
                && !is_root
            {
                let what = format!("the {} is not in the registry", located.name());
                let why = "Something deleted it after the push, or a proxy never had it; clients \
                    of that platform cannot pull the tag.";
                let next = "Push the tag again, and let clean-up jobs keep the children of tagged \
                    indexes.";
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
