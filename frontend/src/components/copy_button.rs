//! A button that copies a text and says so in its own place, and a command with its button.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::icon::{Glyph, Icon};
use crate::browser::clipboard;
use crate::hooks::use_texts;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) text: AttrValue,
}

#[component]
pub(crate) fn CopyButton(props: &Props) -> Html {
    let texts = use_texts();
    let copied = use_state(|| false);
    let onclick = {
        let (copied, text) = (copied.setter(), props.text.to_string());
        Callback::from(move |_: MouseEvent| {
            let copied = copied.clone();
            let done = Callback::from(move |worked| {
                copied.set(worked);
                let copied = copied.clone();
                Timeout::new(1_500, move || copied.set(false)).forget();
            });
            clipboard::copy(text.clone(), done);
        })
    };
    let label = if *copied {
        texts.copied.to_owned()
    } else {
        (texts.copy)(&props.text)
    };
    html! {
        <button type="button" class="btn bare icon slim" aria-label={label} {onclick}>
            <Icon glyph={if *copied { Glyph::Check } else { Glyph::Copy }} />
        </button>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct CommandProps {
    pub(crate) text: AttrValue,
}

/// A command line to copy; it breaks between words only, so that a flag stays whole.
#[component]
pub(crate) fn CommandLine(props: &CommandProps) -> Html {
    let word = |word: &str| html! { <><span class="word">{ word.to_owned() }</span>{ " " }</> };
    html! {
        <>
            <code>{ for props.text.split(' ').map(word) }</code>
            <CopyButton text={props.text.clone()} />
        </>
    }
}
