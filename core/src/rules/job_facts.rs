//! What a rule about a CI job may look at.

use std::collections::BTreeMap;

use crate::ci::gitlab::Unmodelled;
use crate::ci::incident::Incident;
use crate::ci::runner::Run;
use crate::ci::yaml::Mark;
use crate::diagnostic::{Place, Span};

/// A job that was played through, or a file that its service would refuse.
#[derive(Debug, Clone, Copy)]
pub struct JobFacts<'a> {
    /// The CI files by name.
    pub sources: &'a BTreeMap<String, String>,
    pub refused: Option<&'a Refused>,
    pub run: Option<&'a Run>,
    pub unmodelled: &'a [Unmodelled],
}

/// Why a file is no job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub file: String,
    pub mark: Mark,
    pub message: String,
}

impl<'a> JobFacts<'a> {
    /// Facts of a file that is refused.
    pub fn refused(sources: &'a BTreeMap<String, String>, refused: &'a Refused) -> Self {
        Self {
            sources,
            refused: Some(refused),
            run: None,
            unmodelled: &[],
        }
    }

    /// Incidents of a cause.
    pub fn incidents(&self, cause: &str) -> impl Iterator<Item = &'a Incident> {
        let cause = cause.to_owned();
        self.run
            .into_iter()
            .flat_map(|run| &run.incidents)
            .filter(move |i| i.cause == cause)
    }

    /// A mark as the place of a finding.
    pub fn place(&self, mark: Mark) -> Place {
        let file = self
            .run
            .and_then(|run| run.files.get(mark.file))
            .cloned()
            .unwrap_or_default();
        self.place_in(&file, mark)
    }

    /// A mark in a named file.
    pub fn place_in(&self, file: &str, mark: Mark) -> Place {
        let length = self.sources.get(file).map_or(0, String::len);
        let start = mark.span.start.min(length);
        // A finding is shown at its first line; the rest of a long block says nothing.
        let text = self
            .sources
            .get(file)
            .and_then(|t| t.get(start..mark.span.end.min(length)))
            .unwrap_or_default();
        let end = start + text.lines().next().map_or(0, str::len);
        Place::Source {
            file: file.to_owned(),
            span: Span { start, end },
            platform: None,
        }
    }
}
