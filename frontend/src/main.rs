//! The playground's entry point: mounts the app under the page's own element.

use yew::prelude::{Html, component, html};

#[component]
fn App() -> Html {
    html! { <main><h1>{ "polyarch" }</h1></main> }
}

fn main() {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(root) = document.and_then(|document| document.get_element_by_id("app")) {
        yew::Renderer::<App>::with_root(root).render();
    }
}
