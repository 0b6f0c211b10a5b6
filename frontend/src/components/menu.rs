//! A button that opens a short list of actions. Escape and a choice close it.

use yew::prelude::*;

use super::icon::{Glyph, Icon};
use crate::browser;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    pub(crate) label: AttrValue,
    /// Keys that do the same.
    pub(crate) keys: &'static str,
    pub(crate) disabled: bool,
}

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) id: &'static str,
    pub(crate) label: AttrValue,
    pub(crate) items: Vec<Item>,
    pub(crate) onselect: Callback<usize>,
}

#[component]
pub(crate) fn Menu(props: &Props) -> Html {
    let open = use_state(|| false);
    let id = props.id;
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let onkeydown = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && *open {
                event.prevent_default();
                event.stop_propagation();
                open.set(false);
                browser::focus(id);
            }
        })
    };
    // A focus that goes elsewhere closes it, as a click elsewhere does.
    let onfocusout = {
        let open = open.setter();
        Callback::from(move |event: FocusEvent| {
            let inside = event.related_target().and_then(|target| {
                let element = wasm_bindgen::JsCast::dyn_into::<web_sys::Element>(target).ok()?;
                element.closest(&format!("[data-menu={id}]")).ok().flatten()
            });
            if inside.is_none() {
                open.set(false);
            }
        })
    };
    let item = |(at, item): (usize, &Item)| {
        let onclick = {
            let (open, onselect) = (open.setter(), props.onselect.clone());
            Callback::from(move |_: MouseEvent| {
                open.set(false);
                onselect.emit(at);
            })
        };
        html! {
            <li>
                <button type="button" disabled={item.disabled} {onclick}>
                    <span>{ item.label.clone() }</span>
                    if !item.keys.is_empty() {
                        <kbd>{ item.keys }</kbd>
                    }
                </button>
            </li>
        }
    };
    html! {
        <div class="menu" data-menu={id} {onkeydown} {onfocusout}>
            <button type="button" class="btn" {id} aria-expanded={open.to_string()} onclick={toggle}>
                { props.label.clone() }<Icon glyph={Glyph::Down} size={12} />
            </button>
            if *open {
                <ul>{ for props.items.iter().enumerate().map(item) }</ul>
            }
        </div>
    }
}
