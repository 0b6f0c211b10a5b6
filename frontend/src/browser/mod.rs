//! The few things the page asks of the browser, each total: a missing API is a `None`, never a
//! panic.

pub(crate) mod clipboard;
pub(crate) mod code_mirror;
pub(crate) mod crash;
pub(crate) mod download;
pub(crate) mod storage;

use wasm_bindgen::JsCast as _;

/// The address's fragment without `#`.
pub(crate) fn fragment() -> String {
    let hash = window().and_then(|w| w.location().hash().ok());
    hash.unwrap_or_default().trim_start_matches('#').to_owned()
}

/// Goes to another fragment, as a link would.
pub(crate) fn go_to(fragment: &str) {
    if let Some(window) = window() {
        // A refused navigation leaves the page where it is, which is all that can be done.
        let _ = window.location().set_hash(fragment);
    }
}

/// Loads the page again.
pub(crate) fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}

/// Replaces the fragment without a step in the history.
pub(crate) fn replace_fragment(fragment: &str) {
    if let Some(history) = window().and_then(|w| w.history().ok()) {
        let url = format!("#{fragment}");
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&url));
    }
}

/// The page's address without fragment.
pub(crate) fn address() -> String {
    let href = window().and_then(|w| w.location().href().ok());
    href.unwrap_or_default()
        .split('#')
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Whether the page came from a web server on this very host, which may have a registry.
pub(crate) fn origin() -> Option<String> {
    let origin = window()?.location().origin().ok()?;
    origin.starts_with("http").then_some(origin)
}

/// Host and port of the page, as a reference would name them.
pub(crate) fn host() -> Option<String> {
    window()?
        .location()
        .host()
        .ok()
        .filter(|host| !host.is_empty())
}

/// First of the languages that the user prefers.
pub(crate) fn preferred_language() -> String {
    window()
        .and_then(|w| w.navigator().language())
        .unwrap_or_default()
}

/// Milliseconds since the page was opened.
pub(crate) fn now() -> f64 {
    window()
        .and_then(|w| w.performance())
        .map_or(0.0, |p| p.now())
}

/// Sets an attribute of `<html>`, or removes it.
pub(crate) fn set_root_attribute(name: &str, value: Option<&str>) {
    let Some(root) = document().and_then(|d| d.document_element()) else {
        return;
    };
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

pub(crate) fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Puts the keyboard's focus on the element with this id.
pub(crate) fn focus(id: &str) {
    let element = document().and_then(|d| d.get_element_by_id(id));
    if let Some(element) = element.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// What has the keyboard's focus.
pub(crate) fn focused() -> Option<web_sys::HtmlElement> {
    document()?.active_element()?.dyn_into().ok()
}

/// Whether the keyboard's focus is inside the first element that the selector finds.
pub(crate) fn focus_is_in(selector: &str) -> bool {
    let focused = document().and_then(|d| d.active_element());
    focused.is_some_and(|element| element.closest(selector).ok().flatten().is_some())
}

/// Puts the focus on the first thing inside the selected element that takes it by keyboard, a
/// text to write before anything else.
pub(crate) fn focus_first(selector: &str) {
    let find = |inner: &str| {
        let query = format!("{selector} {inner}");
        document()?.query_selector(&query).ok().flatten()
    };
    let found = find(".cm-content").or_else(|| find("textarea"));
    let found = found.or_else(|| find("[role=gridcell][tabindex='0']"));
    let found = found.or_else(|| find("button:not([tabindex='-1'])"));
    if let Some(element) = found.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Scrolls the element with this id into view, by as little as it takes.
pub(crate) fn reveal(id: &str) {
    if let Some(element) = document().and_then(|d| d.get_element_by_id(id)) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        options.set_inline(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Whether the window has at most this width, in CSS pixels.
pub(crate) fn is_narrow(width: u32) -> bool {
    let query = format!("(max-width: {width}px)");
    window()
        .and_then(|w| w.match_media(&query).ok().flatten())
        .is_some_and(|list| list.matches())
}

pub(crate) fn window() -> Option<web_sys::Window> {
    web_sys::window()
}

pub(crate) fn document() -> Option<web_sys::Document> {
    window()?.document()
}
