//! Why a word cannot be expanded, in BuildKit's texts.

use crate::dockerfile::quote::quote;

/// The text that failed and why; displayed as BuildKit prints it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("failed to process {}: {fault}", quote(.text))]
pub struct WordError {
    /// The whole text, unexpanded.
    pub text: String,
    pub fault: Fault,
}

/// What is wrong with a word.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("unexpected end of statement while looking for matching {0}")]
    UnexpectedEnd(&'static str),
    #[error("syntax error: missing '}}'")]
    MissingBrace,
    #[error("syntax error: missing '/' in ${{}}")]
    MissingSlash,
    #[error("syntax error: bad substitution")]
    BadSubstitution,
    #[error("unsupported modifier ({0}) in substitution")]
    UnsupportedModifier(String),
    /// `${name:?message}`.
    #[error("{name}: {message}")]
    Required { name: String, message: String },
    #[error("invalid pattern ({pattern}) in substitution: invalid escape '\\{escaped}'")]
    InvalidPattern { pattern: String, escaped: char },
    /// Ours: BuildKit has no limit.
    #[error("substitutions are nested more than {0} deep, which polyarch does not follow")]
    TooDeep(usize),
}
