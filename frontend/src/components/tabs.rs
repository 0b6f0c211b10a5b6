//! A row of tabs after the ARIA pattern: one tab stop, arrows move, the panel stands elsewhere.

use yew::prelude::*;

use crate::browser;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tab {
    pub(crate) label: &'static str,
    pub(crate) count: Option<usize>,
    /// Whether the count counts errors.
    pub(crate) bad: bool,
}

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Prefix of all ids; the panel has the id `{id}-panel`.
    pub(crate) id: &'static str,
    pub(crate) label: AttrValue,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) selected: usize,
    pub(crate) onselect: Callback<usize>,
    /// What stands at the row's end.
    #[prop_or_default]
    pub(crate) children: Html,
}

#[component]
pub(crate) fn Tabs(props: &Props) -> Html {
    let id = props.id;
    let last = props.tabs.len().saturating_sub(1);
    let selected = props.selected;
    let onkeydown = {
        let onselect = props.onselect.clone();
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowRight" if selected < last => selected + 1,
                "ArrowRight" | "Home" => 0,
                "ArrowLeft" if selected > 0 => selected - 1,
                "ArrowLeft" | "End" => last,
                _ => return,
            };
            event.prevent_default();
            onselect.emit(to);
            browser::focus(&format!("{id}-tab-{to}"));
        })
    };
    let tab = |(at, tab): (usize, &Tab)| {
        let onclick = props.onselect.reform(move |_: MouseEvent| at);
        let is_selected = at == selected;
        html! {
            <button type="button" role="tab" id={format!("{id}-tab-{at}")}
                aria-selected={is_selected.to_string()}
                aria-controls={is_selected.then(|| format!("{id}-panel"))}
                tabindex={if is_selected { "0" } else { "-1" }} {onclick}>
                <span class="tab-label" data-label={tab.label}>{ tab.label }</span>
                if let Some(count) = tab.count {
                    <span class={classes!("count", (tab.bad && count > 0).then_some("bad"))}>
                        { count }
                    </span>
                }
            </button>
        }
    };
    html! {
        <div class="tabs">
            <div role="tablist" aria-label={props.label.clone()} {onkeydown}>
                { for props.tabs.iter().enumerate().map(tab) }
            </div>
            <div class="end">{ props.children.clone() }</div>
        </div>
    }
}
