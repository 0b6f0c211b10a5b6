//! `tag-not-found`.

use crate::diagnostic::Place;
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::{FailureKind, Retrieval};

declare_rule! {
    /// ## What happens
    /// The registry answers 404 for the tag or digest itself, twice.
    /// Either nothing was pushed, or it was pushed under another name.
    /// Every client that pulls it stops at once.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// delete tag
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// distribution-spec, "Pulling manifests": a registry answers 404 for a manifest that it does not have.
    pub TagNotFound {
        name: "tag-not-found",
        severity: Error,
        group: Image,
        title: "The tag does not exist",
        title_zh: "标签不存在",
        since: "0.1.0",
    }
}

impl Rule for TagNotFound {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        let root = &image.evidence.root;
        if let Retrieval::Failed(failure) = &root.retrieval
            && failure.kind == FailureKind::NotFound
        {
            let what = format!("`{}` is not in the repository", image.evidence.target);
            let why = "The registry was asked twice and has no such tag or digest.";
            let next = "Compare the reference with the one that the build pushed \
                (`docker buildx build --metadata-file` writes it), and see that the push succeeded.";
            out.report(
                self,
                Place::Image {
                    platform: None,
                    subject: None,
                },
                Text {
                    what,
                    why: why.into(),
                    next: next.into(),
                },
            );
        }
    }
}
