//! Which image each client gets of an index, or what its engine prints instead.

use std::rc::Rc;

use polyarch_core::platform::Platform;
use polyarch_core::verify::{CLIENTS, Client, Evidence, Node, Pull, pull};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::cpu_badge::CpuBadge;
use super::icon::{Glyph, Icon};
use crate::hooks::use_texts;
use crate::i18n::Texts;

/// Clients that are shown before anyone chose.
const FIRST: [&str; 5] = [
    "apple-silicon",
    "graviton",
    "amd64-node",
    "raspberry-pi-os-32",
    "windows-server-2022",
];

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) evidence: Rc<Evidence>,
    /// Whether the manifests' sizes are a registry's own.
    pub(crate) sized: bool,
    /// Platforms that the tag must serve: a client of another one may well get nothing.
    pub(crate) required: Vec<Platform>,
}

#[component]
pub(crate) fn WhoPulls(props: &Props) -> Html {
    let texts = use_texts();
    let words = texts.views;
    let chosen = use_state(|| FIRST.map(str::to_owned).to_vec());
    let row = |name: &String| {
        let client: Client = name.parse().ok()?;
        let got = pull(&client, &props.evidence);
        let asks = client.platform.to_string();
        let required = props
            .required
            .iter()
            .any(|own| own.is_same(&client.platform));
        Some(html! {
            <tbody key={name.clone()} data-pull={look(&got, required)}>
                <tr>
                    <th scope="row">
                        { (words.client)(name) }
                        if asks != *name { { " " }<span class="asks">{ asks }</span> }
                    </th>
                    <td>{ outcome(&got, props.sized, texts) }</td>
                </tr>
                { for said(&got).map(|text| html! {
                    <tr class="says"><td colspan="2"><code class="tooltext" lang="en">{ text }</code></td></tr>
                }) }
            </tbody>
        })
    };
    html! {
        <section class="who" aria-label={words.who_pulls}>
            <div class="head"><h2>{ words.who_pulls }</h2></div>
            <table>
                <thead class="vh">
                    <tr><th scope="col">{ words.client_column }</th><th scope="col">{ words.gets }</th></tr>
                </thead>
                { for chosen.iter().filter_map(row) }
            </table>
            <Chooser chosen={(*chosen).clone()} onchange={
                let setter = chosen.setter();
                Callback::from(move |names| setter.set(names))
            } />
        </section>
    }
}

fn look(pull: &Pull<'_>, required: bool) -> &'static str {
    match pull {
        Pull::Gets { exact: true, .. } => "exact",
        Pull::Gets { exact: false, .. } => "instead",
        Pull::Error { .. } if !required => "none",
        Pull::GetsWrong { .. } | Pull::Error { .. } => "fail",
        Pull::Unknown => "unknown",
    }
}

fn outcome(got: &Pull<'_>, has_sizes: bool, texts: &Texts) -> Html {
    let words = texts.views;
    let size = |node: &Node| {
        let layers = &node.image()?.manifest.layers;
        let sizes = layers.iter().map(|layer| layer.size);
        Some((words.megabytes)(sizes.fold(0, u64::saturating_add)))
    };
    match got {
        Pull::Gets {
            node,
            platform,
            exact,
        } => html! {
            <span class="got">
                <CpuBadge platform={platform.clone()} />
                if !exact { <span>{ words.instead }</span> }
                if let Some(size) = size(node).filter(|_| has_sizes) { <span class="num">{ size }</span> }
            </span>
        },
        Pull::GetsWrong { .. } => html! {
            <span class="got"><Icon glyph={Glyph::Cross} size={14} />{ words.gets_wrong }</span>
        },
        Pull::Error { .. } => html! {
            <span class="got"><Icon glyph={Glyph::Cross} size={14} />{ words.gets_nothing }</span>
        },
        Pull::Unknown => html! { <span class="quiet">{ texts.unknown }</span> },
    }
}

/// What the client's engine prints.
fn said(got: &Pull<'_>) -> Option<String> {
    match got {
        Pull::GetsWrong { warning, .. } => Some(warning.clone()),
        Pull::Error { docker, containerd } => {
            Some(format!("docker: {docker}\ncontainerd: {containerd}"))
        }
        Pull::Gets { .. } | Pull::Unknown => None,
    }
}

#[derive(Properties, PartialEq)]
struct ChooserProps {
    chosen: Vec<String>,
    onchange: Callback<Vec<String>>,
}

/// Ticks for the known clients and a field for any platform.
#[component]
fn Chooser(props: &ChooserProps) -> Html {
    let texts = use_texts();
    let words = texts.views;
    let field = use_node_ref();
    let refused = use_state(|| None::<String>);
    let toggle = |name: String| {
        let (chosen, onchange) = (props.chosen.clone(), props.onchange.clone());
        Callback::from(move |_: Event| {
            let mut next = chosen.clone();
            match next.iter().position(|one| *one == name) {
                Some(at) => {
                    next.remove(at);
                }
                None => next.push(name.clone()),
            }
            onchange.emit(next);
        })
    };
    let onsubmit = {
        let (field, refused) = (field.clone(), refused.setter());
        let (chosen, onchange) = (props.chosen.clone(), props.onchange.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(field) = field.cast::<HtmlInputElement>() else {
                return;
            };
            let name = field.value().trim().to_owned();
            match name.parse::<Client>() {
                Ok(_) if chosen.contains(&name) => {}
                Ok(_) => {
                    let mut next = chosen.clone();
                    next.push(name);
                    field.set_value("");
                    refused.set(None);
                    onchange.emit(next);
                }
                Err(why) => refused.set(Some(why)),
            }
        })
    };
    let own = props
        .chosen
        .iter()
        .filter(|name| !CLIENTS.iter().any(|(known, _)| known == name));
    let names = CLIENTS.iter().map(|(name, _)| (*name).to_owned());
    let entry = |name: String| {
        let checked = props.chosen.contains(&name);
        html! {
            <label class="check" key={name.clone()}>
                <input type="checkbox" {checked} onchange={toggle(name.clone())} />
                { (words.client)(&name) }
            </label>
        }
    };
    html! {
        <details class="choose">
            <summary>{ words.choose_clients }</summary>
            <div class="checks">{ for names.chain(own.cloned()).map(entry) }</div>
            <form class="inline" {onsubmit}>
                <label class="field">
                    <span>{ words.other_platform }</span>
                    <input ref={field} type="text" spellcheck="false" autocomplete="off"
                        placeholder="linux/s390x" />
                </label>
                <button type="submit" class="btn">{ texts.add }</button>
            </form>
            if let Some(why) = &*refused { <p class="hint" role="alert" lang="en">{ why }</p> }
        </details>
    }
}
