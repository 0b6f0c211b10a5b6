//! One sentence on what would happen, and one place to go from there.

use std::rc::Rc;

use polyarch_core::analysis::{Analysis, DocumentKind, VerdictKind};
use polyarch_core::diagnostic::Severity;
use yew::prelude::*;

use super::digest::ShortDigest;
use super::icon::{Glyph, Icon};
use super::prose::prose;
use crate::hooks::use_texts;
use crate::i18n::Texts;
use crate::state::rows;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) analysis: Rc<Analysis>,
    /// Line of the finding that decides, where it has one.
    pub(crate) line: Option<usize>,
    pub(crate) ongo: Callback<()>,
}

#[component]
pub(crate) fn VerdictBar(props: &Props) -> Html {
    let texts = use_texts();
    let analysis = &*props.analysis;
    let (state, glyph) = match analysis.verdict.kind {
        VerdictKind::Publishes => ("pass", Glyph::Check),
        VerdictKind::PublishesWrong | VerdictKind::Fails => ("fail", Glyph::Stop),
        VerdictKind::NothingPushed => ("none", Glyph::Info),
    };
    let index = analysis
        .documents
        .iter()
        .find(|d| d.kind == DocumentKind::Index);
    html! {
        <section class="verdict" data-verdict={state} aria-label={texts.verdict}>
            <Icon glyph={glyph} size={20} class="mark" />
            <p class="say" role="status">{ sentence(analysis, texts) }</p>
            { go(props, texts) }
            <p class="facts">
                if !analysis.documents.is_empty() {
                    <span class="num">{ (texts.documents)(analysis.documents.len()) }</span>
                }
                if let Some(index) = index {
                    <span aria-label={texts.index_digest} role="group">
                        <ShortDigest digest={index.digest.clone()} simulated={index.simulated} />
                    </span>
                }
            </p>
        </section>
    }
}

fn sentence(analysis: &Analysis, texts: &Texts) -> Html {
    let verdict = &analysis.verdict;
    let finding = verdict.finding.and_then(|at| analysis.diagnostics.get(at));
    match verdict.kind {
        VerdictKind::Publishes => html! { { (texts.publishes)(verdict.published) } },
        VerdictKind::NothingPushed => html! { { (texts.nothing_pushed)(verdict.requested) } },
        VerdictKind::PublishesWrong => html! {
            <>
                { (texts.publishes_but)(verdict.published) }
                { finding.map(|finding| prose(&finding.message)) }
            </>
        },
        VerdictKind::Fails => match (&verdict.error, finding) {
            (Some(error), _) => html! { <>{ texts.fails_with }<code>{ error }</code></> },
            (None, Some(finding)) => {
                html! { <>{ texts.fails_with }{ prose(&finding.message) }</> }
            }
            (None, None) => html! { { texts.fails } },
        },
    }
}

/// Where to look next: the deciding line, else the warnings.
fn go(props: &Props, texts: &Texts) -> Html {
    let warnings = rows::count(&props.analysis, Severity::Warning);
    let label = match props.line {
        Some(line) => (texts.at_line)(line),
        None if warnings > 0 => (texts.warnings)(warnings),
        None => return html! {},
    };
    html! {
        <button type="button" class="go" onclick={props.ongo.reform(|_| ())}>{ label }</button>
    }
}
