//! What a job comes to, in one sentence: what it publishes, or where it stops and why.
//!
//! It speaks of the job and what it pushes, not of a build alone. The sentence is English; other
//! languages are made from the kind.

use crate::ci::runner::{Outcome, Run, Status, Step};
use crate::diagnostic::{Diagnostic, Severity};
use crate::platform::Platform;
use crate::rules::{Group, find};

/// The one sentence about a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobVerdict {
    pub kind: JobVerdictKind,
    /// Platforms of the tag with the most of them.
    pub platforms: usize,
    /// Position in [`super::JobAnalysis::diagnostics`] of the finding that decides.
    pub finding: Option<usize>,
    /// The first line of the command at which it stops.
    pub command: Option<String>,
    /// What that command says last.
    pub words: Option<String>,
    pub sentence: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobVerdictKind {
    /// The service would refuse the file.
    Refused,
    /// All is pushed, and nothing grave is known about it.
    Publishes,
    /// It is pushed, and something in it is wrong.
    PublishesWrong,
    /// The job ends well without a push.
    NothingPushed,
    /// It passes or fails by who is faster.
    Timing,
    /// Everything is built, then the registry refuses it.
    PushRefused,
    /// A command fails.
    Stops,
}

/// Rules of this name are about a race.
const RACES: [&str; 2] = ["dind-not-ready", "verify-eventual"];

impl JobVerdict {
    pub(super) fn of(run: Option<&Run>, diagnostics: &[Diagnostic]) -> Self {
        let grave = |d: &&Diagnostic| d.severity == Severity::Error;
        let first = |wanted: &dyn Fn(&Diagnostic) -> bool| {
            diagnostics
                .iter()
                .position(|d| d.severity == Severity::Error && wanted(d))
        };
        let Some(run) = run else {
            let finding = first(&|_| true);
            let said = finding.and_then(|at| diagnostics.get(at));
            let said = said.map_or(String::new(), |d| format!(": {}", clause(&d.message)));
            return Self::new(
                JobVerdictKind::Refused,
                finding,
                format!("The CI service would refuse the file{said}."),
            );
        };
        let platforms: Vec<&[Platform]> =
            run.pushed.iter().map(|p| p.platforms.as_slice()).collect();
        let most = platforms.iter().map(|p| p.len()).max().unwrap_or(0);
        let race = diagnostics.iter().position(|d| RACES.contains(&d.rule));
        if let Some(at) = race {
            let what = if diagnostics[at].rule == "dind-not-ready" {
                "dind may not be ready"
            } else {
                "the registry may still answer for the old tag"
            };
            let mut verdict = Self::new(
                JobVerdictKind::Timing,
                Some(at),
                format!("Depends on timing: {what}."),
            );
            verdict.platforms = most;
            return verdict;
        }
        if run.outcome == Outcome::Fails {
            return Self::failing(run, diagnostics);
        }
        let mut verdict = if most == 0 {
            Self::new(
                JobVerdictKind::NothingPushed,
                None,
                "The job ends well; nothing is pushed.".to_owned(),
            )
        } else if let Some(wrong) = diagnostics.iter().find(grave) {
            let at = diagnostics.iter().position(|d| std::ptr::eq(d, wrong));
            Self::new(
                JobVerdictKind::PublishesWrong,
                at,
                format!(
                    "Publishes {}, but {}.",
                    counted(most),
                    clause(&wrong.message)
                ),
            )
        } else {
            Self::new(
                JobVerdictKind::Publishes,
                None,
                format!("Publishes {}.", counted(most)),
            )
        };
        verdict.platforms = most;
        verdict
    }

    fn new(kind: JobVerdictKind, finding: Option<usize>, sentence: String) -> Self {
        Self {
            kind,
            platforms: 0,
            finding,
            command: None,
            words: None,
            sentence,
        }
    }

    fn failing(run: &Run, diagnostics: &[Diagnostic]) -> Self {
        let waits = |d: &Diagnostic| d.rule == super::told::NOT_STARTED;
        if let Some(at) = diagnostics.iter().position(waits) {
            let sentence = format!("Does not start: {}.", clause(&diagnostics[at].message));
            return Self::new(JobVerdictKind::Stops, Some(at), sentence);
        }
        let mut failed = run.steps.iter().filter(|s| s.status == Status::Failed);
        // A later step that fails on purpose, such as a clean-up, decides nothing.
        let step = failed.find(|s| !s.phase.is_after()).or(run.steps.last());
        let refused = step.is_some_and(|s| s.output.contains("pushing layers"));
        let mut errors = diagnostics
            .iter()
            .enumerate()
            .filter(|(_, d)| d.severity == Severity::Error);
        let decides = |d: &Diagnostic| {
            !refused || find(d.rule).is_some_and(|r| r.metadata().group == Group::Push)
        };
        let found = errors.find(|(_, d)| decides(d));
        let command = step.map(command);
        let words = step.and_then(last_words);
        let said = match (&found, &words) {
            (Some((_, d)), _) => clause(&d.message),
            (None, Some(words)) => words.clone(),
            (None, None) => "it fails".to_owned(),
        };
        let sentence = if refused {
            format!("Pushes, then the registry refuses: {said}.")
        } else {
            let at = command.as_deref().unwrap_or("its first command");
            format!("Stops at `{at}`: {said}.")
        };
        let kind = if refused {
            JobVerdictKind::PushRefused
        } else {
            JobVerdictKind::Stops
        };
        Self {
            command,
            words,
            ..Self::new(kind, found.map(|(at, _)| at), sentence)
        }
    }
}

/// The command without its arguments, as far as it is one of Docker's.
fn command(step: &Step) -> String {
    let lines = step.command.lines();
    let mut lines = lines
        .map(str::trim)
        .filter(|l| !l.is_empty() && !l.starts_with('#'));
    let first = lines.next().unwrap_or_default();
    let words: Vec<&str> = first.split_whitespace().collect();
    let short: Vec<&str> = match words.as_slice() {
        [program @ ("docker" | "podman" | "buildah"), rest @ ..] => std::iter::once(*program)
            .chain(rest.iter().copied().take_while(|w| is_verb(w)))
            .collect(),
        _ => words,
    };
    let text = short.join(" ");
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

fn is_verb(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_lowercase()) && !word.is_empty()
}

/// The last line that a step prints.
fn last_words(step: &Step) -> Option<String> {
    let line = step.output.trim_end().lines().next_back()?.trim();
    (!line.is_empty()).then(|| line.trim_end_matches('.').to_owned())
}

/// A message as part of a sentence: without its stop, and small where it begins with a common word.
fn clause(message: &str) -> String {
    let text = message.trim().trim_end_matches('.');
    let common = ["The ", "A ", "An ", "This ", "There ", "No ", "Nothing "];
    if common.iter().any(|word| text.starts_with(word)) {
        let mut characters = text.chars();
        let first = characters.next().map(|c| c.to_ascii_lowercase());
        return first.into_iter().chain(characters).collect();
    }
    text.to_owned()
}

fn counted(platforms: usize) -> String {
    match platforms {
        1 => "1 platform".to_owned(),
        more => format!("{more} platforms"),
    }
}
