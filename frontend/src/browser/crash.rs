//! What a user sees if the page panics: what happened, and that the text is safe.
//!
//! After a panic nothing of the app runs any more, so this writes plain elements by hand.

use std::panic::PanicHookInfo;

/// Query that starts the page without the remembered project, should that be the culprit.
pub(crate) const RESET: &str = "reset";

/// Shows panics in the page from now on.
pub(crate) fn install() {
    // Through Yew, which would put a hook of its own in place of one that it does not know.
    yew::set_custom_panic_hook(Box::new(|info| {
        report(info);
    }));
}

/// Whether the address asks to forget the remembered project.
pub(crate) fn reset_requested() -> bool {
    let query = super::window().and_then(|w| w.location().search().ok());
    query.is_some_and(|query| query.trim_start_matches('?') == RESET)
}

/// Whether the address asks for a panic, so that a test sees what one looks like.
pub(crate) fn asked_for() -> bool {
    let query = super::window().and_then(|w| w.location().search().ok());
    query.is_some_and(|query| query.trim_start_matches('?') == "panic")
}

fn report(info: &PanicHookInfo<'_>) -> Option<()> {
    let document = super::document()?;
    let text = |name: &str, content: &str| {
        let element = document.create_element(name).ok()?;
        element.set_text_content(Some(content));
        Some(element)
    };
    let notice = document.create_element("div").ok()?;
    notice.set_attribute("role", "alert").ok()?;
    notice.set_class_name("crash");
    let paragraph = text(
        "p",
        "The page stopped: polyarch met a case that it does not handle. Your text is stored in \
         this browser and still stands in the editor.",
    )?;
    let detail = text("pre", &info.to_string())?;
    let reload = text("a", "Load the page again")?;
    reload.set_attribute("href", "./").ok()?;
    let same = text("a", "A link that reproduces it")?;
    let project = super::storage::read(super::storage::PROJECT).unwrap_or_default();
    // Only what is in a link's form already: it was found free of secrets when it was stored.
    let fragment = if project.starts_with("v1.") {
        project
    } else {
        super::fragment()
    };
    same.set_attribute("href", &format!("./#{fragment}")).ok()?;
    let reset = text("a", "Start with the example instead")?;
    reset.set_attribute("href", &format!("./?{RESET}")).ok()?;
    for part in [paragraph, detail, same, reload, reset] {
        notice.append_child(&part).ok()?;
    }
    let body = document.query_selector("body").ok()??;
    body.prepend_with_node_1(&notice).ok()
}
