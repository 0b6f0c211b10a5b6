//! What the registry would hold: the tag as its page shows it, who pulls what, and every document
//! with its exact text.

mod commands;
mod exact;
mod json;
mod tag_page;

use std::rc::Rc;

use polyarch_core::analysis::{Analysis, DocumentKind, DocumentView, evidence, tag_rows};
use yew::prelude::*;

use super::copy_button::CommandLine;
use super::cpu_badge::CpuBadge;
use super::digest::ShortDigest;
use super::who_pulls::WhoPulls;
use crate::hooks::use_texts;
use crate::i18n::Texts;
use exact::Exact;
use tag_page::TagPage;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) analysis: Rc<Analysis>,
    /// What it is pushed as; `None` where no tag is given.
    pub(crate) tag: Option<String>,
    pub(crate) selected: usize,
    pub(crate) onselect: Callback<usize>,
}

#[component]
pub(crate) fn RegistryView(props: &Props) -> Html {
    let texts = use_texts();
    let evidence = use_memo(props.analysis.clone(), |analysis| {
        evidence(&analysis.documents)
    });
    let documents = &props.analysis.documents;
    let selected = if props.selected < documents.len() {
        props.selected
    } else {
        0
    };
    let (Some(shown), Some(evidence)) = (documents.get(selected), &*evidence) else {
        return html! { <p class="empty">{ texts.nothing_predicted }</p> };
    };
    let row = |(at, document): (usize, &DocumentView)| {
        let is_shown = at == selected;
        let onclick = props.onselect.reform(move |_: MouseEvent| at);
        html! {
            <li key={at} class={classes!(level(document.kind), is_shown.then_some("selected"))}>
                <button type="button" class="node" aria-pressed={is_shown.to_string()} {onclick}>
                    if let Some(platform) = &document.platform {
                        <CpuBadge platform={platform.clone()} />
                    }
                    <span class="label">{ kind(document.kind, texts) }</span>
                </button>
                <ShortDigest digest={document.digest.clone()} simulated={document.simulated} />
                <span class="num">{ (texts.bytes)(document.text.len()) }</span>
            </li>
        }
    };
    let simulated = documents.iter().any(|document| document.simulated);
    let platforms = props.analysis.platforms.iter();
    let required: Vec<_> = platforms.filter_map(|view| view.platform.clone()).collect();
    let tag = props.tag.as_deref().unwrap_or(commands::NO_TAG);
    html! {
        <div class="registry">
            <div class="pair">
                <div>
                    <TagPage tag={tag.to_owned()} rows={tag_rows(&props.analysis)} />
                    <div class="head"><h2>{ texts.registry_label }</h2></div>
                    <ul class="documents" aria-label={texts.registry_label}>
                        { for documents.iter().enumerate().map(row) }
                    </ul>
                    if simulated { <p class="hint note">{ texts.simulated_note }</p> }
                </div>
                <WhoPulls evidence={Rc::new(evidence.clone())} sized={!simulated}
                    required={required} />
            </div>
            <ul class="cmds" aria-label={texts.commands}>
                { for commands::of(shown, tag, &props.analysis).into_iter()
                    .map(|text| html! { <li><CommandLine {text} /></li> }) }
            </ul>
            <Exact documents={documents.clone()} {selected} onselect={props.onselect.clone()} />
        </div>
    }
}

fn level(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Index => "level-1",
        DocumentKind::Manifest | DocumentKind::AttestationManifest => "level-2",
        DocumentKind::Config | DocumentKind::AttestationConfig => "level-3",
    }
}

fn kind(kind: DocumentKind, texts: &Texts) -> &'static str {
    match kind {
        DocumentKind::Index => texts.index,
        DocumentKind::Manifest => texts.manifest,
        DocumentKind::Config => texts.image_config,
        DocumentKind::AttestationManifest => texts.attestation,
        DocumentKind::AttestationConfig => texts.attestation_config,
    }
}
