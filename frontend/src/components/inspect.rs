//! The selected step, explained: its name as BuildKit prints it, the facts, then why.

use std::rc::Rc;

use polyarch_core::analysis::{
    Analysis, Cell, CellState, ContentView, PlatformView, RowView, Runs, StageView, StepKind,
    StepView, VerdictKind,
};
use polyarch_core::diagnostic::LineIndex;
use polyarch_core::platform::Platform;
use yew::prelude::*;

use super::cpu_badge::short;
use crate::hooks::use_texts;
use crate::i18n::Texts;
use crate::state::workbench::PUBLISHED;
use crate::state::{Selection, rows};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) analysis: Rc<Analysis>,
    pub(crate) text: AttrValue,
    pub(crate) build_platform: AttrValue,
    pub(crate) selection: Selection,
}

#[component]
pub(crate) fn Inspect(props: &Props) -> Html {
    let texts = use_texts();
    let index = LineIndex::new(&props.text);
    let row = rows::row_at(&props.analysis, &index, props.selection.line);
    let found = row.and_then(|(stage, row)| {
        rows::cell_at(row, props.selection.column).map(|cell| (stage, row, cell))
    });
    html! {
        <section class="inspect" aria-label={texts.selected_step} aria-live="off" tabindex="0">
            if let Some((stage, row, cell)) = found {
                { explain(props, stage, row, cell, texts) }
            } else if let Some(platform) = published(props) {
                { explain_platform(&props.analysis, platform, texts) }
            } else {
                <p>{ texts.nothing_selected }</p>
            }
        </section>
    }
}

/// The platform whose cell of the published row is selected.
fn published(props: &Props) -> Option<&PlatformView> {
    let is_it = props.selection.line == PUBLISHED;
    let column = is_it.then_some(props.selection.column)?;
    props.analysis.platforms.get(column)
}

/// What the tag would hold for a platform.
fn explain_platform(analysis: &Analysis, platform: &PlatformView, texts: &Texts) -> Html {
    let words = texts.views;
    let base = platform
        .pulls
        .iter()
        .map(|(reference, on)| format!("{reference} ({on})"));
    let config = |name: &str| {
        let mut entries = platform.config.iter();
        let values = entries
            .find(|(own, _)| own == name)
            .map(|(_, values)| values);
        values.map(|values| values.join(" "))
    };
    let count = |wanted: &dyn Fn(&ContentView) -> bool| {
        platform.content.iter().filter(|file| wanted(file)).count()
    };
    let files = [
        (words.for_another, count(&|file| file.wrong)),
        (
            words.for_one,
            count(&|file| !file.wrong && file.cpu.is_some()),
        ),
        (words.for_any, count(&|file| file.machine == "any")),
        (words.for_unknown, count(&|file| file.machine == "unknown")),
    ];
    let files: Vec<String> = files
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{name}: {count}"))
        .collect();
    let facts = [
        (
            texts.runs_on,
            platform.export.as_ref().map(Platform::specifier),
        ),
        (
            words.costs,
            (platform.cost.elapsed > 0).then(|| (words.estimate)(platform.cost.elapsed)),
        ),
        (
            words.pulled_for,
            Some(base.collect::<Vec<_>>().join(", ")).filter(|text| !text.is_empty()),
        ),
        ("Entrypoint", config("Entrypoint")),
        ("Cmd", config("Cmd")),
        ("User", config("User")),
    ];
    let facts = facts
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    let pushed = matches!(
        analysis.verdict.kind,
        VerdictKind::Publishes | VerdictKind::PublishesWrong
    );
    html! {
        <>
            <h2>{ format!("{} {}", texts.published_as, platform.requested) }</h2>
            <dl>
                { for facts.map(|(what, value)| html! {
                    <div><dt>{ what }</dt><dd>{ value }</dd></div>
                }) }
            </dl>
            if let Some(error) = &platform.error {
                <code class="tooltext" lang="en">{ error }</code>
            }
            if !pushed { <p>{ texts.not_published }</p> }
            if !files.is_empty() { <p>{ files.join(" · ") }</p> }
        </>
    }
}

