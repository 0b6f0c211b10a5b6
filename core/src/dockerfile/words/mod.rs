//! Words: BuildKit's shell-like quoting and expansion (`frontend/dockerfile/shell`).
//!
//! It runs no command and reads no environment: variables come from the caller.

mod dollar;
mod error;
mod lexer;
mod pattern;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::escape::Escape;

pub use error::{Fault, WordError};

/// Where variables are looked up.
pub trait Variables {
    /// The value, `None` if it is not set; an empty value is set.
    fn get(&self, name: &str) -> Option<&str>;
}

/// No variable is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NoVariables;

/// How words are read. The default has BuildKit's defaults: quotes and escapes are removed, what
/// is not set expands to nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent switches, as BuildKit has them"
)]
pub struct Lexer {
    pub escape: Escape,
    /// Quotes stay in the text.
    pub raw_quotes: bool,
    /// Escape characters stay in the text.
    pub raw_escapes: bool,
    /// Quotes are ordinary characters.
    pub skip_quotes: bool,
    /// What is not set stays as it is written.
    pub skip_unset: bool,
}

/// What became of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Processed {
    /// The expanded text.
    pub text: Result<String, WordError>,
    /// The text split at blanks outside quotes, after expansion; empty on error and where it was
    /// not asked for.
    pub words: Vec<String>,
    /// Variables used that were set, until the error if there is one.
    pub matched: BTreeSet<String>,
    /// Variables used that were not set, until the error if there is one.
    pub unmatched: BTreeSet<String>,
}

impl Lexer {
    /// A lexer with defaults and this escape character.
    pub fn new(escape: Escape) -> Self {
        Self {
            escape,
            ..Self::default()
        }
    }

    /// Expands a text as one word and tells which variables it used.
    pub fn process(&self, text: &str, variables: &dyn Variables) -> Processed {
        lexer::Reader::new(*self, text, variables).process()
    }

    /// As [`Lexer::process`], and splits the text into words too.
    pub fn split(&self, text: &str, variables: &dyn Variables) -> Processed {
        lexer::Reader::new(*self, text, variables)
            .splitting()
            .process()
    }

    /// Expands a text as one word.
    pub fn word(&self, text: &str, variables: &dyn Variables) -> Result<String, WordError> {
        self.process(text, variables).text
    }

    /// Expands a text and splits it at blanks outside quotes.
    pub fn words(&self, text: &str, variables: &dyn Variables) -> Result<Vec<String>, WordError> {
        let processed = self.split(text, variables);
        processed.text.map(|_| processed.words)
    }
}

impl Variables for NoVariables {
    fn get(&self, _name: &str) -> Option<&str> {
        None
    }
}

impl Variables for BTreeMap<String, String> {
    fn get(&self, name: &str) -> Option<&str> {
        Self::get(self, name).map(String::as_str)
    }
}

impl Variables for BTreeMap<&str, &str> {
    fn get(&self, name: &str) -> Option<&str> {
        Self::get(self, name).copied()
    }
}
