//! The verdict on one tag, made for reading; each face writes its own format of it.

use super::expectation::Depth;
use crate::diagnostic::{Diagnostic, Severity};
use crate::digest::Digest;
use crate::platform::Platform;

/// What the rules found, and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub verdict: Verdict,
    /// The digest that was verified, if the root was received.
    pub digest: Option<Digest>,
    /// Required platforms in the user's order, then the others in the index's.
    pub platforms: Vec<PlatformVerdict>,
    /// Gravest first, then in the order of the catalogue and of the tree.
    pub findings: Vec<Finding>,
    pub depth: Depth,
}

/// The answer to "may this tag be used?".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Everything that was looked at is as it must be.
    Pass,
    /// Nothing was disproved, but something could not be established.
    Inconclusive,
    /// At least one thing is wrong.
    Fail,
}

/// One platform's share of the verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformVerdict {
    pub platform: Platform,
    /// Digest of its manifest, if the tag has one.
    pub digest: Option<Digest>,
    pub required: bool,
    pub verdict: PlatformVerdictKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlatformVerdictKind {
    Pass,
    Fail,
    Inconclusive,
    /// It is required and the tag has no entry for it.
    Missing,
}

/// A diagnostic and what the user said to it beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub diagnostic: Diagnostic,
    /// The reason of the waiver that covers it; it then no longer counts.
    pub waived: Option<String>,
    /// Whether it makes the result inconclusive instead of failed.
    pub inconclusive: bool,
}

impl Report {
    /// What the verdict covers, in words, so that nobody believes that a default run looked into
    /// layers; `None` where the findings say it all.
    pub fn closing(&self) -> Option<&'static str> {
        match (self.verdict, self.depth) {
            (Verdict::Pass, Depth::Documents) => Some(
                "Every index, manifest and config was fetched and hashed, and every layer is \
                 there. Layer contents were not examined.",
            ),
            (Verdict::Pass, Depth::SharedLayers) => Some(
                "Every index, manifest and config was fetched and hashed, and every layer is \
                 there. Only the contents of layers that several platforms share were examined.",
            ),
            (Verdict::Pass, Depth::AllLayers) => Some(
                "Every index, manifest, config and layer was fetched and hashed, and the contents \
                 of every layer were examined.",
            ),
            (Verdict::Inconclusive, _) => {
                Some("Nothing was disproved, but not everything could be established.")
            }
            (Verdict::Fail, _) => None,
        }
    }
}

impl Finding {
    /// Whether it counts as an error.
    pub fn counts(&self) -> bool {
        self.waived.is_none() && self.diagnostic.severity == Severity::Error
    }
}

impl Verdict {
    /// The word that people are shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Inconclusive => "INCONCLUSIVE",
            Self::Fail => "FAIL",
        }
    }

    /// The word of the JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Inconclusive => "inconclusive",
            Self::Fail => "fail",
        }
    }
}

impl PlatformVerdictKind {
    /// The word of the JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Inconclusive => "inconclusive",
            Self::Missing => "missing",
        }
    }
}
