//! Goals of lessons: predicates over what comes of a project, evaluated while one types.

use std::rc::Rc;

use super::Both;
use crate::analysis::{
    self, Analysis, CellState, Project, RowView, Runs, VerdictKind, analyse, analyse_job,
};
use crate::ci::runner::{Outcome, Status, Step};
use crate::diagnostic::Severity;

/// A line of a lesson's checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    pub test: Test,
    pub label: Both,
}

/// What a goal asks. Platforms and paths are as a user would type them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// Nothing wrong is known of the tag, and exactly these platforms are in it.
    Publishes(Vec<String>),
    /// The job runs to its end.
    Passes,
    /// Commands with this text run natively for the platform, and there are such.
    Native { platform: String, text: String },
    /// Instructions with this text run once for all platforms, and there are such.
    Once(String),
    /// The file is in the platform's image and for this CPU.
    Machine {
        platform: String,
        path: String,
        machine: String,
    },
    /// No finding of that rule.
    Without(String),
    /// A finding of that rule.
    Reports(String),
    /// An instruction of the Dockerfile has this text.
    Has(String),
    /// The job has a command with this text that succeeds.
    Step(String),
    /// A command with the second text succeeds after one with the first did.
    After(String, String),
}

/// What came of a project: what goals and expectations look at.
#[derive(Debug, Clone)]
pub struct Seen {
    pub analysis: Rc<Analysis>,
    /// How many platforms are in the tag at the end.
    pub published: usize,
    /// The job's outcome; `None` without one.
    pub passes: Option<bool>,
    pub steps: Vec<Step>,
}

impl Goal {
    /// Whether it is met.
    pub fn is_met(&self, seen: &Seen) -> bool {
        self.test.holds(seen)
    }
}

impl Test {
    /// Reads `WORD …`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        let two = || {
            let (first, second) = rest.split_once(' ')?;
            Some((first.to_owned(), second.to_owned()))
        };
        let asked = match word {
            "publishes" => Self::Publishes(rest.split(' ').map(str::to_owned).collect()),
            "passes" => Self::Passes,
            "native" => {
                let (platform, text) = two()?;
                Self::Native { platform, text }
            }
            "once" => Self::Once(rest.to_owned()),
            "machine" => {
                let (platform, rest) = two()?;
                let (path, machine) = rest.split_once(' ')?;
                Self::Machine {
                    platform,
                    path: path.to_owned(),
                    machine: machine.to_owned(),
                }
            }
            "reports" => Self::Reports(rest.to_owned()),
            "without" => Self::Without(rest.to_owned()),
            "has" => Self::Has(rest.to_owned()),
            "step" => Self::Step(rest.to_owned()),
            "after" => {
                let (first, then) = rest.split_once(" => ")?;
                Self::After(first.to_owned(), then.to_owned())
            }
            _ => return None,
        };
        Some(asked)
    }

    pub(super) fn holds(&self, seen: &Seen) -> bool {
        match self {
            Self::Publishes(wanted) => {
                let mut there: Vec<_> = seen.platforms().into_iter().map(|(p, _)| p).collect();
                let mut wanted = wanted.clone();
                there.sort();
                wanted.sort();
                seen.analysis.verdict.kind == VerdictKind::Publishes
                    && seen.published == wanted.len()
                    && there == wanted
            }
            Self::Passes => seen.passes == Some(true),
            Self::Native { platform, text } => seen.runs_natively(platform, text),
            Self::Once(text) => {
                let columns = seen.analysis.platforms.len();
                let once = |row: &RowView| row.cells.iter().all(|cell| cell.columns == columns);
                columns > 1 && all_and_some(seen.rows(text), once)
            }
            Self::Machine {
                platform,
                path,
                machine,
            } => seen.machine(platform, path) == Some(machine),
            Self::Without(rule) => !seen.reports(rule),
            Self::Reports(rule) => seen.reports(rule),
            Self::Has(text) => seen.rows(text).next().is_some(),
            Self::Step(text) => seen.succeeds(text).is_some(),
            Self::After(first, then) => {
                let first = seen.succeeds(first);
                let then = seen.last_success(then);
                matches!((first, then), (Some(first), Some(then)) if first < then)
            }
        }
    }
}

