//! What happens when: the job's commands, and under each build its steps, with bars side by side.
//!
//! Without a job there are no times: the steps stand in the order in which they can run.

use std::rc::Rc;

use polyarch_core::analysis::{Analysis, Runs, StepView};
use polyarch_core::ci::runner::{Activity, Status, Step};
use yew::prelude::*;

use super::cpu_badge::short as cpu;
use super::graph::short;
use crate::hooks::use_texts;
use crate::i18n::Texts;
use crate::state::Selection;
use crate::state::answer::JobView;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) analysis: Rc<Analysis>,
    pub(crate) job: Option<Rc<JobView>>,
    pub(crate) selection: Selection,
    /// Selected line of the CI file, from 1; 0 where none is.
    pub(crate) job_line: usize,
    pub(crate) onselect: Callback<Selection>,
    pub(crate) online: Callback<usize>,
}

/// A bar of the chart.
struct Bar {
    label: String,
    /// The platforms that wait for it.
    columns: Vec<usize>,
    start: f64,
    duration: f64,
    look: &'static str,
    /// Seconds; `None` where there are no times.
    took: Option<f64>,
    onclick: Option<Callback<MouseEvent>>,
    selected: bool,
    indent: bool,
}

#[component]
pub(crate) fn Timeline(props: &Props) -> Html {
    let texts = use_texts();
    let bars = match &props.job {
        Some(job) => of_job(props, job),
        None => in_order(props),
    };
    if bars.is_empty() {
        return html! { <p class="empty">{ texts.views.no_steps }</p> };
    }
    let whole = bars.iter().map(|bar| bar.start + bar.duration);
    let whole = whole.fold(0.0, f64::max).max(0.001);
    let note = if props.job.is_some() {
        texts.views.times_note
    } else {
        texts.views.order_note
    };
    html! {
        <div class="across" tabindex="-1">
            <ol class="timeline" aria-label={texts.views.timeline}>
                { for bars.iter().map(|bar| row(props, bar, whole, texts)) }
            </ol>
            <p class="hint note">{ note }</p>
        </div>
    }
}

fn row(props: &Props, bar: &Bar, whole: f64, texts: &Texts) -> Html {
    let all = props.analysis.platforms.len();
    let who: Vec<String> = bar
        .columns
        .iter()
        .filter_map(|at| props.analysis.platforms.get(*at))
        .map(|view| view.platform.as_ref().map_or(view.requested.clone(), cpu))
        .collect();
    let who = match who.len() {
        0 => String::new(),
        n if n == all && n > 1 => texts.once.to_owned(),
        _ => who.join(", "),
    };
    let (left, width) = (bar.start / whole * 100.0, bar.duration / whole * 100.0);
    html! {
        <li data-look={bar.look} class={bar.indent.then_some("inner")}>
            <button type="button" disabled={bar.onclick.is_none()} onclick={bar.onclick.clone()}
                aria-current={bar.selected.then_some("step")} title={bar.label.clone()}>
                <code class="src">{ &bar.label }</code>
                <span class="for">{ who }</span>
                <span class="track" aria-hidden="true">
                    <i style={format!("inset-inline-start:{left:.2}%;inline-size:{width:.2}%")} />
                </span>
                <span class="took num">{ bar.took.map(|took| (texts.seconds)(took)) }</span>
            </button>
        </li>
    }
}

fn of_job(props: &Props, job: &JobView) -> Vec<Bar> {
    let selected = job.step_at(props.job_line);
    let mut bars = Vec::new();
    for (at, step) in job.steps.iter().enumerate() {
        bars.push(command(props, job, at, step, selected == Some(at)));
        bars.extend(step.activities.iter().map(|part| activity(props, part)));
    }
    bars
}

