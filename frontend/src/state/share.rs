//! The project as text: what is remembered between visits.

use polyarch_core::analysis::Project;

use super::examples::EXAMPLES;
use crate::browser::storage;

/// The project of the last visit, if there is one that can be read.
pub(crate) fn remembered() -> Option<Project> {
    let text = storage::read(storage::PROJECT)?;
    Some(Project {
        dockerfile: text,
        ..EXAMPLES.first()?.project()
    })
}

/// Remembers the project for the next visit.
pub(crate) fn remember(project: &Project) {
    storage::write(storage::PROJECT, &project.dockerfile);
}

pub(crate) fn forget() {
    storage::remove(storage::PROJECT);
}
