//! Looking things up in an analysis: the row at a line, the cell in a column.

use polyarch_core::analysis::{
    Analysis, Cell, CellState, Project, RowView, Runs, StageView, StepView,
};
use polyarch_core::diagnostic::{Diagnostic, LineIndex, Place, Severity};

use super::Selection;

/// The row whose instruction covers this line, and its stage.
pub(crate) fn row_at<'a>(
    analysis: &'a Analysis,
    lines: &LineIndex,
    line: usize,
) -> Option<(&'a StageView, &'a RowView)> {
    let mut rows = analysis
        .stages
        .iter()
        .flat_map(|s| s.rows.iter().map(move |r| (s, r)));
    rows.find(|(_, row)| (row.line..=last_line(row, lines)).contains(&line))
}

/// Last line of an instruction, which may be continued.
pub(crate) fn last_line(row: &RowView, lines: &LineIndex) -> usize {
    lines.line(row.span.end.saturating_sub(1)).max(row.line)
}

/// The cell that covers a column.
pub(crate) fn cell_at(row: &RowView, column: usize) -> Option<&Cell> {
    row.cells
        .iter()
        .find(|cell| (cell.column..cell.column + cell.columns).contains(&column))
}

/// The step behind a cell.
pub(crate) fn step_of<'a>(analysis: &'a Analysis, cell: &Cell) -> Option<&'a StepView> {
    analysis.platforms.get(cell.column)?.steps.get(cell.step?)
}

/// A line of the Dockerfile or of the CI job, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    pub(crate) job: bool,
    pub(crate) line: usize,
}

/// Where a finding stands in the texts of a project.
pub(crate) fn spot(finding: &Diagnostic, project: &Project) -> Option<Spot> {
    let at = |file: &str, text: &str, job| {
        let line = line_of(finding, file, &LineIndex::new(text))?;
        Some(Spot { job, line })
    };
    at(&project.dockerfile_name, &project.dockerfile, false).or_else(|| {
        let request = project.job.as_ref()?;
        at(&request.file, &request.text, true)
    })
}

/// Line of a finding in this file, from 1.
pub(crate) fn line_of(finding: &Diagnostic, file: &str, lines: &LineIndex) -> Option<usize> {
    match &finding.place {
        Place::Source {
            file: name, span, ..
        } if name == file => Some(lines.line(span.start)),
        Place::Source { .. } | Place::Image { .. } | Place::Nowhere => None,
    }
}

/// The cell that tells most before anything is selected: the one of the finding that decides, else
/// the first that fails, else the first that is emulated, else the first.
pub(crate) fn telling(analysis: &Analysis, project: &Project) -> Selection {
    let index = LineIndex::new(&project.dockerfile);
    let deciding = analysis
        .verdict
        .finding
        .and_then(|at| analysis.diagnostics.get(at));
    let line = deciding.and_then(|finding| line_of(finding, &project.dockerfile_name, &index));
    if let (Some(finding), Some((_, row))) = (
        deciding,
        line.and_then(|line| row_at(analysis, &index, line)),
    ) {
        let about = finding.platform();
        let column = analysis.platforms.iter().position(|column| {
            column
                .platform
                .as_ref()
                .is_some_and(|own| about.is_some_and(|p| p.is_same(own)))
        });
        return Selection {
            line: row.line,
            column: column.unwrap_or_default(),
        };
    }
    let rows = analysis
        .stages
        .iter()
        .filter(|stage| stage.used)
        .flat_map(|stage| &stage.rows);
    let cells = rows.flat_map(|row| row.cells.iter().map(move |cell| (row.line, cell)));
    let weight = |cell: &Cell| match cell.state {
        CellState::Failed(_) | CellState::Runs(Runs::Unsupported) => 0,
        CellState::Runs(Runs::Emulated) => 1,
        CellState::Runs(Runs::Native)
        | CellState::Pulled
        | CellState::Files
        | CellState::Metadata
        | CellState::NotRun
        | CellState::Unknown(_) => 2,
    };
    cells
        .min_by_key(|(_, cell)| weight(cell))
        .map_or_else(Selection::default, |(line, cell)| Selection {
            line,
            column: cell.column,
        })
}

/// How many findings have this severity.
pub(crate) fn count(analysis: &Analysis, severity: Severity) -> usize {
    analysis
        .diagnostics
        .iter()
        .filter(|d| d.severity == severity)
        .count()
}