fn command(props: &Props, job: &JobView, at: usize, step: &Step, selected: bool) -> Bar {
    let onclick = job.line(at).map(|line| {
        let online = props.online.clone();
        Callback::from(move |_: MouseEvent| online.emit(line))
    });
    let skipped = step.status == Status::Skipped;
    Bar {
        label: step.command.lines().next().unwrap_or_default().to_owned(),
        columns: Vec::new(),
        start: step.start,
        duration: step.duration,
        look: match step.status {
            Status::Ok => "command",
            Status::Failed => "fail",
            Status::Skipped => "after",
        },
        took: (!skipped).then_some(step.duration),
        onclick,
        selected,
        indent: false,
    }
}

fn activity(props: &Props, part: &Activity) -> Bar {
    let mut named = props.analysis.platforms.iter().enumerate();
    let found = named.find_map(|(column, view)| {
        Some((
            column,
            view.steps.iter().find(|step| step.name == part.name)?,
        ))
    });
    let (selected, onclick) = match found {
        Some((column, step)) => link(props, column, &part.lanes, step.line),
        None => (false, None),
    };
    let native = found.is_some_and(|(_, step)| step.runs == Some(Runs::Native));
    Bar {
        label: short(&part.name).to_owned(),
        columns: part.lanes.clone(),
        start: part.start,
        duration: part.duration,
        look: match (part.emulated, part.lanes.len()) {
            (true, _) => "emulated",
            (false, 2..) => "once",
            (false, _) if native => "native",
            (false, _) => "none",
        },
        took: Some(part.duration),
        onclick,
        selected,
        indent: true,
    }
}

/// Whether a step is the selected one, and how it becomes it.
fn link(
    props: &Props,
    column: usize,
    columns: &[usize],
    line: Option<usize>,
) -> (bool, Option<Callback<MouseEvent>>) {
    let Some(line) = line else {
        return (false, None);
    };
    let own = props.selection.column == column || columns.contains(&props.selection.column);
    let to = Selection { line, column };
    (
        own && props.selection.line == line,
        Some(props.onselect.reform(move |_: MouseEvent| to)),
    )
}

/// Every step once, one unit after the last of those that it reads.
fn in_order(props: &Props) -> Vec<Bar> {
    let mut seen: Vec<(usize, Bar)> = Vec::new();
    for (column, view) in props.analysis.platforms.iter().enumerate() {
        let mut depths: Vec<f64> = Vec::with_capacity(view.steps.len());
        for step in &view.steps {
            let inputs = step.inputs.iter().filter_map(|at| depths.get(*at));
            let start = inputs.fold(0.0, |most: f64, depth| most.max(*depth));
            depths.push(start + 1.0);
            match seen.iter_mut().find(|(id, _)| *id == step.id) {
                Some((_, bar)) => bar.columns.push(column),
                None => seen.push((step.id, unit(props, column, step, start))),
            }
        }
    }
    let mut bars: Vec<Bar> = seen.into_iter().map(|(_, bar)| bar).collect();
    for bar in &mut bars {
        if bar.columns.len() > 1 && bar.look != "emulated" {
            bar.look = "once";
        }
    }
    bars.sort_by(|a, b| a.start.total_cmp(&b.start));
    bars
}

fn unit(props: &Props, column: usize, step: &StepView, start: f64) -> Bar {
    let shared: Vec<usize> = if step.shared {
        let views = props.analysis.platforms.iter().enumerate();
        let views = views.filter(|(_, view)| view.steps.iter().any(|own| own.id == step.id));
        views.map(|(at, _)| at).collect()
    } else {
        vec![column]
    };
    let (selected, onclick) = link(props, column, &shared, step.line);
    Bar {
        label: short(&step.name).to_owned(),
        columns: vec![column],
        start,
        duration: 1.0,
        look: match step.runs {
            Some(Runs::Unsupported) => "fail",
            Some(Runs::Emulated) => "emulated",
            Some(Runs::Native) => "native",
            None => "none",
        },
        took: None,
        onclick,
        selected,
        indent: false,
    }
}
