//! The answer to the project on screen, computed anew whenever the project changes.

use std::rc::Rc;

use polyarch_core::analysis::{Analysis, Project, Verdict, VerdictKind};
use yew::prelude::*;

#[hook]
pub(crate) fn use_analysis(project: &Project) -> Rc<Analysis> {
    use_memo(project.clone(), unlinked)
}

/// Until core's analysis is there, the page says so and nothing else.
fn unlinked(project: &Project) -> Analysis {
    Analysis {
        verdict: Verdict {
            kind: VerdictKind::Fails,
            published: 0,
            requested: project.settings.platforms.len(),
            error: Some("the analysis is not part of this build yet".to_owned()),
            finding: None,
        },
        platforms: Vec::new(),
        stages: Vec::new(),
        diagnostics: Vec::new(),
        warnings: Vec::new(),
        check: Vec::new(),
        check_error: None,
        documents: Vec::new(),
    }
}
