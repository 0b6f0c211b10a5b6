//! A lesson of the guided path: read, predict, see, change.

use super::goal::Test;
use super::{Both, Goal};
use crate::analysis::Project;

/// One lesson.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// Stable: links and progress name it.
    pub name: String,
    /// Its place on the path, from 1.
    pub number: u8,
    pub title: Both,
    /// What to know first, in a little Markdown.
    pub read: Both,
    /// The question, before anything is shown.
    pub question: Both,
    pub choices: Vec<Choice>,
    /// Position of the right choice.
    pub answer: usize,
    /// What happened, and why.
    pub see: Both,
    /// What is to be reached.
    pub change: Both,
    pub goals: Vec<Goal>,
    /// What holds at the start, so that the right choice is right.
    pub begins: Vec<Test>,
    /// From a nudge to nearly the solution.
    pub hints: Vec<Both>,
    /// What the lesson starts with.
    pub project: Project,
    /// What reaches every goal.
    pub solution: Project,
    /// Whether the CI job is what the lesson is about.
    pub shows_job: bool,
}

/// A guess that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub what: Both,
    /// Why one might think so; may be empty.
    pub why: Both,
}

/// The parts of a lesson, each of which has an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Read,
    Predict,
    See,
    Change,
}

impl Part {
    pub const ALL: [Self; 4] = [Self::Read, Self::Predict, Self::See, Self::Change];

    /// The word of the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Predict => "predict",
            Self::See => "see",
            Self::Change => "change",
        }
    }

    /// The part of that word.
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.as_str() == word)
    }
}
