//! The playground's entry point.

use yew::prelude::*;

#[function_component]
fn App() -> Html {
    html! { <main>{ polyarch_core::digest::Digest::sha256(b"").short() }</main> }
}

fn main() {
    if let Some(root) = gloo_root() {
        yew::Renderer::<App>::with_root(root).render();
    }
}

fn gloo_root() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.get_element_by_id("app")
}
