//! The choices that stand on the build's command line or in the builder's set-up.

use polyarch_core::analysis::{Analysis, Attestations, Settings};
use polyarch_core::assist::PLATFORMS;
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::build_flags::BuildFlags;
use super::copy_button::CommandLine;
use super::icon::{Glyph, Icon};
use crate::hooks::use_texts;

const DRIVERS: [&str; 4] = ["docker-container", "docker", "kubernetes", "remote"];

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) settings: Settings,
    pub(crate) analysis: Rc<Analysis>,
    /// The build as a command.
    pub(crate) command: AttrValue,
    pub(crate) onchange: Callback<Settings>,
}

impl Props {
    /// A callback that changes the settings by what an event says.
    fn change<E: 'static>(&self, change: impl Fn(&mut Settings, E) + 'static) -> Callback<E> {
        let (settings, onchange) = (self.settings.clone(), self.onchange.clone());
        Callback::from(move |event| {
            let mut settings = settings.clone();
            change(&mut settings, event);
            onchange.emit(settings);
        })
    }
}

#[component]
pub(crate) fn SettingsForm(props: &Props) -> Html {
    let texts = use_texts();
    html! {
        <div class="form">
            { platforms(props, texts) }
            { builder(props, texts) }
            { build(props, texts) }
            { output(props, texts) }
            <BuildFlags settings={props.settings.clone()} onchange={props.onchange.clone()} />
            <h2>{ texts.command }</h2>
            <div class="command">
                <CommandLine text={props.command.clone()} />
            </div>
        </div>
    }
}

type Texts = &'static crate::i18n::Texts;

fn platforms(props: &Props, texts: Texts) -> Html {
    let chip = |(at, platform): (usize, &String)| {
        let onclick = props.change(move |settings, _: MouseEvent| {
            settings.platforms.remove(at);
        });
        let known = props
            .analysis
            .platforms
            .get(at)
            .is_none_or(|view| view.platform.is_some());
        html! {
            <li key={platform.clone()} class={(!known).then_some("bad")}>
                <code>{ platform }</code>
                <button type="button" aria-label={(texts.remove_platform)(platform)} {onclick}>
                    <Icon glyph={Glyph::Cross} size={12} />
                </button>
            </li>
        }
    };
    let onsubmit = props.change(|settings, event: SubmitEvent| {
        event.prevent_default();
        let form = event.target_dyn_into::<web_sys::Element>();
        let field = form.and_then(|form| form.query_selector("input").ok().flatten());
        let field = field.and_then(|f| wasm_bindgen::JsCast::dyn_into::<HtmlInputElement>(f).ok());
        let Some(field) = field else { return };
        for platform in field
            .value()
            .split([',', ' '])
            .map(str::trim)
            .filter(|p| !p.is_empty())
        {
            if !settings.platforms.iter().any(|known| known == platform) {
                settings.platforms.push(platform.to_owned());
            }
        }
        field.set_value("");
    });
    html! {
        <fieldset>
            <legend>{ texts.platforms }</legend>
            <ul class="chips">{ for props.settings.platforms.iter().enumerate().map(chip) }</ul>
            <form class="inline" {onsubmit}>
                <label class="field">
                    <span>{ texts.platforms_help }</span>
                    <input id="new-platform" type="text" spellcheck="false" autocomplete="off"
                        list="platform-names" />
                </label>
                <datalist id="platform-names">
                    { for PLATFORMS.iter().map(|name| html! { <option value={*name} /> }) }
                </datalist>
                <button type="submit" class="btn">{ texts.add }</button>
            </form>
        </fieldset>
    }
}

fn builder(props: &Props, texts: Texts) -> Html {
    let settings = &props.settings;
    let build_platform = props.change(|settings, event: Event| {
        settings.build_platform = selected(&event);
    });
    let driver = props.change(|settings, event: Event| settings.driver = selected(&event));
    let store = props.change(|settings, event: Event| settings.containerd_store = checked(&event));
    let listed = settings
        .emulators
        .iter()
        .any(|name| name != "all" && name != "none");
    let emulators = props.change(|settings, event: Event| {
        settings.emulators = match selected(&event).as_str() {
            "all" => vec!["all".to_owned()],
            "some" => vec!["arm64".to_owned()],
            _ => vec!["none".to_owned()],
        };
    });
    let emulator_list = props.change(|settings, event: Event| {
        let words = written(&event);
        let words = words
            .split([',', ' '])
            .map(str::trim)
            .filter(|word| !word.is_empty());
        settings.emulators = words.map(str::to_owned).collect();
    });
    let kind = match settings.emulators.first().map(String::as_str) {
        Some("all") => "all",
        _ if listed => "some",
        _ => "none",
    };
    html! {
        <fieldset>
            <legend>{ texts.builder }</legend>
            <div class="pair">
                <label class="field">
                    <span>{ texts.build_platform }</span>
                    { select("build-platform", &settings.build_platform,
                        &["linux/amd64", "linux/arm64"].map(|name| (name, name)), build_platform) }
                </label>
                <label class="field">
                    <span>{ texts.driver }</span>
                    { select("driver", &settings.driver, &DRIVERS.map(|name| (name, name)), driver) }
                </label>
                <label class="field">
                    <span>{ texts.emulators }</span>
                    { select("emulators", kind, &[
                        ("all", texts.emulators_all),
                        ("none", texts.emulators_none),
                        ("some", texts.emulators_some),
                    ], emulators) }
                </label>
                if listed {
                    <label class="field">
                        <span>{ texts.emulators_some }</span>
                        <input type="text" spellcheck="false" value={settings.emulators.join(", ")}
                            onchange={emulator_list} />
                    </label>
                }
            </div>
            <p class="hint">{ texts.emulators_help }</p>
            if settings.driver == "docker" {
                <label class="check">
                    <input type="checkbox" checked={settings.containerd_store} onchange={store} />
                    <span>{ texts.containerd_store }</span>
                </label>
            }
        </fieldset>
    }
}

