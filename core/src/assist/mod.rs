//! Help while writing: what can stand at a place of a text, and the classic mistakes as edits.
//!
//! It proposes only what it knows to be accepted; what it does not propose may still be right.

mod dockerfile;
mod executable;
mod job;
mod mistakes;
#[cfg(test)]
mod tests;

pub use mistakes::{MISTAKES, Mistake};

/// Platforms worth proposing, most used first; a key press adds them in this order.
pub const PLATFORMS: [&str; 9] = [
    "linux/amd64",
    "linux/arm64",
    "linux/arm/v7",
    "linux/riscv64",
    "linux/386",
    "linux/arm/v6",
    "linux/ppc64le",
    "linux/s390x",
    "windows/amd64",
];

/// What can stand at a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completions {
    /// Byte at which the word begins that a choice replaces.
    pub from: usize,
    pub options: Vec<Choice>,
}

/// One proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What stands in the list.
    pub label: String,
    /// What kind of thing it is, in a word or two.
    pub detail: &'static str,
    /// What it is for, in a sentence; empty where the name says it.
    pub info: &'static str,
    /// What is put into the text.
    pub text: String,
}

impl Choice {
    fn new(label: &str, detail: &'static str, info: &'static str) -> Self {
        Self {
            label: label.to_owned(),
            detail,
            info,
            text: label.to_owned(),
        }
    }

    fn then(mut self, after: &str) -> Self {
        self.text.push_str(after);
        self
    }
}

/// What can stand in a Dockerfile at a byte; `asked` says that the user asked, instead of typing.
/// `None` where nothing is worth proposing.
pub fn complete_dockerfile(text: &str, at: usize, asked: bool) -> Option<Completions> {
    some(dockerfile::complete(text, at, asked)?)
}

/// The same for a GitLab CI file or a GitHub workflow.
pub fn complete_job(text: &str, at: usize, asked: bool) -> Option<Completions> {
    some(job::complete(text, at, asked)?)
}

/// Keeps what continues the word that was begun, and no list whose only entry is already there.
fn some((completions, word): (Completions, &str)) -> Option<Completions> {
    let mut completions = completions;
    let begun = word.to_ascii_lowercase();
    completions
        .options
        .retain(|choice| choice.label.to_ascii_lowercase().starts_with(&begun));
    let is_done = |options: &[Choice]| matches!(options, [only] if only.text.trim_end() == word);
    let useful = !completions.options.is_empty() && !is_done(&completions.options);
    useful.then_some(completions)
}

/// The text before a byte, cut where a character begins.
fn before(text: &str, at: usize) -> &str {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    &text[..at]
}
