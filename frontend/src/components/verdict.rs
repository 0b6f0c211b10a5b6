//! One sentence on what would happen, and one place to go from there.

use std::rc::Rc;

use polyarch_core::analysis::{Analysis, DocumentKind, JobVerdictKind, VerdictKind};
use polyarch_core::diagnostic::{Fix, Severity};
use yew::prelude::*;

use super::digest::ShortDigest;
use super::findings::at_spot;
use super::icon::{Glyph, Icon};
use super::prose::prose;
use crate::hooks::use_texts;
use crate::i18n::Texts;
use crate::state::answer::{End, JobView};
use crate::state::rows::{self, Spot};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) analysis: Rc<Analysis>,
    /// The job whose outcome it is, if there is one.
    pub(crate) job: Option<Rc<JobView>>,
    /// Place of the finding or step that decides, where it has one.
    pub(crate) spot: Option<Spot>,
    pub(crate) ongo: Callback<()>,
    /// The edit that mends what decides; a lesson leaves finding it to the reader.
    #[prop_or_default]
    pub(crate) fix: Option<Fix>,
    #[prop_or_default]
    pub(crate) onfix: Callback<Fix>,
}

#[component]
pub(crate) fn VerdictBar(props: &Props) -> Html {
    let texts = use_texts();
    let analysis = &*props.analysis;
    let ends_well = props.job.as_ref().is_none_or(|job| job.end == End::Passes);
    let (state, glyph) = match analysis.verdict.kind {
        _ if !ends_well => ("fail", Glyph::Stop),
        // All is published, and an error says what is wrong with it.
        VerdictKind::Publishes if rows::count(analysis, Severity::Error) > 0 => {
            ("none", Glyph::Triangle)
        }
        VerdictKind::Publishes => ("pass", Glyph::Check),
        VerdictKind::PublishesWrong | VerdictKind::Fails => ("fail", Glyph::Stop),
        VerdictKind::NothingPushed => ("none", Glyph::Info),
    };
    let index = analysis
        .documents
        .iter()
        .find(|d| d.kind == DocumentKind::Index);
    let pushed = |job: &Rc<JobView>| job.pushed > 0;
    let publishes = !analysis.documents.is_empty() && props.job.as_ref().is_none_or(pushed);
    html! {
        <section class="verdict" data-verdict={state} aria-label={texts.verdict}>
            <Icon glyph={glyph} size={20} class="mark" />
            <p class="say" role="status">{ match &props.job {
                Some(job) => job_sentence(job, analysis, texts),
                None => sentence(analysis, texts),
            } }</p>
            { go(props, texts) }
            { fix(props, texts) }
            <p class="facts">
                if publishes {
                    <span class="num">{ (texts.documents)(analysis.documents.len()) }</span>
                }
                if let Some(index) = index.filter(|_| publishes) {
                    <span aria-label={texts.index_digest} role="group">
                        <ShortDigest digest={index.digest.clone()} simulated={index.simulated} />
                    </span>
                }
            </p>
        </section>
    }
}

/// The job's outcome, and of what it pushed.
fn job_sentence(job: &JobView, analysis: &Analysis, texts: &Texts) -> Html {
    let verdict = &analysis.verdict;
    let finding = verdict.finding.and_then(|at| analysis.diagnostics.get(at));
    match (&job.end, finding) {
        (End::Refused(why), _) => html! { <>{ texts.job_refused }{ said(why) }</> },
        (_, Some(finding)) if job.comes_to(JobVerdictKind::Timing) => {
            html! { <>{ texts.job_timing }{ said(&finding.message) }</> }
        }
        (End::Fails, Some(finding)) => {
            html! { <>{ failing(job, texts) }{ said(&finding.message) }</> }
        }
        (End::Fails, None) => match job.last_words() {
            Some(words) => {
                html! { <>{ failing(job, texts) }<code>{ words.to_owned() }</code></> }
            }
            None => match job
                .verdict
                .as_ref()
                .and_then(|verdict| verdict.command.as_deref())
            {
                Some(command) => {
                    html! { <>{ texts.job_stops_at }<code>{ short(command) }</code></> }
                }
                None => html! { { texts.job_fails } },
            },
        },
        (End::Passes, _) if job.pushed == 0 => html! { { texts.job_pushes_nothing } },
        (End::Passes, Some(finding)) if verdict.kind == VerdictKind::PublishesWrong => html! {
            <>{ (texts.job_publishes_but)(job.pushed) }{ said(&finding.message) }</>
        },
        (End::Passes, _) => html! { { (texts.job_publishes)(job.pushed) } },
    }
}

/// A finding's message within a sentence: an article loses its capital, a digest its end.
fn said(message: &str) -> Html {
    let articles = ["The ", "A ", "An ", "This "];
    let mut text = match articles.iter().find(|word| message.starts_with(**word)) {
        Some(word) => word.to_lowercase() + &message[word.len()..],
        None => message.to_owned(),
    };
    if let Some(start) = text.find("@sha256:").map(|at| at + "@sha256:".len()) {
        let hex = text[start..]
            .bytes()
            .take_while(u8::is_ascii_hexdigit)
            .count();
        if hex == 64 {
            text.replace_range(start + 8..start + hex, "…");
        }
    }
    prose(&text)
}

/// What comes before the reason why a job fails.
fn failing(job: &JobView, texts: &Texts) -> Html {
    let verdict = job.verdict.as_ref();
    if job.comes_to(JobVerdictKind::PushRefused) {
        return html! { { texts.job_push_refused } };
    }
    match verdict.and_then(|verdict| verdict.command.as_deref()) {
        Some(command) => html! {
            <>{ texts.job_stops_at }<code>{ short(command) }</code>{ texts.job_stops_because }</>
        },
        None => html! { { texts.job_fails_with } },
    }
}

/// The program and what it is asked to do; the rest stands at its line.
fn short(command: &str) -> String {
    let words = command.split_whitespace();
    let plain = words.take_while(|word| !word.starts_with(['-', '$', '"', '|', '>']));
    let plain: Vec<&str> = plain.take(3).collect();
    if plain.is_empty() {
        command.to_owned()
    } else {
        plain.join(" ")
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
                { finding.map(|finding| said(&finding.message)) }
            </>
        },
        VerdictKind::Fails => match (&verdict.error, finding) {
            (Some(error), _) => html! { <>{ texts.fails_with }<code>{ error }</code></> },
            (None, Some(finding)) => {
                html! { <>{ texts.fails_with }{ said(&finding.message) }</> }
            }
            (None, None) => html! { { texts.fails } },
        },
    }
}

/// Where to look next: the deciding line, else the warnings.
fn go(props: &Props, texts: &Texts) -> Html {
    let count = |severity| rows::count(&props.analysis, severity);
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let label = match props.spot {
        Some(spot) => at_spot(spot, texts),
        None if errors > 0 => (texts.errors)(errors),
        None if warnings > 0 => (texts.warnings)(warnings),
        None => return html! {},
    };
    html! {
        <button type="button" class="go" onclick={props.ongo.reform(|_| ())}>{ label }</button>
    }
}

fn fix(props: &Props, texts: &Texts) -> Html {
    let Some(fix) = props.fix.clone() else {
        return html! {};
    };
    let (title, onfix) = (fix.title.clone(), props.onfix.clone());
    let onclick = Callback::from(move |_: MouseEvent| onfix.emit(fix.clone()));
    html! {
        <button type="button" class="btn primary slim mend" {title} {onclick}>{ texts.fix_it }</button>
    }
}
