//! One cell: what an instruction is on one platform, or on several that share it.

use std::rc::Rc;

use polyarch_core::analysis::{Analysis, Cell, CellState, ContentView, Runs};
use polyarch_core::diagnostic::{Place, Severity, Span};
use yew::prelude::*;

use super::cell_id;
use crate::components::cpu_badge::short;
use crate::components::icon::{Glyph, Icon};
use crate::components::machine::Machine;
use crate::components::threads::look;
use crate::hooks::use_texts;
use crate::i18n::Texts;
use crate::state::{Selection, rows};

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) analysis: Rc<Analysis>,
    pub(super) span: Span,
    pub(super) line: usize,
    pub(super) cell: Cell,
    pub(super) selected: bool,
    /// Whether this cell is the grid's tab stop.
    pub(super) tab: bool,
    pub(super) onselect: Callback<Selection>,
}

#[component]
pub(super) fn LoomCell(props: &Props) -> Html {
    let texts = use_texts();
    let cell = &props.cell;
    let at = Selection {
        line: props.line,
        column: cell.column,
    };
    let (brought, more) = brought(props);
    let wrong = is_wrong(props) || brought.as_ref().is_some_and(|entry| entry.wrong);
    let state = if wrong { "fail" } else { look(cell) };
    let words = words(cell, texts);
    let onclick = props.onselect.reform(move |_: MouseEvent| at);
    html! {
        <td id={cell_id(at)} role="gridcell" data-state={state} colspan={cell.columns.to_string()}
            data-parts={(cell.columns > 1 && cell.columns < props.analysis.platforms.len()).then_some("")}
            style={format!("--at:{};--span:{}", cell.column, cell.columns)}
            aria-selected={props.selected.to_string()} tabindex={if props.tab { "0" } else { "-1" }}
            title={title(&words, brought.as_ref())} {onclick}>
            <span class="what" key={format!("{state} {words}")}>
                if state == "fail" {
                    <Icon glyph={Glyph::Cross} size={14} />
                }
                if let Some(entry) = &brought {
                    <span class="name">{ file_name(entry) }</span>
                    <Machine entry={(*entry).clone()} />
                    if more > 0 { <span class="num">{ format!("+{more}") }</span> }
                } else {
                    { words.clone() }
                }
            </span>
            if let Some(took) = took(props) {
                <span class="took num">{ (texts.views.estimate)(took) }</span>
            }
        </td>
    }
}

/// Estimate of how long the step takes, where a program runs or an image is pulled.
fn took(props: &Props) -> Option<u64> {
    let tells = matches!(
        props.cell.state,
        CellState::Runs(Runs::Native | Runs::Emulated) | CellState::Pulled
    );
    let step = rows::step_of(&props.analysis, &props.cell).filter(|_| tells)?;
    Some(step.milliseconds).filter(|took| *took > 0)
}

/// Whether an error is about this instruction, on one of this cell's platforms where it names one.
fn is_wrong(props: &Props) -> bool {
    let cell = &props.cell;
    let mut errors = props
        .analysis
        .diagnostics
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    errors.any(|finding| {
        let Place::Source { span, platform, .. } = &finding.place else {
            return false;
        };
        let inside = props.span.start <= span.start && span.end <= props.span.end;
        let columns = props
            .analysis
            .platforms
            .iter()
            .skip(cell.column)
            .take(cell.columns);
        let mut own = columns.filter_map(|column| column.platform.as_ref());
        inside
            && platform
                .as_ref()
                .is_none_or(|platform| own.any(|p| p.is_same(platform)))
    })
}

/// What to show of the files that the instruction puts into the image, and how many more there
/// are: one that is for a CPU; of a program's step only one that is wrong.
fn brought(props: &Props) -> (Option<ContentView>, usize) {
    let cell = &props.cell;
    let columns = cell.column..cell.column + cell.columns;
    let files = |column| props.analysis.brought(column, props.line);
    let mut all: Vec<_> = columns.map(files).collect();
    // The column in which something is wrong speaks for all that share the cell.
    all.sort_by_key(|files| files.first().is_none_or(|file| !file.wrong));
    let Some((first, rest)) = all.first().and_then(|files| files.split_first()) else {
        return (None, 0);
    };
    let tells = match cell.state {
        CellState::Files => first.cpu.is_some(),
        CellState::Runs(_) => first.wrong,
        _ => false,
    };
    if tells {
        ((*first).clone().into(), rest.len())
    } else {
        (None, 0)
    }
}

fn file_name(entry: &ContentView) -> String {
    let name = entry.path.rsplit('/').next().unwrap_or_default();
    format!("{name}{}", if entry.folder { "/" } else { "" })
}

fn title(words: &str, brought: Option<&ContentView>) -> String {
    match brought {
        Some(entry) => format!("{words}\n{} {}", entry.path, entry.machine),
        None => words.to_owned(),
    }
}

fn words(cell: &Cell, texts: &Texts) -> String {
    let shared = cell.columns > 1;
    match &cell.state {
        CellState::Runs(Runs::Native) if shared => texts.once_native.to_owned(),
        CellState::Runs(Runs::Native) => match &cell.cross {
            Some(target) => (texts.native_cross)(&short(target)),
            None => texts.native.to_owned(),
        },
        CellState::Runs(Runs::Emulated) if shared => texts.once_emulated.to_owned(),
        CellState::Runs(Runs::Emulated) => texts.emulated.to_owned(),
        CellState::Runs(Runs::Unsupported) => texts.unsupported.to_owned(),
        CellState::Pulled if shared => match &cell.on {
            Some(on) => (texts.once_pulled)(&on.specifier()),
            None => texts.once.to_owned(),
        },
        CellState::Pulled => texts.pulled.to_owned(),
        CellState::Files | CellState::Metadata if shared => texts.once.to_owned(),
        CellState::Files => texts.copied_files.to_owned(),
        CellState::Metadata => texts.config_only.to_owned(),
        CellState::Failed(_) => texts.legend_fails.to_owned(),
        CellState::NotRun => texts.not_run.to_owned(),
        CellState::Unknown(why) if why.is_empty() => texts.unknown.to_owned(),
        CellState::Unknown(why) => why.clone(),
    }
}
