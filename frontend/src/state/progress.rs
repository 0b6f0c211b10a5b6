//! How far someone has come on the guided path; kept in this browser only.

use std::collections::BTreeMap;

use polyarch_core::analysis::Project;

use super::share;
use crate::browser::storage;

/// By lesson. Lessons that were never answered are not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    lessons: BTreeMap<String, Kept>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Kept {
    /// Position of the choice.
    guess: Option<usize>,
    done: bool,
}

impl Progress {
    pub(crate) fn stored() -> Self {
        Self::parse(&storage::read(storage::PROGRESS).unwrap_or_default())
    }

    pub(crate) fn guess(&self, lesson: &str) -> Option<usize> {
        self.lessons.get(lesson).and_then(|kept| kept.guess)
    }

    pub(crate) fn is_done(&self, lesson: &str) -> bool {
        self.lessons.get(lesson).is_some_and(|kept| kept.done)
    }

    /// With this guess, which is remembered.
    pub(crate) fn guessed(mut self, lesson: &str, guess: usize) -> Self {
        self.lessons.entry(lesson.to_owned()).or_default().guess = Some(guess);
        self.stored_as_new()
    }

    /// With this lesson done, which is remembered.
    pub(crate) fn done(mut self, lesson: &str) -> Self {
        self.lessons.entry(lesson.to_owned()).or_default().done = true;
        self.stored_as_new()
    }

    /// Without this lesson's guess and text; that it was done once stays.
    pub(crate) fn over_again(mut self, lesson: &str) -> Self {
        if let Some(kept) = self.lessons.get_mut(lesson) {
            kept.guess = None;
        }
        storage::remove(&format!("{}{lesson}", storage::LESSON));
        self.stored_as_new()
    }

    /// Nothing is known any more.
    pub(crate) fn forgotten(self) -> Self {
        for lesson in self.lessons.keys() {
            storage::remove(&format!("{}{lesson}", storage::LESSON));
        }
        storage::remove(storage::PROGRESS);
        Self::default()
    }

    fn stored_as_new(self) -> Self {
        storage::write(storage::PROGRESS, &self.text());
        self
    }

    /// `NAME GUESS DONE` a line; what cannot be read is skipped.
    fn parse(text: &str) -> Self {
        let line = |line: &str| {
            let mut words = line.split(' ');
            let (name, guess, done) = (words.next()?, words.next()?, words.next()?);
            let kept = Kept {
                guess: guess.parse().ok(),
                done: done == "done",
            };
            Some((name.to_owned(), kept))
        };
        Self {
            lessons: text.lines().filter_map(line).collect(),
        }
    }

    fn text(&self) -> String {
        let line = |(name, kept): (&String, &Kept)| {
            let guess = kept.guess.map_or("-".to_owned(), |at| at.to_string());
            format!("{name} {guess} {}\n", if kept.done { "done" } else { "-" })
        };
        self.lessons.iter().map(line).collect()
    }
}

/// The lesson's text as it was left, if it was touched.
pub(crate) fn left(lesson: &str) -> Option<Project> {
    let link = storage::read(&format!("{}{lesson}", storage::LESSON))?;
    share::decode(&link).ok()
}

/// Remembers a lesson's text. One that no link may hold is not remembered.
pub(crate) fn leave(lesson: &str, project: &Project) {
    if let Ok(link) = share::encode(project) {
        storage::write(&format!("{}{lesson}", storage::LESSON), &link);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_survives_being_stored() {
        let mut progress = Progress::default();
        progress.lessons.insert(
            "once".to_owned(),
            Kept {
                guess: Some(2),
                done: true,
            },
        );
        progress.lessons.insert("gate".to_owned(), Kept::default());
        assert_eq!(Progress::parse(&progress.text()), progress);
        assert!(progress.is_done("once") && !progress.is_done("gate"));
        assert_eq!(progress.guess("once"), Some(2));
        assert_eq!(Progress::parse("nonsense\n\nx y"), Progress::default());
    }
}
