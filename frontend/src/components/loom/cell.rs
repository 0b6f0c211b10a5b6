//! One cell: what an instruction is on one platform, or on several that share it.

use std::rc::Rc;

use polyarch_core::analysis::{Analysis, Cell, CellState, Runs};
use polyarch_core::diagnostic::{Place, Severity, Span};
use yew::prelude::*;

use super::cell_id;
use crate::components::cpu_badge::short;
use crate::components::icon::{Glyph, Icon};
use crate::components::threads::look;
use crate::hooks::use_texts;
use crate::i18n::Texts;
use crate::state::Selection;

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
    let wrong = is_wrong(props);
    let state = if wrong { "fail" } else { look(cell) };
    let words = words(cell, texts);
    let onclick = props.onselect.reform(move |_: MouseEvent| at);
    html! {
        <td id={cell_id(at)} role="gridcell" data-state={state} colspan={cell.columns.to_string()}
            data-parts={(cell.columns > 1 && cell.columns < props.analysis.platforms.len()).then_some("")}
            style={format!("--at:{};--span:{}", cell.column, cell.columns)}
            aria-selected={props.selected.to_string()} tabindex={if props.tab { "0" } else { "-1" }}
            title={words.clone()} {onclick}>
            <span class="what" key={format!("{state} {words}")}>
                if state == "fail" {
                    <Icon glyph={Glyph::Cross} size={14} />
                }
                { words.clone() }
            </span>
        </td>
    }
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
