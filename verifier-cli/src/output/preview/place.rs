//! Where a finding stands, as people and CI systems are told.

use polyarch_core::analysis::Project;
use polyarch_core::diagnostic::{Diagnostic, LineIndex, Place};

/// File, line and column; both count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// Places findings in the Dockerfile.
pub(super) struct Places<'a> {
    project: &'a Project,
    index: LineIndex,
}

impl<'a> Places<'a> {
    pub(super) fn new(project: &'a Project) -> Self {
        Self {
            project,
            index: LineIndex::new(&project.dockerfile),
        }
    }

    /// `None` where the finding is about no place in a file.
    pub(super) fn spot(&self, diagnostic: &Diagnostic) -> Option<Spot> {
        let Place::Source { file, span, .. } = &diagnostic.place else {
            return None;
        };
        if *file != self.project.dockerfile_name {
            return None;
        }
        let place = self.index.place(&self.project.dockerfile, span.start);
        Some(Spot {
            file: file.clone(),
            line: place.line,
            column: place.column,
        })
    }
}
