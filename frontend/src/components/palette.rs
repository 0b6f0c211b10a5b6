//! The command palette: every action by its name, with the keys that do the same.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser;
use crate::hooks::{use_focus_back, use_texts};

/// An entry of the palette.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) label: String,
    pub(crate) keys: String,
}

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) entries: Vec<Entry>,
    /// The chosen entry's position.
    pub(crate) onrun: Callback<usize>,
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn Palette(props: &Props) -> Html {
    let texts = use_texts();
    let query = use_state(String::new);
    let chosen = use_state(|| 0_usize);
    let field = use_node_ref();
    use_focus_back(".palette");
    use_effect_with((), {
        let field = field.clone();
        move |()| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                let _ = field.focus();
            }
        }
    });
    let found = found(&props.entries, &query);
    let last = found.len().saturating_sub(1);
    let at = (*chosen).min(last);
    use_effect_with(at, |at| browser::reveal(&format!("command-{at}")));
    let oninput = {
        let (query, chosen) = (query.setter(), chosen.setter());
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                query.set(field.value());
                chosen.set(0);
            }
        })
    };
    let onkeydown = {
        let (chosen, found) = (chosen.setter(), found.clone());
        let (onrun, onclose) = (props.onrun.clone(), props.onclose.clone());
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => chosen.set(if at == last { 0 } else { at + 1 }),
                "ArrowUp" => chosen.set(at.checked_sub(1).unwrap_or(last)),
                "Home" => chosen.set(0),
                "End" => chosen.set(last),
                "Escape" | "Tab" => onclose.emit(()),
                "Enter" => {
                    if let Some(entry) = found.get(at) {
                        onrun.emit(*entry);
                    }
                }
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let option = |(row, entry): (usize, &usize)| {
        let position = *entry;
        let onclick = props.onrun.reform(move |_: MouseEvent| position);
        let entry = &props.entries[position];
        html! {
            <li id={format!("command-{row}")} role="option" aria-selected={(row == at).to_string()} {onclick}>
                <span>{ &entry.label }</span>
                if !entry.keys.is_empty() {
                    <kbd>{ &entry.keys }</kbd>
                }
            </li>
        }
    };
    let onblur = props.onclose.reform(|_: FocusEvent| ());
    html! {
        <div class="palette" role="dialog" aria-label={texts.craft.palette}>
            <input ref={field} type="text" role="combobox" aria-expanded="true" aria-controls="commands"
                aria-activedescendant={(!found.is_empty()).then(|| format!("command-{at}"))}
                aria-label={texts.craft.palette} placeholder={texts.craft.palette_hint}
                autocomplete="off" spellcheck="false" {oninput} {onkeydown} {onblur} />
            <ul id="commands" role="listbox" aria-label={texts.craft.palette}
                onmousedown={Callback::from(|event: MouseEvent| event.prevent_default())}>
                { for found.iter().enumerate().map(option) }
            </ul>
            if found.is_empty() {
                <p class="empty">{ texts.craft.palette_none }</p>
            }
        </div>
    }
}

/// Positions of the entries that have every word of the query.
fn found(entries: &[Entry], query: &str) -> Vec<usize> {
    let query = query.to_lowercase();
    let words: Vec<&str> = query.split_whitespace().collect();
    let has = |entry: &Entry| {
        let label = entry.label.to_lowercase();
        words.iter().all(|word| label.contains(word))
    };
    let all = entries.iter().enumerate();
    all.filter(|(_, entry)| has(entry))
        .map(|(at, _)| at)
        .collect()
}
