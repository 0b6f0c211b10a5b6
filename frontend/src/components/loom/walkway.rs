//! Where the arrows lead in the loom: rows that are shown, and the columns that their cells cover.

use std::collections::BTreeSet;

use polyarch_core::analysis::Analysis;

use crate::state::Selection;
use crate::state::workbench::PUBLISHED;

/// The cells that can be walked to, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Walkway {
    /// Line of the row, and first column and width of each of its cells.
    rows: Vec<(usize, Vec<(usize, usize)>)>,
}

impl Walkway {
    /// Rows of unused stages count only where they are unfolded.
    pub(super) fn new(analysis: &Analysis, unfolded: &BTreeSet<usize>) -> Self {
        let stages = analysis.stages.iter().enumerate();
        let shown = stages.filter(|(at, stage)| stage.used || unfolded.contains(at));
        let mut rows: Vec<_> = shown
            .flat_map(|(_, stage)| &stage.rows)
            .map(|row| {
                (
                    row.line,
                    row.cells.iter().map(|c| (c.column, c.columns)).collect(),
                )
            })
            .collect();
        let each = (0..analysis.platforms.len()).map(|column| (column, 1));
        rows.push((PUBLISHED, each.collect()));
        Self { rows }
    }

    /// The cell that Tab reaches: the selected one, else the first.
    pub(super) fn stop(&self, selection: Selection) -> Selection {
        let known = self.rows.iter().any(|(line, _)| *line == selection.line);
        let line = if known {
            selection.line
        } else {
            self.rows.first().map_or(PUBLISHED, |(line, _)| *line)
        };
        self.settle(line, selection.column)
    }

    /// Where a key leads from a cell; `None` for keys that do not move.
    pub(super) fn step(&self, from: Selection, key: &str) -> Option<Selection> {
        let at = self.rows.iter().position(|(line, _)| *line == from.line)?;
        let (line, cells) = &self.rows[at];
        let here = cells.iter().position(|cell| covers(*cell, from.column))?;
        let column_of = |cell: usize| cells.get(cell).map_or(from.column, |(first, _)| *first);
        let row = |to: usize| self.rows.get(to).map(|(line, _)| *line);
        let (line, column) = match key {
            "ArrowDown" => (row(at + 1)?, from.column),
            "ArrowUp" => (row(at.checked_sub(1)?)?, from.column),
            "ArrowRight" => (*line, column_of((here + 1).min(cells.len() - 1))),
            "ArrowLeft" => (*line, column_of(here.saturating_sub(1))),
            "Home" => (*line, column_of(0)),
            "End" => (*line, column_of(cells.len() - 1)),
            "PageUp" => (row(0)?, from.column),
            "PageDown" => (row(self.rows.len() - 1)?, from.column),
            _ => return None,
        };
        Some(Selection { line, column })
    }

    /// The same place by the first column of the cell that covers it, which names the cell.
    pub(super) fn home(&self, at: Selection) -> Selection {
        let cells = self
            .rows
            .iter()
            .find(|(line, _)| *line == at.line)
            .map(|(_, cells)| cells);
        let cell = cells.and_then(|cells| cells.iter().find(|cell| covers(**cell, at.column)));
        Selection {
            line: at.line,
            column: cell.map_or(at.column, |(first, _)| *first),
        }
    }

    /// The column clamped to what the row has.
    fn settle(&self, line: usize, column: usize) -> Selection {
        let cells = self
            .rows
            .iter()
            .find(|(at, _)| *at == line)
            .map(|(_, cells)| cells);
        let covered = cells.is_some_and(|cells| cells.iter().any(|cell| covers(*cell, column)));
        Selection {
            line,
            column: if covered { column } else { 0 },
        }
    }
}

fn covers((first, width): (usize, usize), column: usize) -> bool {
    (first..first + width).contains(&column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walkway() -> Walkway {
        Walkway {
            rows: vec![
                (2, vec![(0, 3)]),
                (8, vec![(0, 1), (1, 1), (2, 1)]),
                (PUBLISHED, vec![(0, 1), (1, 1), (2, 1)]),
            ],
        }
    }

    fn at(line: usize, column: usize) -> Selection {
        Selection { line, column }
    }

    #[test]
    fn a_shared_step_is_one_cell_and_keeps_the_column_one_came_from() {
        let way = walkway();
        assert_eq!(way.step(at(8, 2), "ArrowUp"), Some(at(2, 2)));
        assert_eq!(way.step(at(2, 2), "ArrowDown"), Some(at(8, 2)));
        assert_eq!(way.home(at(2, 2)), at(2, 0));
        assert_eq!(way.home(at(8, 2)), at(8, 2));
        assert_eq!(way.step(at(2, 2), "ArrowRight"), Some(at(2, 0)));
        assert_eq!(way.step(at(8, 0), "ArrowRight"), Some(at(8, 1)));
        assert_eq!(way.step(at(8, 2), "ArrowRight"), Some(at(8, 2)));
    }

    #[test]
    fn the_edges_hold_and_other_keys_do_nothing() {
        let way = walkway();
        assert_eq!(way.step(at(2, 0), "ArrowUp"), None);
        assert_eq!(way.step(at(PUBLISHED, 0), "ArrowDown"), None);
        assert_eq!(way.step(at(8, 0), "x"), None);
        assert_eq!(way.stop(at(0, 7)), at(2, 0));
        assert_eq!(way.stop(at(8, 1)), at(8, 1));
    }
}
