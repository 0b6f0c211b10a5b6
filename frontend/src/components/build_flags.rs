//! Settings that few builds need: BuildKit's generation, the cost model's factor, and flags as typed.

use polyarch_core::analysis::Settings;
use polyarch_core::environment::CostModel;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::hooks::use_texts;
use crate::state::command::{further, read_further};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) settings: Settings,
    pub(crate) onchange: Callback<Settings>,
}

#[component]
pub(crate) fn BuildFlags(props: &Props) -> Html {
    let texts = use_texts();
    let words = texts.craft;
    let settings = &props.settings;
    let change = |change: fn(&mut Settings, String)| {
        let (settings, onchange) = (settings.clone(), props.onchange.clone());
        Callback::from(move |event: Event| {
            let mut settings = settings.clone();
            change(&mut settings, written(&event));
            onchange.emit(settings);
        })
    };
    let field = |label: &'static str, hint: &'static str, value: String, onchange| {
        html! {
            <label class="field">
                <span>{ label }</span>
                <input type="text" spellcheck="false" autocomplete="off" placeholder={hint} {value}
                    {onchange} />
            </label>
        }
    };
    let factor = settings.emulation_factor.map(|factor| factor.to_string());
    html! {
        <fieldset>
            <legend>{ words.further }</legend>
            <div class="pair">
                { field(words.buildkit, words.newest, settings.buildkit.clone().unwrap_or_default(),
                    change(|settings, text| settings.buildkit = Some(text).filter(|t| !t.is_empty()))) }
                { field(texts.switch_factor, "10", factor.unwrap_or_default(),
                    change(|settings, text| settings.emulation_factor = CostModel::factor(&text))) }
                { field("SOURCE_DATE_EPOCH", "0", settings.export.source_date_epoch.clone().unwrap_or_default(),
                    change(|settings, text| {
                        settings.export.source_date_epoch = Some(text).filter(|t| !t.is_empty());
                    })) }
            </div>
            <label class="field">
                <span>{ words.further_flags }</span>
                <textarea rows="3" spellcheck="false" value={further(settings).join("\n")}
                    onchange={change(|settings, text| read_further(settings, &text))} />
            </label>
        </fieldset>
    }
}

fn written(event: &Event) -> String {
    let input = event
        .target_dyn_into::<HtmlInputElement>()
        .map(|field| field.value());
    let area = || {
        event
            .target_dyn_into::<HtmlTextAreaElement>()
            .map(|field| field.value())
    };
    input.or_else(area).unwrap_or_default().trim().to_owned()
}
