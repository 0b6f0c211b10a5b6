//! Copying a text, with a word on whether it worked.

use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::Callback;

/// Writes `text` to the clipboard and calls `done` with whether the browser allowed it.
pub(crate) fn copy(text: String, done: Callback<bool>) {
    spawn_local(async move {
        let Some(window) = super::window() else {
            return;
        };
        // Outside a secure context the property is absent, whatever its type says.
        let allowed = window.is_secure_context();
        let worked = allowed
            && JsFuture::from(window.navigator().clipboard().write_text(&text))
                .await
                .is_ok();
        done.emit(worked);
    });
}
