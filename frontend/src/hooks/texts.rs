//! The interface's texts in the language that the user chose.

use yew::prelude::*;

use crate::i18n::{Language, Texts};

#[hook]
pub(crate) fn use_texts() -> &'static Texts {
    use_context::<Language>()
        .unwrap_or(Language::English)
        .texts()
}
