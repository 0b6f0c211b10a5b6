//! A form that writes the CI file and follows it: what the file shows is what the form shows.

use polyarch_core::assist::PLATFORMS;
use polyarch_core::ci::generate::{Followed, Registry, Strategy, follow};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::icon::{Glyph, Icon};
use crate::hooks::use_texts;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The CI file; empty where there is none.
    pub(crate) text: AttrValue,
    /// Platforms for a file that is not there yet.
    pub(crate) platforms: Vec<String>,
    pub(crate) onwrite: Callback<String>,
}

#[component]
pub(crate) fn CiForm(props: &Props) -> Html {
    let texts = use_texts().craft;
    let mut followed = follow(&props.text);
    let is_empty = props.text.trim().is_empty();
    if is_empty && !props.platforms.is_empty() {
        followed.options.platforms.clone_from(&props.platforms);
    }
    let change = |change: fn(&mut Followed, &str)| {
        let (followed, onwrite) = (followed.clone(), props.onwrite.clone());
        Callback::from(move |event: Event| {
            let mut followed = followed.clone();
            change(&mut followed, &value(&event));
            onwrite.emit(followed.text());
        })
    };
    let options = &followed.options;
    let registry = match &options.registry {
        Registry::DockerHub => "docker-hub",
        Registry::Ecr => "ecr",
        Registry::Ghcr => "ghcr",
        Registry::GitLab => "gitlab",
        Registry::ArtifactRegistry => "gar",
        Registry::Other(_) => "other",
    };
    let strategy = match options.strategy {
        Strategy::Emulation => "emulation",
        Strategy::CrossCompile => "cross",
        Strategy::Native => "native",
    };
    let check = |checked: bool, label: &'static str, change: Callback<Event>| {
        html! {
            <label class="check">
                <input type="checkbox" {checked} onchange={change} /><span>{ label }</span>
            </label>
        }
    };
    let platform = |name: &&'static str| {
        let (name, followed, onwrite) = (*name, followed.clone(), props.onwrite.clone());
        let checked = options.platforms.iter().any(|own| own == name);
        let onchange = Callback::from(move |_: Event| {
            let mut followed = followed.clone();
            let platforms = &mut followed.options.platforms;
            if checked && platforms.len() > 1 {
                platforms.retain(|own| own != name);
            } else if !checked {
                platforms.push(name.to_owned());
            }
            onwrite.emit(followed.text());
        });
        html! {
            <label class="check"><input type="checkbox" {checked} {onchange} /><code>{ name }</code></label>
        }
    };
    let write = {
        let (text, onwrite) = (followed.text(), props.onwrite.clone());
        Callback::from(move |_: MouseEvent| onwrite.emit(text.clone()))
    };
    html! {
        <div class="form">
            <fieldset>
                <legend>{ texts.ci_form }</legend>
                <p class="hint">{ if is_empty { texts.ci_none } else if followed.exact { texts.ci_exact } else { texts.ci_by_hand } }</p>
                <div class="pair">
                    { field(texts.ci_service, if followed.github { "github" } else { "gitlab" },
                        &[("gitlab", "GitLab CI"), ("github", "GitHub Actions")],
                        change(|followed, value| followed.github = value == "github")) }
                    { field(texts.ci_registry, registry, &[
                        ("docker-hub", "Docker Hub"), ("ecr", "Amazon ECR"), ("ghcr", "GitHub (ghcr.io)"),
                        ("gitlab", "GitLab"), ("gar", "Google Artifact Registry"), ("other", "registry.example"),
                    ], change(|followed, value| followed.options.registry = match value {
                        "ecr" => Registry::Ecr,
                        "ghcr" => Registry::Ghcr,
                        "gitlab" => Registry::GitLab,
                        "gar" => Registry::ArtifactRegistry,
                        "other" => Registry::Other("registry.example".to_owned()),
                        _ => Registry::DockerHub,
                    })) }
                    <label class="field">
                        <span>{ texts.ci_image }</span>
                        <input type="text" spellcheck="false" value={options.image.clone()}
                            onchange={change(|followed, value| value.trim().clone_into(&mut followed.options.image))} />
                    </label>
                    { field(texts.ci_strategy, strategy, &[
                        ("emulation", texts.ci_emulation), ("cross", texts.ci_cross), ("native", texts.ci_native),
                    ], change(|followed, value| followed.options.strategy = match value {
                        "cross" => Strategy::CrossCompile,
                        "native" => Strategy::Native,
                        _ => Strategy::Emulation,
                    })) }
                </div>
                <div class="checks" role="group" aria-label={texts.ci_platforms}>
                    { for PLATFORMS[..6].iter().map(platform) }
                </div>
                { check(options.cache, texts.ci_cache,
                    change(|followed, _| followed.options.cache = !followed.options.cache)) }
                { check(options.provenance, texts.ci_provenance,
                    change(|followed, _| followed.options.provenance = !followed.options.provenance)) }
                if !followed.exact {
                    <button type="button" class="btn" onclick={write}>{ texts.ci_write }</button>
                }
            </fieldset>
        </div>
    }
}

fn field(
    label: &'static str,
    value: &str,
    options: &[(&'static str, &'static str)],
    onchange: Callback<Event>,
) -> Html {
    let option = |(name, label): &(&'static str, &'static str)| {
        html! { <option value={*name} selected={*name == value}>{ *label }</option> }
    };
    html! {
        <label class="field">
            <span>{ label }</span>
            <span class="pickbox">
                <select class="pick" {onchange}>{ for options.iter().map(option) }</select>
                <Icon glyph={Glyph::Down} size={12} />
            </span>
        </label>
    }
}

fn value(event: &Event) -> String {
    let select = event
        .target_dyn_into::<HtmlSelectElement>()
        .map(|e| e.value());
    let input = || {
        event
            .target_dyn_into::<HtmlInputElement>()
            .map(|e| e.value())
    };
    select.or_else(input).unwrap_or_default()
}
