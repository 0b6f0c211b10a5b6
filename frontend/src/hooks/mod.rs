//! What components share: the language's texts, the address, keys, and the analysis.

mod analysis;
mod code_mirror;
mod editor_choice;
mod focus_back;
mod keys;
mod route;
mod shelf;
mod texts;

pub(crate) use analysis::use_answer;
pub(crate) use code_mirror::use_code_mirror;
pub(crate) use editor_choice::use_editor_choice;
pub(crate) use focus_back::use_focus_back;
pub(crate) use keys::{Key, use_keys};
pub(crate) use route::use_route;
pub(crate) use shelf::use_shelf;
pub(crate) use texts::use_texts;
