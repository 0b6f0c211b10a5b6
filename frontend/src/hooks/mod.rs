//! What components share: the language's texts, the address, keys, and the analysis.

mod analysis;
mod keys;
mod route;
mod texts;

pub(crate) use analysis::use_answer;
pub(crate) use keys::{Key, use_keys};
pub(crate) use route::use_route;
pub(crate) use texts::use_texts;
