//! Where a finding stands, as people and CI systems are told.

use polyarch_core::diagnostic::{Diagnostic, LineIndex, Place};

use super::Shown;

/// File, line and column; both count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// Places findings in the Dockerfile and the CI files.
pub(super) struct Places<'a> {
    files: Vec<(&'a str, &'a str, LineIndex)>,
}

impl<'a> Places<'a> {
    pub(super) fn new(shown: &Shown<'a>) -> Self {
        let project = shown.project;
        let own = (
            project.dockerfile_name.as_str(),
            project.dockerfile.as_str(),
        );
        let sources = shown.job.into_iter().flat_map(|job| &job.sources);
        let files =
            std::iter::once(own).chain(sources.map(|(name, text)| (name.as_str(), text.as_str())));
        Self {
            files: files
                .map(|(name, text)| (name, text, LineIndex::new(text)))
                .collect(),
        }
    }

    /// `None` where the finding is about no place in a file.
    pub(super) fn spot(&self, diagnostic: &Diagnostic) -> Option<Spot> {
        let Place::Source { file, span, .. } = &diagnostic.place else {
            return None;
        };
        let (_, text, index) = self.files.iter().find(|(name, ..)| name == file)?;
        let place = index.place(text, span.start);
        Some(Spot {
            file: file.clone(),
            line: place.line,
            column: place.column,
        })
    }
}