fn explain(props: &Props, stage: &StageView, row: &RowView, cell: &Cell, texts: &Texts) -> Html {
    let step = rows::step_of(&props.analysis, cell);
    let name = step.map_or_else(
        || format!("{} {}", row.keyword, row.text),
        |s| s.name.clone(),
    );
    let facts = facts(props, row, cell, step, texts);
    html! {
        <>
            <h2>{ name }</h2>
            <dl>
                { for facts.into_iter().map(|(what, value)| html! {
                    <div><dt>{ what }</dt><dd>{ value }</dd></div>
                }) }
            </dl>
            { for why(props, stage, cell, texts) }
        </>
    }
}

fn facts(
    props: &Props,
    row: &RowView,
    cell: &Cell,
    step: Option<&StepView>,
    texts: &Texts,
) -> Vec<(&'static str, String)> {
    let kind = match step.map(|step| step.kind) {
        Some(StepKind::Source) => texts.kind_source,
        Some(StepKind::Exec) => texts.kind_exec,
        Some(StepKind::File) => texts.kind_file,
        None => texts.kind_none,
    };
    let mut facts = vec![
        (texts.line, row.line.to_string()),
        (texts.kind, kind.to_owned()),
    ];
    if let CellState::Runs(runs) = cell.state {
        let runs = match (runs, &cell.cross) {
            (Runs::Native, Some(to)) => (texts.native_cross)(&short(to)),
            (Runs::Native, None) => texts.native.to_owned(),
            (Runs::Emulated, _) => texts.emulated.to_owned(),
            (Runs::Unsupported, _) => texts.unsupported.to_owned(),
        };
        facts.push((texts.runs, runs));
    }
    if let Some(on) = &cell.on {
        facts.push((texts.runs_on, on.specifier()));
    }
    let all = props.analysis.platforms.iter().enumerate();
    let shared: Vec<String> = all
        .skip(cell.column)
        .take(cell.columns)
        .filter(|(at, _)| *at != props.selection.column)
        .map(|(_, platform)| {
            platform
                .platform
                .as_ref()
                .map_or(platform.requested.clone(), short)
        })
        .collect();
    let shared = if shared.is_empty() {
        texts.shared_none.to_owned()
    } else {
        shared.join(", ")
    };
    facts.push((texts.shared_with, shared));
    facts
}

/// The reasons, the most telling first.
fn why(props: &Props, stage: &StageView, cell: &Cell, texts: &Texts) -> Vec<Html> {
    let on = cell
        .on
        .as_ref()
        .map(Platform::specifier)
        .unwrap_or_default();
    let builder = &props.build_platform;
    let mut reasons = Vec::new();
    match &cell.state {
        CellState::Runs(Runs::Native) => reasons.push(match &cell.cross {
            Some(target) => (texts.why_cross)(&on, &target.specifier()),
            None => (texts.why_native)(&on),
        }),
        CellState::Runs(Runs::Emulated) => reasons.push((texts.why_emulated)(&on, builder)),
        CellState::Runs(Runs::Unsupported) => reasons.push((texts.why_unsupported)(&on, builder)),
        CellState::Pulled => reasons.push((texts.why_pulled)(&on)),
        CellState::Files => reasons.push(texts.why_files.to_owned()),
        CellState::Metadata => reasons.push(texts.why_metadata.to_owned()),
        CellState::NotRun if !stage.used => reasons.push(texts.why_unused.to_owned()),
        CellState::NotRun => reasons.push(texts.why_not_run.to_owned()),
        CellState::Failed(_) => reasons.push(texts.why_failed.to_owned()),
        CellState::Unknown(_) => {}
    }
    if cell.columns > 1
        && stage.used
        && !matches!(cell.state, CellState::Failed(_) | CellState::NotRun)
    {
        reasons.push((texts.why_once)(cell.columns));
    }
    let mut parts: Vec<Html> = reasons
        .into_iter()
        .map(|text| html! { <p>{ text }</p> })
        .collect();
    match &cell.state {
        CellState::Failed(text) => {
            parts.insert(0, html! { <code class="tooltext">{ text }</code> });
        }
        CellState::Unknown(text) => parts.insert(0, html! { <p>{ text }</p> }),
        CellState::Runs(_)
        | CellState::Pulled
        | CellState::Files
        | CellState::Metadata
        | CellState::NotRun => {}
    }
    parts
}
