//! Saving bytes as a file, and pressing a key for the user.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast as _;
use web_sys::{Blob, HtmlElement, KeyboardEvent, KeyboardEventInit, Url};

/// Offers a file for saving; `None` where the browser does not do that.
pub(crate) fn save(name: &str, bytes: &[u8]) -> Option<()> {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence(&parts).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let link = super::document()?.create_element("a").ok()?;
    link.set_attribute("href", &address).ok()?;
    link.set_attribute("download", name).ok()?;
    link.dyn_ref::<HtmlElement>()?.click();
    Url::revoke_object_url(&address).ok()
}

/// Presses a key on the page, as the palette does for its entries.
pub(crate) fn press(key: &str, control: bool, alt: bool) {
    let options = KeyboardEventInit::new();
    options.set_key(key);
    options.set_ctrl_key(control);
    options.set_alt_key(alt);
    options.set_bubbles(true);
    options.set_cancelable(true);
    if key.len() == 1 && key.bytes().all(|b| b.is_ascii_digit()) {
        options.set_code(&format!("Digit{key}"));
    }
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &options);
    if let (Some(window), Ok(event)) = (super::window(), event) {
        // Nobody minds whether it was prevented.
        let _ = window.dispatch_event(&event);
    }
}