fn build(props: &Props, texts: Texts) -> Html {
    let settings = &props.settings;
    let stages = props
        .analysis
        .stages
        .iter()
        .map(|stage| stage.name.as_str());
    let mut targets = vec![("", texts.target_last)];
    targets.extend(stages.map(|name| (name, name)));
    let target = props.change(|settings, event: Event| {
        settings.target = Some(selected(&event)).filter(|name| !name.is_empty());
    });
    let build_args = props.change(|settings, event: Event| {
        let text = written(&event);
        settings.build_args = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(|line| line.split_once('=').unwrap_or((line, "")))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
    });
    let written_args: Vec<_> = settings
        .build_args
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    html! {
        <div class="pair">
            <label class="field">
                <span>{ texts.target }</span>
                { select("target", settings.target.as_deref().unwrap_or_default(), &targets, target) }
            </label>
            <label class="field">
                <span>{ texts.build_args }{ ": " }{ texts.build_args_help }</span>
                <textarea rows="2" spellcheck="false" value={written_args.join("\n")}
                    onchange={build_args} />
            </label>
        </div>
    }
}

fn output(props: &Props, texts: Texts) -> Html {
    let settings = &props.settings;
    let attestations = props.change(|settings, event: Event| {
        settings.attestations = match selected(&event).as_str() {
            "none" => Attestations::None,
            "max" => Attestations::Max,
            "sbom" => Attestations::WithSbom,
            _ => Attestations::Default,
        };
    });
    let name = match settings.attestations {
        Attestations::Default => "default",
        Attestations::None => "none",
        Attestations::Max => "max",
        Attestations::WithSbom => "sbom",
    };
    let push = props.change(|settings, event: Event| settings.push = checked(&event));
    let tags = props.change(|settings, event: Event| {
        let text = written(&event);
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        settings.tags = lines.map(str::to_owned).collect();
    });
    html! {
        <div class="pair">
            <label class="field">
                <span>{ texts.tags }{ ": " }{ texts.tags_help }</span>
                <textarea rows="2" spellcheck="false" value={settings.tags.join("\n")} onchange={tags} />
            </label>
            <div>
                <label class="field">
                    <span>{ texts.attestations }</span>
                    { select("attestations", name, &[
                        ("default", texts.attestations_default),
                        ("none", texts.attestations_none),
                        ("max", texts.attestations_max),
                        ("sbom", texts.attestations_sbom),
                    ], attestations) }
                </label>
                <label class="check">
                    <input type="checkbox" checked={settings.push} onchange={push} />
                    <span>{ texts.push }</span>
                </label>
            </div>
        </div>
    }
}

fn select(id: &str, value: &str, options: &[(&str, &str)], onchange: Callback<Event>) -> Html {
    let option = |(name, label): &(&str, &str)| {
        html! { <option value={(*name).to_owned()} selected={*name == value}>{ (*label).to_owned() }</option> }
    };
    html! {
        <span class="pickbox">
            <select class="pick" id={id.to_owned()} {onchange}>{ for options.iter().map(option) }</select>
            <Icon glyph={Glyph::Down} size={12} />
        </span>
    }
}

fn selected(event: &Event) -> String {
    event
        .target_dyn_into::<HtmlSelectElement>()
        .map(|e| e.value())
        .unwrap_or_default()
}

fn checked(event: &Event) -> bool {
    event
        .target_dyn_into::<HtmlInputElement>()
        .is_some_and(|e| e.checked())
}

fn written(event: &Event) -> String {
    let input = event
        .target_dyn_into::<HtmlInputElement>()
        .map(|e| e.value());
    input
        .or_else(|| {
            event
                .target_dyn_into::<HtmlTextAreaElement>()
                .map(|e| e.value())
        })
        .unwrap_or_default()
}
