//! The playground's entry point: shows panics from now on, and mounts the app.

mod app;
mod browser;
mod components;
mod hooks;
mod i18n;
mod pages;
mod routes;
mod state;
mod verify;

fn main() {
    browser::crash::install();
    let root = browser::document().and_then(|document| document.get_element_by_id("app"));
    if let Some(root) = root {
        yew::Renderer::<app::App>::with_root(root).render();
        assert!(!browser::crash::asked_for(), "the address asks for a panic");
    }
}
