//! The loom: a row for each instruction, a cell for each thing that platforms have in common.

use crate::build::{self, BuildError, Outcome, PlatformOutcome, place};
use crate::dockerfile::{Dockerfile, Instruction, Kind};
use crate::environment::Environment;
use crate::platform::Platform;

use super::{Cell, CellState, RowView, Runs, StageView};

/// What the rows are made from.
pub(super) struct Loom<'a> {
    pub(super) dockerfile: &'a Dockerfile,
    pub(super) outcome: &'a Outcome,
    pub(super) environment: &'a Environment,
    pub(super) target: Option<&'a str>,
}

/// A cell of one column, and what makes two of them one.
struct Single {
    cell: Cell,
    step: Option<usize>,
    /// Platform of the stage that the instruction stands in, where it is reached.
    stage: Option<Platform>,
}

impl Loom<'_> {
    /// The stages of the file with their rows.
    pub(super) fn stages(&self) -> Vec<StageView> {
        let stages = self.dockerfile.stages();
        let mut at = self.dockerfile.preamble().len();
        let mut views = Vec::with_capacity(stages.len());
        for (number, instructions) in stages.iter().enumerate() {
            let name = instructions.first().and_then(stage_name);
            let rows: Vec<RowView> = instructions
                .iter()
                .enumerate()
                .map(|(offset, instruction)| self.row(at + offset, instruction))
                .collect();
            let used = self.is_used(at);
            let is_final = match self.target {
                None => number + 1 == stages.len(),
                Some(target) => name
                    .as_ref()
                    .is_some_and(|n| n.eq_ignore_ascii_case(target)),
            };
            views.push(StageView {
                name: name.unwrap_or_else(|| format!("stage-{number}")),
                used,
                is_final,
                rows,
            });
            at += instructions.len();
        }
        views
    }

    fn is_used(&self, from: usize) -> bool {
        let reached = |platform: &PlatformOutcome| platform.effect(from).is_some();
        self.outcome.platforms.iter().any(reached)
    }

    fn row(&self, at: usize, instruction: &Instruction) -> RowView {
        let mut cells: Vec<Cell> = Vec::new();
        let mut last = None;
        for (column, platform) in self.outcome.platforms.iter().enumerate() {
            let single = self.single(column, at, instruction, platform);
            match cells.last_mut() {
                Some(cell)
                    if last == Some((single.step, single.stage.clone()))
                        && is_same(cell, &single.cell) =>
                {
                    cell.columns += 1;
                }
                _ => cells.push(single.cell),
            }
            last = Some((single.step, single.stage));
        }
        RowView {
            line: instruction.start_line,
            span: instruction.span,
            keyword: instruction.keyword.text.to_uppercase(),
            text: one_line(instruction),
            cells,
        }
    }

    fn single(
        &self,
        column: usize,
        at: usize,
        instruction: &Instruction,
        platform: &PlatformOutcome,
    ) -> Single {
        let mut cell = Cell {
            column,
            columns: 1,
            state: CellState::NotRun,
            step: None,
            cross: None,
            on: None,
            detail: None,
        };
        if let Err(error) = &platform.result {
            let fails = concerns(error, at, instruction);
            if fails {
                cell.state = CellState::Failed(error.text.clone());
            }
            // What is refused before anything runs has no steps; else those before the end ran.
            let ran = !platform.steps.is_empty() && error.instruction.is_some_and(|end| at < end);
            if fails || !ran {
                return Single {
                    cell,
                    step: None,
                    stage: None,
                };
            }
        }
        let Some(effect) = platform.effect(at) else {
            return Single {
                cell,
                step: None,
                stage: None,
            };
        };
        cell.step = effect.step;
        cell.detail = Some(effect.history.clone()).filter(|text| !text.is_empty());
        let step = effect.step.and_then(|step| platform.steps.get(step));
        cell.state = match (&instruction.kind, step.map(|step| step.kind)) {
            (_, Some(build::StepKind::Source)) => CellState::Pulled,
            (_, Some(build::StepKind::File)) => CellState::Files,
            (Kind::Run(_), _) => {
                let on = step.and_then(|step| step.platform.as_ref());
                let on = on.unwrap_or(&effect.stage_platform);
                CellState::Runs(runs(place(on, self.environment)))
            }
            (Kind::Copy(_) | Kind::Add(_), _) => CellState::Files,
            (_, Some(build::StepKind::Exec) | None) => CellState::Metadata,
        };
        if effect.step.is_some() || matches!(instruction.kind, Kind::From(_)) {
            cell.on = Some(effect.stage_platform.normalised());
            cell.cross.clone_from(&effect.cross);
        }
        Single {
            cell,
            step: step.map(|step| step.id),
            stage: Some(effect.stage_platform.normalised()),
        }
    }
}

fn concerns(error: &BuildError, at: usize, instruction: &Instruction) -> bool {
    match error.instruction {
        Some(instruction) => instruction == at,
        None => error.line > 0 && error.line == instruction.start_line,
    }
}

/// Neighbours share a cell if they say the same.
fn is_same(a: &Cell, b: &Cell) -> bool {
    a.state == b.state && a.on == b.on && a.cross == b.cross && a.detail == b.detail
}

/// How a place of execution is shown.
pub(super) fn runs(place: build::Place) -> Runs {
    match place {
        build::Place::Native => Runs::Native,
        build::Place::Emulated => Runs::Emulated,
        build::Place::Unsupported => Runs::Unsupported,
    }
}

fn stage_name(from: &Instruction) -> Option<String> {
    match &from.kind {
        Kind::From(from) => from.stage_name(),
        _ => None,
    }
}

/// The instruction without keyword and flags, its white space made single.
fn one_line(instruction: &Instruction) -> String {
    let code = &instruction.code;
    let rest = code
        .get(instruction.keyword.text.len()..)
        .unwrap_or_default();
    let words = rest.split_whitespace();
    let flags = instruction.flags.len();
    let words: Vec<&str> = words
        .enumerate()
        .filter(|(at, word)| !(*at < flags && word.starts_with("--")))
        .map(|(_, word)| word)
        .collect();
    words.join(" ")
}
