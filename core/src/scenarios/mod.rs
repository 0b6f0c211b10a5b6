//! Teaching cases: files and settings with what comes of them, stated and executed.
//!
//! A scenario is a markdown file of `core/scenarios/`, a lesson one of `core/lessons/`; `reader`
//! holds their form. Both faces read the same texts: the page fetches them as one file, so that
//! they do not weigh on its first paint, and everything else has them by [`all`] and [`lessons`].

mod expectation;
mod files;
mod goal;
mod lesson;
mod project;
mod reader;

use crate::analysis::Project;

pub use expectation::{Expectation, Wrong};
pub use files::{FIRST, LESSON_TEXTS, SCENARIO_TEXTS, all, lessons};
pub use goal::{Goal, Seen, Test};
pub use lesson::{Choice, Lesson, Part};
pub use reader::{Library, ReadError, read};

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Both {
    pub english: String,
    /// Simplified Chinese.
    pub chinese: String,
}

/// A named starting point with its stated outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// Stable: links and progress name it.
    pub name: String,
    pub title: Both,
    pub group: Group,
    /// Position within its group; equal ones stand by name.
    pub rank: u8,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// What to look at, in a little Markdown.
    pub look: Both,
    pub project: Project,
    pub expectation: Expectation,
}

/// Where a scenario stands in the gallery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The founding post's own jobs and lessons.
    Seed,
    /// Passes, and is wrong.
    Silent,
    /// Builders, drivers and emulators.
    Builder,
    /// Registries, logins, tags.
    Push,
    /// Done as it should be.
    Right,
}

impl Group {
    /// In the gallery's order.
    pub const ALL: [Self; 5] = [
        Self::Seed,
        Self::Silent,
        Self::Builder,
        Self::Push,
        Self::Right,
    ];

    /// The word of the front matter.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Seed => "seed",
            Self::Silent => "silent",
            Self::Builder => "builder",
            Self::Push => "push",
            Self::Right => "right",
        }
    }
}

#[cfg(test)]
mod tests;
