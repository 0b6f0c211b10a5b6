//! What no file tells about a job's surroundings: every key that `--set` knows.

use polyarch_core::analysis::JobRequest;
use polyarch_core::ci::settings::EMULATION_FACTOR;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::icon::{Glyph, Icon};
use crate::hooks::use_texts;
use crate::i18n::Texts;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) request: JobRequest,
    pub(crate) onchange: Callback<JobRequest>,
}

/// A switch: its key as after `--set`, its label, and its values; the first is the default. One
/// without values takes a text.
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
                { variables(props, texts) }
            </fieldset>
        </div>
    }
}

/// What the service's own settings hold, a line each: `NAME=value`, `NAME=set`, `NAME=unset`.
fn variables(props: &Props, texts: &Texts) -> Html {
    let is_variable = |key: &str| VARIABLES.iter().any(|start| key.starts_with(start));
    let lines: Vec<String> = props
        .request
        .settings
        .iter()
        .filter(|(key, _)| is_variable(key))
        .map(|(key, value)| format!("{}={value}", key.strip_prefix(VARIABLES[0]).unwrap_or(key)))
        .collect();
    let (request, onchange) = (props.request.clone(), props.onchange.clone());
    let change = Callback::from(move |event: Event| {
        let mut request = request.clone();
        request.settings.retain(|(key, _)| !is_variable(key));
        for line in written(&event).lines() {
            if let Some((key, value)) = line.trim().split_once('=') {
                let key = if is_variable(key) {
                    key.to_owned()
                } else {
                    format!("{}{key}", VARIABLES[0])
                };
                request.settings.push((key, value.to_owned()));
            }
        }
        onchange.emit(request);
    });
    html! {
        <label class="field">
            <span>{ texts.switch_variables }{ " " }<code>{ "variables.NAME" }</code></span>
            <textarea rows="3" spellcheck="false" value={lines.join("\n")} onchange={change} />
        </label>
    }
}

/// How keys of variables begin; a name alone means the first.
const VARIABLES: [&str; 3] = ["variables.", "secrets.", "vars."];

/// What a select, an input or a text area holds.
fn written(event: &Event) -> String {
    let select = event
        .target_dyn_into::<HtmlSelectElement>()
        .map(|field| field.value());
    let input = || {
        event
            .target_dyn_into::<HtmlInputElement>()
            .map(|field| field.value())
    };
    let area = || {
        event
            .target_dyn_into::<HtmlTextAreaElement>()
            .map(|field| field.value())
    };
    let value = select.or_else(input).or_else(area);
    value.unwrap_or_default().trim().to_owned()
}

fn field(props: &Props, switch: &Switch) -> Html {
    let (request, onchange, key) = (props.request.clone(), props.onchange.clone(), switch.key);
    let change = Callback::from(move |event: Event| {
        let value = written(&event);
        let mut request = request.clone();
        request.settings.retain(|(name, _)| name != key);
        if !value.is_empty() {
            request.settings.push((key.to_owned(), value));
        }
        onchange.emit(request);
    });
    let chosen = props.request.settings.iter().rfind(|(name, _)| name == key);
    let chosen = chosen.map_or("", |(_, value)| value.as_str());
    let option = |(value, label): &(&'static str, &'static str)| {
        html! { <option value={*value} selected={*value == chosen}>{ *label }</option> }
    };
    if switch.values.is_empty() {
        return html! {
            <label class="field">
                <span>{ switch.label }{ " " }<code>{ key }</code></span>
                <input type="text" spellcheck="false" autocomplete="off" value={chosen.to_owned()}
                    onchange={change} />
            </label>
        };
    }
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

fn switches(texts: &Texts) -> Vec<Switch> {
    let (yes, no) = (texts.yes, texts.no);
    let one = |key, label, values: &[(&'static str, &'static str)]| Switch {
        key,
        label,
        values: values.to_vec(),
    };
    let usually = |key, label| one(key, label, &[("", yes), ("false", no)]);
    let seldom = |key, label| one(key, label, &[("", no), ("true", yes)]);
    let repository = [("", texts.switch_usual), ("true", yes), ("false", no)];
    let ready = [("", texts.switch_late), ("at-once", texts.switch_at_once)];
    let emulators = [
        ("", texts.emulators_none),
        ("all", texts.emulators_all),
        ("arm64", "arm64"),
        ("amd64", "amd64"),
    ];
    let executors = [
        ("", texts.switch_usual),
        ("docker", "docker"),
        ("kubernetes", "kubernetes"),
    ];
    let cpus = [("", "amd64"), ("arm64", "arm64")];
    vec![
        one(
            "registry.repository-exists",
            texts.switch_repository,
            &repository,
        ),
        usually("registry.push-allowed", texts.switch_push),
        usually("runner.privileged", texts.switch_privileged),
        usually("runner.privileged-containers", texts.switch_containers),
        one("runner.dind-ready", texts.switch_dind, &ready),
        one("runner.arch", texts.switch_arch, &cpus),
        one("runner.binfmt", texts.switch_binfmt, &emulators),
        one("runner.executor", texts.switch_executor, &executors),
        seldom("runner.socket", texts.switch_socket),
        seldom("registry.hub-limit", texts.switch_hub_limit),
        seldom("registry.immutable-tags", texts.switch_immutable),
        seldom("registry.slow-upload", texts.switch_slow),
        seldom("registry.old", texts.switch_old),
        seldom("registry.insecure", texts.switch_insecure),
        seldom("registry.replicated", texts.switch_replicated),
        one(EMULATION_FACTOR, texts.switch_factor, &[]),
        one("docker.version", "Docker", &[]),
        one("buildx.version", "buildx", &[]),
        one("buildkit.version", "BuildKit", &[]),
    ]
}

#[cfg(test)]
mod tests {
    use polyarch_core::ci::settings::{SettingError, Settings};

    use super::*;
    use crate::i18n::Language;

    #[test]
    fn every_key_that_core_knows_has_a_switch_and_takes_what_it_offers() {
        let switches = switches(Language::English.texts());
        for switch in &switches {
            for (value, _) in switch.values.iter().filter(|(value, _)| !value.is_empty()) {
                assert_eq!(
                    Settings::default().set(switch.key, value),
                    Ok(()),
                    "{}",
                    switch.key
                );
            }
        }
        let Err(SettingError::Unknown(_)) = Settings::default().set("no.such", "1") else {
            panic!("the key does not exist");
        };
        let known = SettingError::Unknown(String::new()).to_string();
        let (_, known) = known.split_once("known are ").expect("core lists its keys");
        for key in known.split([',', ' ']).filter(|word| word.contains('.')) {
            let shown = switches.iter().any(|switch| switch.key == key);
            assert!(shown || key == "variables.NAME", "{key}");
        }
    }
}
