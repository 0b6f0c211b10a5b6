//! What a file is for: a CPU's badge, a ring for any, dots for what is not known.

use polyarch_core::analysis::ContentView;
use yew::prelude::*;

use super::cpu_badge::CpuBadge;
use crate::hooks::use_texts;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) entry: ContentView,
}

#[component]
pub(crate) fn Machine(props: &Props) -> Html {
    let texts = use_texts().views;
    let entry = &props.entry;
    match (&entry.cpu, entry.machine.as_str()) {
        (Some(cpu), _) => html! { <CpuBadge platform={cpu.clone()} bad={entry.wrong} /> },
        (None, "any") => html! { <span class="cpu any">{ texts.any_cpu }</span> },
        (None, _) => html! { <span class="cpu unknown">{ texts.unknown_cpu }</span> },
    }
}
