//! Keys that work wherever the focus is.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

use crate::browser;

/// A key press that may mean something to the whole page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    /// As `KeyboardEvent.key` says it; letters in lower case.
    pub(crate) name: String,
    pub(crate) control: bool,
    pub(crate) alt: bool,
    /// The digit of its place on the keyboard, whatever `alt` turns it into.
    pub(crate) digit: Option<usize>,
    /// Whether the user is writing somewhere, so that a bare letter is a letter.
    pub(crate) writing: bool,
}

/// Calls `handle` for each key press; where it returns true, the browser does nothing more.
#[hook]
pub(crate) fn use_keys(handle: Callback<Key, bool>) {
    use_effect_with(handle, |handle| {
        let handle = handle.clone();
        let listener = browser::window().map(|window| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&window, "keydown", options, move |event| {
                if let Some(event) = event.dyn_ref::<KeyboardEvent>()
                    && !event.is_composing()
                    && !event.default_prevented()
                    && handle.emit(Key::of(event))
                {
                    event.prevent_default();
                }
            })
        });
        move || drop(listener)
    });
}

impl Key {
    fn of(event: &KeyboardEvent) -> Self {
        let target = event
            .target()
            .and_then(|t| t.dyn_into::<HtmlElement>().ok());
        let writing = target.is_some_and(|element| {
            element.is_content_editable()
                || matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        });
        let digit = event
            .code()
            .strip_prefix("Digit")
            .and_then(|d| d.parse().ok());
        Self {
            name: event.key().to_lowercase(),
            control: event.ctrl_key() || event.meta_key(),
            alt: event.alt_key(),
            digit,
            writing,
        }
    }

    /// A bare key, pressed while nothing is being written.
    pub(crate) fn is_bare(&self, key: &str) -> bool {
        !self.writing && !self.control && !self.alt && self.name == key
    }

    pub(crate) fn is_control(&self, key: &str) -> bool {
        self.control && !self.alt && self.name == key
    }
}
