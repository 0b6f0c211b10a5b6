//! What is worth telling about a run: the causes that decided a step, each with its place.
//!
//! A cause is named as the rule that explains it, so that rules need no knowledge of the runner.

use std::collections::BTreeMap;

use super::yaml::Mark;

/// Something that happened or was noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Kebab-case name of the cause, which is the name of the rule about it.
    pub cause: &'static str,
    pub mark: Mark,
    /// What was found, in one sentence or in the tool's own words.
    pub message: String,
    /// Facts by name that the message or a fix needs, such as `repository`.
    pub facts: BTreeMap<&'static str, String>,
}

impl Incident {
    pub fn new(cause: &'static str, mark: Mark, message: impl Into<String>) -> Self {
        Self {
            cause,
            mark,
            message: message.into(),
            facts: BTreeMap::new(),
        }
    }
}
