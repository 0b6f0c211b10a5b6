//! Text in which backticks mark code, as findings and rule pages write it.

use yew::prelude::*;

/// The text with its `code` parts as elements. An unpaired backtick stays.
pub(crate) fn prose(text: &str) -> Html {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return html! { { text } };
    }
    let piece = |(at, part): (usize, &&str)| {
        if at % 2 == 1 {
            html! { <code>{ *part }</code> }
        } else {
            html! { { *part } }
        }
    };
    html! { <>{ for parts.iter().enumerate().map(piece) }</> }
}
