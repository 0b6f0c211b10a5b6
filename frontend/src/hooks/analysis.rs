//! The answer to the project on screen, computed anew whenever the project changes.

use std::rc::Rc;

use polyarch_core::analysis::{self, Analysis, Project};
use yew::prelude::*;

#[hook]
pub(crate) fn use_analysis(project: &Project) -> Rc<Analysis> {
    use_memo(project.clone(), analysis::analyse)
}
