//! A phone's bar: one pane at a time, and the outcome's two most wanted views.

use yew::prelude::*;

use crate::hooks::use_texts;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) label: &'static str,
    pub(crate) current: bool,
    pub(crate) count: Option<usize>,
    pub(crate) bad: bool,
}

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) entries: Vec<Entry>,
    pub(crate) onshow: Callback<usize>,
}

#[component]
pub(crate) fn BottomBar(props: &Props) -> Html {
    let texts = use_texts();
    let button = |(at, entry): (usize, &Entry)| {
        html! {
            <button type="button" aria-current={entry.current.then_some("true")}
                onclick={props.onshow.reform(move |_: MouseEvent| at)}>
                { entry.label }
                if let Some(count) = entry.count {
                    <span class={classes!("count", (entry.bad && count > 0).then_some("bad"))}>
                        { count }
                    </span>
                }
            </button>
        }
    };
    html! {
        <nav class="bottom" aria-label={texts.panes}>
            { for props.entries.iter().enumerate().map(button) }
        </nav>
    }
}
