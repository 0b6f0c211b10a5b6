//! The documents that the registry would hold: a tree, and the exact text of one.

use std::rc::Rc;

use polyarch_core::analysis::{Analysis, DocumentKind, DocumentView};
use yew::prelude::*;

use super::copy_button::CopyButton;
use super::cpu_badge::CpuBadge;
use super::digest::ShortDigest;
use crate::hooks::use_texts;
use crate::i18n::Texts;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) analysis: Rc<Analysis>,
    pub(crate) selected: usize,
    pub(crate) onselect: Callback<usize>,
}

#[component]
pub(crate) fn RegistryView(props: &Props) -> Html {
    let texts = use_texts();
    let documents = &props.analysis.documents;
    let Some(shown) = documents.get(props.selected).or(documents.first()) else {
        return html! { <p class="empty">{ texts.nothing_predicted }</p> };
    };
    let row = |(at, document): (usize, &DocumentView)| {
        let is_shown = std::ptr::eq(document, shown);
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
    html! {
        <div class="registry">
            <ul class="documents" aria-label={texts.registry_label}>
                { for documents.iter().enumerate().map(row) }
            </ul>
            <p class="hint">{ texts.simulated_note }</p>
            <section class="exact" aria-label={texts.exact_text}>
                <header>
                    <h2>{ kind(shown.kind, texts) }
                        if let Some(platform) = &shown.platform { { format!(" {platform}") } }
                    </h2>
                    <CopyButton text={shown.text.clone()} />
                </header>
                <dl>
                    <dt>{ texts.media_type }</dt><dd><code>{ &shown.media_type }</code></dd>
                    <dt>{ texts.digest }</dt>
                    <dd>
                        <code class={classes!("digest", shown.simulated.then_some("simulated"))}>
                            { shown.digest.to_string() }
                        </code>
                    </dd>
                </dl>
                <pre tabindex="0">{ &shown.text }</pre>
            </section>
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
