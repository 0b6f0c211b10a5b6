//! `digest-unexpected`.

use crate::diagnostic::{Place, Subject};
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// The tag's digest differs from one that it must equal: that of `--expect-digest`, of buildx's
    /// metadata file, or of another tag that should be the same image.
    /// Either another job pushed in between, or the copy to the other registry did not arrive.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// expect-digest wrong
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// buildx writes `containerimage.digest` into `--metadata-file`.
    pub DigestUnexpected {
        name: "digest-unexpected",
        severity: Error,
        group: Image,
        title: "The tag is not what it should be",
        title_zh: "标签摘要与预期不符",
        since: "0.1.0",
    }
}

impl Rule for DigestUnexpected {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        let Some(actual) = image.evidence.digest() else {
            return;
        };
        let named = match &image.evidence.target {
            crate::reference::Target::Digest(digest) => digest,
            crate::reference::Target::Tag(_) => actual,
        };
        for (source, expected) in &image.expectation.digests {
            if expected == actual || expected == named {
                continue;
            }
            let what = format!("the tag is {actual}, but {source} says {expected}");
            let why = "The tag points to another image than the one that it must be.";
            let next = "See whether another job pushed the same tag, and verify by digest.";
            let subject = Some(Subject::Text(source.clone()));
            out.report(
                self,
                Place::Image {
                    platform: None,
                    subject,
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
