//! What the loom's bars mean.

use yew::prelude::*;

use crate::hooks::use_texts;

#[component]
pub(super) fn Legend() -> Html {
    let texts = use_texts();
    let entries = [
        ("native", texts.legend_native),
        ("emulated", texts.legend_emulated),
        ("once", texts.legend_once),
        ("none", texts.legend_nothing),
        ("fail", texts.legend_fails),
    ];
    let entry = |(look, label): (&'static str, &'static str)| {
        html! { <li><i class={look} aria-hidden="true" />{ label }</li> }
    };
    html! { <ul class="legend" aria-label={texts.legend}>{ for entries.into_iter().map(entry) }</ul> }
}
