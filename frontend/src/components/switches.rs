//! What no file tells about a job's surroundings: the switches that matter most.

use polyarch_core::analysis::JobRequest;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::icon::{Glyph, Icon};
use crate::hooks::use_texts;
use crate::i18n::Texts;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) request: JobRequest,
    pub(crate) onchange: Callback<JobRequest>,
}

/// A switch: its key as after `--set`, its label, and its values; the first is the default.
struct Switch {
    key: &'static str,
    label: &'static str,
    values: Vec<(&'static str, &'static str)>,
}

#[component]
pub(crate) fn Switches(props: &Props) -> Html {
    let texts = use_texts();
    html! {
        <div class="form">
            <fieldset>
                <legend>{ texts.switches }</legend>
                <p class="hint">{ texts.switches_help }</p>
                <div class="pair">
                    { for switches(texts).iter().map(|switch| field(props, switch)) }
                </div>
            </fieldset>
        </div>
    }
}

fn field(props: &Props, switch: &Switch) -> Html {
    let (request, onchange, key) = (props.request.clone(), props.onchange.clone(), switch.key);
    let change = Callback::from(move |event: Event| {
        let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else {
            return;
        };
        let mut request = request.clone();
        request.settings.retain(|(name, _)| name != key);
        if !select.value().is_empty() {
            request.settings.push((key.to_owned(), select.value()));
        }
        onchange.emit(request);
    });
    let chosen = props.request.settings.iter().rfind(|(name, _)| name == key);
    let chosen = chosen.map_or("", |(_, value)| value.as_str());
    let option = |(value, label): &(&'static str, &'static str)| {
        html! { <option value={*value} selected={*value == chosen}>{ *label }</option> }
    };
    let is_listed = switch.values.iter().any(|(value, _)| *value == chosen);
    html! {
        <label class="field">
            <span>{ switch.label }{ " " }<code>{ key }</code></span>
            <span class="pickbox">
                <select class="pick" onchange={change}>
                    { for switch.values.iter().map(option) }
                    if !is_listed {
                        <option value={chosen.to_owned()} selected=true>{ chosen.to_owned() }</option>
                    }
                </select>
                <Icon glyph={Glyph::Down} size={12} />
            </span>
        </label>
    }
}

fn switches(texts: &Texts) -> [Switch; 11] {
    let switch = |key, label, values: &[(&'static str, &'static str)]| Switch {
        key,
        label,
        values: values.to_vec(),
    };
    let (yes, no) = (texts.yes, texts.no);
    [
        switch(
            "registry.repository-exists",
            texts.switch_repository,
            &[("", texts.switch_usual), ("true", yes), ("false", no)],
        ),
        switch(
            "registry.push-allowed",
            texts.switch_push,
            &[("", yes), ("false", no)],
        ),
        switch(
            "runner.privileged",
            texts.switch_privileged,
            &[("", yes), ("false", no)],
        ),
        switch(
            "runner.dind-ready",
            texts.switch_dind,
            &[("", texts.switch_late), ("at-once", texts.switch_at_once)],
        ),
        switch(
            "runner.arch",
            texts.switch_arch,
            &[("", "amd64"), ("arm64", "arm64")],
        ),
        switch(
            "runner.binfmt",
            texts.switch_binfmt,
            &[
                ("", texts.emulators_none),
                ("all", texts.emulators_all),
                ("arm64", "arm64"),
                ("amd64", "amd64"),
            ],
        ),
        switch(
            "runner.executor",
            texts.switch_executor,
            &[
                ("", texts.switch_usual),
                ("docker", "docker"),
                ("kubernetes", "kubernetes"),
            ],
        ),
        switch(
            "runner.socket",
            texts.switch_socket,
            &[("", no), ("true", yes)],
        ),
        switch(
            "registry.hub-limit",
            texts.switch_hub_limit,
            &[("", no), ("true", yes)],
        ),
        switch(
            "registry.immutable-tags",
            texts.switch_immutable,
            &[("", no), ("true", yes)],
        ),
        switch(
            "registry.insecure",
            texts.switch_insecure,
            &[("", no), ("true", yes)],
        ),
    ]
}
