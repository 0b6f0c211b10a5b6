//! `tag-moved`.

use crate::diagnostic::Place;
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::TagAgain;

declare_rule! {
    /// ## What happens
    /// Asked once more at the end, the tag points to something else than at the start, or is gone.
    /// The verdict is about the digest that was verified, not about what the tag is now.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// tag moves
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// Verifying by tag is a race between time of check and time of use (cosign issue 2047).
    pub TagMoved {
        name: "tag-moved",
        severity: Warning,
        group: Image,
        title: "The tag moved while it was verified",
        title_zh: "验证期间标签被改动",
        since: "0.1.0",
        waivable: true,
    }
}

impl Rule for TagMoved {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        let what = match &image.evidence.tag_again {
            TagAgain::NotAsked | TagAgain::Same => return,
            TagAgain::Moved(digest) => format!("the tag now points to {digest}"),
            TagAgain::Gone => "the tag is no longer there".to_owned(),
            TagAgain::Unknown(failure) => {
                format!(
                    "whether the tag still points here is not known: {}",
                    failure.detail
                )
            }
        };
        let why =
            "The verdict is about the digest that was verified; somebody else may have pushed.";
        let next = "Deploy by the digest named at the end, and let one job at a time push a tag.";
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
