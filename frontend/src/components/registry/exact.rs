//! One document's exact text, its digests leading to the documents that they name.

use polyarch_core::analysis::DocumentView;
use yew::prelude::*;

use super::json::{JsonText, Target};
use super::kind;
use crate::components::copy_button::CopyButton;
use crate::hooks::use_texts;
use crate::i18n::Texts;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) documents: Vec<DocumentView>,
    pub(super) selected: usize,
    pub(super) onselect: Callback<usize>,
}

#[component]
pub(super) fn Exact(props: &Props) -> Html {
    let texts = use_texts();
    let laid_out = use_state(|| true);
    let Some(shown) = props.documents.get(props.selected) else {
        return html! {};
    };
    let targets: Vec<Target> = props
        .documents
        .iter()
        .map(|document| Target {
            digest: document.digest.to_string(),
            name: name(document, texts),
            simulated: document.simulated,
        })
        .collect();
    let own = shown.digest.to_string();
    let parents = props.documents.iter().enumerate();
    let parents = parents.filter(|(_, document)| document.text.contains(&own));
    let compact = !shown.text.contains('\n');
    let pretty = compact && *laid_out;
    let toggle = {
        let laid_out = laid_out.clone();
        Callback::from(move |_: MouseEvent| laid_out.set(!*laid_out))
    };
    html! {
        <section class="exact" aria-label={texts.exact_text}>
            <header>
                <h2>{ name(shown, texts) }</h2>
                <span class="end">
                    if compact {
                        <button type="button" class="btn bare slim" aria-pressed={pretty.to_string()}
                            onclick={toggle}>{ texts.views.laid_out }</button>
                    }
                    <CopyButton text={shown.text.clone()} />
                </span>
            </header>
            <dl>
                <dt>{ texts.media_type }</dt><dd><code>{ &shown.media_type }</code></dd>
                <dt>{ texts.digest }</dt>
                <dd>
                    <code class={classes!("digest", shown.simulated.then_some("simulated"))}>{ &own }</code>
                    if shown.simulated { { " " }<span class="quiet">{ texts.simulated }</span> }
                </dd>
                { for parents.map(|(at, parent)| html! {
                    <>
                        <dt>{ texts.views.named_by }</dt>
                        <dd><button type="button" class="plain"
                            onclick={props.onselect.reform(move |_: MouseEvent| at)}>
                            { name(parent, texts) }
                        </button></dd>
                    </>
                }) }
            </dl>
            <JsonText text={shown.text.clone()} {pretty} {targets} simulated={shown.simulated}
                onopen={props.onselect.clone()} />
        </section>
    }
}

fn name(document: &DocumentView, texts: &Texts) -> String {
    let kind = kind(document.kind, texts);
    match &document.platform {
        Some(platform) => format!("{kind} {platform}"),
        None => kind.to_owned(),
    }
}