impl Seen {
    /// Plays a project as both faces do.
    pub fn of(project: &Project) -> Self {
        let Some(request) = project.job.as_ref().filter(|job| !job.text.is_empty()) else {
            let analysis = analyse(project);
            return Self {
                published: analysis.verdict.published,
                analysis: Rc::new(analysis),
                passes: None,
                steps: Vec::new(),
            };
        };
        let Ok(played) = analyse_job(project, request) else {
            return Self {
                analysis: Rc::new(analysis::refused(Vec::new())),
                published: 0,
                passes: Some(false),
                steps: Vec::new(),
            };
        };
        let run = played.run.as_ref();
        Self {
            analysis: Rc::new(played.told(request, played.diagnostics.clone())),
            published: run.map_or(0, analysis::published),
            passes: Some(run.is_some_and(|run| run.outcome == Outcome::Passes)),
            steps: run.map(|run| run.steps.clone()).unwrap_or_default(),
        }
    }

    /// Each platform of the build, and whether it would be published right.
    pub(super) fn platforms(&self) -> Vec<(String, bool)> {
        let columns = self.analysis.platforms.iter();
        columns
            .map(|column| (column.requested.clone(), column.error.is_none()))
            .collect()
    }

    /// Names of the rules that report errors, each once, in alphabetical order.
    pub(super) fn errors(&self) -> Vec<&'static str> {
        let found = self.analysis.diagnostics.iter();
        let errors: std::collections::BTreeSet<&str> = found
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| finding.rule)
            .collect();
        errors.into_iter().collect()
    }

    /// The CPU that a file of a platform's image is for.
    pub(super) fn machine(&self, platform: &str, path: &str) -> Option<&str> {
        let mut columns = self.analysis.platforms.iter();
        let column = columns.find(|column| column.requested == platform)?;
        let file = column.content.iter().find(|file| file.path == path)?;
        Some(&file.machine)
    }

    fn reports(&self, rule: &str) -> bool {
        let mut found = self.analysis.diagnostics.iter();
        found.any(|finding| finding.rule == rule)
    }

    /// Used instructions with this text.
    fn rows<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a RowView> {
        let used = self.analysis.stages.iter().filter(|stage| stage.used);
        let rows = used.flat_map(|stage| &stage.rows);
        rows.filter(move |row| format!("{} {}", row.keyword, row.text).contains(text))
    }

    fn runs_natively(&self, platform: &str, text: &str) -> bool {
        let mut columns = self.analysis.platforms.iter();
        let Some(at) = columns.position(|column| column.requested == platform) else {
            return false;
        };
        all_and_some(self.rows(text), |row| {
            let mut cells = row.cells.iter();
            let cell = cells.find(|cell| (cell.column..cell.column + cell.columns).contains(&at));
            cell.is_some_and(|cell| cell.state == CellState::Runs(Runs::Native))
        })
    }

    /// Position of the first command with this text that succeeds.
    fn succeeds(&self, text: &str) -> Option<usize> {
        self.steps.iter().position(|step| succeeded(step, text))
    }

    fn last_success(&self, text: &str) -> Option<usize> {
        self.steps.iter().rposition(|step| succeeded(step, text))
    }
}

fn succeeded(step: &Step, text: &str) -> bool {
    step.status == Status::Ok && step.command.contains(text)
}

fn all_and_some<T>(mut all: impl Iterator<Item = T>, holds: impl Fn(T) -> bool) -> bool {
    let Some(first) = all.next() else {
        return false;
    };
    holds(first) && all.all(holds)
}
