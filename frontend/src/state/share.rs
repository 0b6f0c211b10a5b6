//! The project as a link, and what is remembered of it between visits: both in core's form.

use polyarch_core::analysis::Project;
use polyarch_core::share::{self, LinkError};

use crate::browser::storage;

/// The fragment of a link to this project, without its `#`.
pub(crate) fn encode(project: &Project) -> Result<String, LinkError> {
    share::encode(project).map(|link| link.trim_start_matches('#').to_owned())
}

/// The project of a link's fragment.
pub(crate) fn decode(fragment: &str) -> Result<Project, LinkError> {
    share::decode(&format!("#{fragment}"))
}

/// The project of the last visit, if there is one that can be read.
pub(crate) fn remembered() -> Option<Project> {
    let text = storage::read(storage::PROJECT)?;
    match decode(&text) {
        Ok(project) => Some(project),
        // A project that no link may hold is remembered by its Dockerfile alone.
        Err(_) => Some(Project {
            dockerfile: text,
            ..Project::default()
        }),
    }
}

/// Remembers the project for the next visit.
pub(crate) fn remember(project: &Project) {
    match encode(project) {
        Ok(text) => storage::write(storage::PROJECT, &text),
        Err(_) => storage::write(storage::PROJECT, &project.dockerfile),
    }
}

pub(crate) fn forget() {
    storage::remove(storage::PROJECT);
}
