//! The loom in the editor's gutter: one thread a platform, joined where a step runs once.

use polyarch_core::analysis::{Cell, CellState, RowView, Runs};
use yew::prelude::*;

/// More threads than this would crowd out the text.
const MOST: usize = 8;

/// The threads of a row in one of its lines.
pub(crate) fn threads(row: &RowView, columns: usize) -> Html {
    let shown = columns.min(MOST);
    let cells = row.cells.iter().filter(|cell| cell.column < shown);
    html! {
        <span class="threads" style={format!("--n:{shown}")} aria-hidden="true">
            { for cells.map(|cell| thread(cell, shown)) }
        </span>
    }
}

/// The looks of a row's threads as `look:columns`; the same as bars that stand alone.
pub(crate) fn looks(row: &RowView, columns: usize) -> Vec<String> {
    let shown = columns.min(MOST);
    let cells = row.cells.iter().filter(|cell| cell.column < shown);
    cells
        .map(|cell| format!("{}:{}", look(cell), cell.columns.min(shown - cell.column)))
        .collect()
}

fn thread(cell: &Cell, shown: usize) -> Html {
    let width = cell.columns.min(shown - cell.column);
    html! { <i class={look(cell)} style={format!("grid-column: span {width}")} /> }
}

/// Name of the look that bars and threads share; see `loom.css`.
pub(crate) fn look(cell: &Cell) -> &'static str {
    match &cell.state {
        CellState::Runs(Runs::Unsupported) | CellState::Failed(_) => "fail",
        CellState::Runs(Runs::Emulated) => "emulated",
        CellState::NotRun => "after",
        CellState::Unknown(_) => "unknown",
        CellState::Runs(Runs::Native)
        | CellState::Pulled
        | CellState::Files
        | CellState::Metadata
            if cell.columns > 1 =>
        {
            "once"
        }
        CellState::Runs(Runs::Native) => "native",
        CellState::Pulled | CellState::Files | CellState::Metadata => "none",
    }
}
