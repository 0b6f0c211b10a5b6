//! What polyarch has to say: which rule, how grave, where, what, why, and what to do next.
//!
//! One type serves all inputs: a place is a span of a text that the user wrote, or a part of an
//! image. Nothing here knows how a diagnostic is shown.

mod severity;
mod span;

use std::borrow::Cow;

use crate::digest::Digest;
use crate::platform::Platform;
use crate::shown::shown;

pub use severity::Severity;
pub use span::{LineColumn, LineIndex, Span};

/// A subject that is longer is cut when it is shown; no system opens a longer path.
const LONGEST: usize = 4096;

/// One finding. Its rule is in the catalogue; the catalogue's test sees to that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's one stable name: kebab case, or BuildKit's CamelCase for BuildKit's own rules.
    pub rule: &'static str,
    pub severity: Severity,
    pub place: Place,
    /// What is wrong, in one sentence; or the exact text of a real tool.
    pub message: String,
    /// Why that matters or how it comes about.
    pub why: Cow<'static, str>,
    /// What to do next.
    pub next: Cow<'static, str>,
    /// An edit that makes the finding go away.
    pub fix: Option<Fix>,
}

/// Where a diagnostic belongs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A span of a text; `file` is its name as the user knows it, such as `Dockerfile`.
    Source {
        file: String,
        span: Span,
        platform: Option<Platform>,
    },
    /// A part of an image: the platform concerned and the digest of the document or layer, where
    /// the finding is about one.
    Image {
        platform: Option<Platform>,
        subject: Option<Subject>,
    },
    /// The whole configuration.
    Nowhere,
}

/// What within an image a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A document or layer by its digest.
    Digest(Digest),
    /// A file in a layer, by its absolute path in the image.
    File { layer: Digest, path: String },
    /// Anything else, such as another reference.
    Text(String),
}

/// A named edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a button would say it.
    pub title: String,
    pub edits: Vec<Edit>,
}

/// Replaces a span of a file's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub file: String,
    pub span: Span,
    pub text: String,
}

impl Diagnostic {
    /// The platform that the finding concerns, if it concerns one.
    pub fn platform(&self) -> Option<&Platform> {
        match &self.place {
            Place::Source { platform, .. } | Place::Image { platform, .. } => platform.as_ref(),
            Place::Nowhere => None,
        }
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Digest(digest) => f.pad(digest.as_str()),
            Self::File { path, .. } => f.pad(&shown(path, LONGEST)),
            Self::Text(text) => f.pad(&shown(text, LONGEST)),
        }
    }
}
