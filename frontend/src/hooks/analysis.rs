//! The answer to the project on screen, computed anew whenever the project changes.

use std::rc::Rc;

use polyarch_core::analysis::Project;
use yew::prelude::*;

use crate::state::answer::{Answer, answer};

#[hook]
pub(crate) fn use_answer(project: &Project) -> Rc<Answer> {
    use_memo(project.clone(), answer)
}
