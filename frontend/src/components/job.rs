//! A job's steps under its editor: phase, line, command, how each ends, and what the failing one
//! prints.

use std::rc::Rc;

use polyarch_core::ci::runner::{Status, Step};
use yew::prelude::*;

use super::icon::{Glyph, Icon};
use crate::hooks::use_texts;
use crate::i18n::Texts;
use crate::state::answer::JobView;

/// Lines of a failing step's output that stand under it.
const LAST: usize = 9;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) job: Rc<JobView>,
    /// Line of the CI file that is selected, from 1.
    pub(crate) line: usize,
    pub(crate) online: Callback<usize>,
}

#[component]
pub(crate) fn JobSteps(props: &Props) -> Html {
    let texts = use_texts();
    let job = &props.job;
    let selected = job.step_at(props.line);
    let entry = |(at, step): (usize, &Step)| {
        let begins = at
            .checked_sub(1)
            .and_then(|before| job.steps.get(before))
            .is_none_or(|before| before.phase != step.phase);
        let line = job.line(at);
        let onclick = {
            let online = props.online.clone();
            Callback::from(move |_: MouseEvent| {
                if let Some(line) = line {
                    online.emit(line);
                }
            })
        };
        let (glyph, state, word) = ending(step.status, texts);
        html! {
            <li key={at} data-state={state}>
                if begins {
                    <p class="phase"><code>{ step.phase.as_str() }</code></p>
                }
                <button type="button" aria-current={(selected == Some(at)).then_some("step")}
                    disabled={line.is_none()} title={step.command.clone()} {onclick}>
                    <Icon {glyph} size={14} class="mark" />
                    <span class="vh">{ word }{ ": " }</span>
                    <span class="ln">{ line }</span>
                    <code class="src">{ step.command.lines().next().unwrap_or_default().to_owned() }</code>
                    <span class="took num">
                        if !step.exact {
                            <span title={texts.step_inexact}>{ "≈ " }</span>
                        }
                        if step.status != Status::Skipped {
                            { (texts.seconds)(step.duration) }
                        }
                    </span>
                </button>
                if job.failing == Some(at) && !step.output.trim().is_empty() {
                    <pre class="tooltext" lang="en">{ tail(&step.output) }</pre>
                }
            </li>
        }
    };
    html! {
        <>
            <div class="head">
                <h2>{ texts.job_steps }</h2>
                <span class="end"><code>{ &job.name }</code></span>
            </div>
            <ol class="job-steps">{ for job.steps.iter().enumerate().map(entry) }</ol>
        </>
    }
}

/// The end of what a step prints, where tools say why; the log has the rest.
fn tail(output: &str) -> String {
    let lines: Vec<&str> = output.trim_end().lines().collect();
    lines[lines.len().saturating_sub(LAST)..].join("\n")
}

fn ending(status: Status, texts: &Texts) -> (Glyph, &'static str, &'static str) {
    match status {
        Status::Ok => (Glyph::Check, "ok", texts.step_ok),
        Status::Failed => (Glyph::Cross, "fail", texts.step_failed),
        Status::Skipped => (Glyph::Skip, "skipped", texts.step_skipped),
    }
}
