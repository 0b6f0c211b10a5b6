//! What stands above the previews of several bake targets: a line for each.

use std::fmt::Write as _;

use polyarch_core::analysis::VerdictKind;
use polyarch_core::diagnostic::Severity;

use super::Shown;
use super::human::{BOLD, DIM, GREEN, RED, YELLOW};
use crate::output::columns::{self, cut, fit, width_of};

/// The overview with an empty line at its end; nothing where there is one target only.
pub(crate) fn overview(all: &[Shown<'_>]) -> String {
    if all.len() < 2 {
        return String::new();
    }
    text(all, columns::width())
}

fn text(all: &[Shown<'_>], width: usize) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{BOLD}{} targets{BOLD:#}", all.len());
    let names = all
        .iter()
        .map(|shown| width_of(shown.target.unwrap_or_default()));
    let column = names.max().unwrap_or(0).min(24) + 2;
    for shown in all {
        let name = fit(shown.target.unwrap_or_default(), column);
        let (style, what) = verdict(shown);
        let what_fits = fit(&what, 24);
        let left = width.saturating_sub(2 + column + 24 + 2);
        let tags = cut(&shown.project.settings.tags.join(" "), left);
        let line = if tags.is_empty() { what } else { what_fits };
        let _ = writeln!(
            out,
            "  {name}{style}{line}{style:#}{DIM}{}{tags}{DIM:#}",
            if tags.is_empty() { "" } else { "  " }
        );
    }
    out.push('\n');
    out
}

/// What comes of a target, in three words.
fn verdict(shown: &Shown<'_>) -> (anstyle::Style, String) {
    let verdict = &shown.analysis.verdict;
    let platforms = match verdict.requested {
        1 => "1 platform".to_owned(),
        count => format!("{count} platforms"),
    };
    let found = &shown.analysis.diagnostics;
    let errors = found
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .count();
    match verdict.kind {
        VerdictKind::Fails => (RED, format!("{platforms}, fails")),
        VerdictKind::PublishesWrong => (YELLOW, format!("{platforms}, something wrong")),
        _ if errors > 0 => (YELLOW, format!("{platforms}, {errors} errors")),
        _ => (GREEN, format!("{platforms}, good")),
    }
}
