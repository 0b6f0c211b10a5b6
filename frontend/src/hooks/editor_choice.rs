//! Which editor the user prefers, from the context that the app provides.

use yew::prelude::*;

use crate::state::preferences::EditorChoice;

#[hook]
pub(crate) fn use_editor_choice() -> EditorChoice {
    use_context::<EditorChoice>().unwrap_or_default()
}
