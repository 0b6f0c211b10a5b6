//! Dialogs that take the focus give it back.

use yew::prelude::*;

use crate::browser;

/// Remembers what has the focus before the component takes it, and returns there when the
/// component goes and the focus went nowhere else. To be called before what takes the focus.
#[hook]
pub(crate) fn use_focus_back(dialog: &'static str) {
    use_effect_with((), move |()| {
        let before = browser::focused();
        move || {
            if let Some(before) = before
                && (browser::focus_is_in(dialog)
                    || browser::focused().is_none_or(|now| now.tag_name() == "BODY"))
            {
                let _ = before.focus();
            }
        }
    });
}
