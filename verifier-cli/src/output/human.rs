//! `--format human`: a calm table, then each finding with what, why and next step, then the verdict
//! and the exact thing that it is about.
//!
//! Styles are written always and taken out by the stream where nobody sees them.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use polyarch_core::diagnostic::Severity;
use polyarch_core::verify::{Finding, PlatformVerdict, PlatformVerdictKind, Verdict};

use super::capped::{Shown, capped};
use super::outcome::{Outcome, Run};
use super::text::{self, subject};

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const BLUE: Style = AnsiColor::Blue.on_default();
const DIM: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();

/// Text is folded at this width.
const WIDTH: usize = 96;

/// More references than this get a line each, with the findings of those that did not pass.
const MOST_WITH_TABLE: usize = 3;

/// The whole run.
pub(super) fn render(run: &Run) -> String {
    let mut out = String::new();
    if let Some(policy) = &run.policy {
        let _ = writeln!(out, "Policy: {policy}\n");
    }
    let is_long = run.outcomes.len() > MOST_WITH_TABLE;
    for (position, outcome) in run.outcomes.iter().enumerate() {
        if is_long {
            line(&mut out, outcome, run.verbose);
        } else {
            if position > 0 {
                out.push('\n');
            }
            block(&mut out, outcome, run.verbose);
        }
    }
    if is_long {
        let _ = writeln!(out, "{}", text::summary(run));
    }
    out
}

/// One reference on one line, its findings below if there are any that count.
fn line(out: &mut String, outcome: &Outcome, verbose: bool) {
    let verdict = outcome.report.verdict;
    let style = verdict_style(verdict);
    let _ = write!(
        out,
        "{style}{:12}{style:#} {}  {DIM}{}{DIM:#}",
        verdict.word(),
        outcome.reference,
        outcome.report.digest.as_ref().map_or("", |d| d.as_str())
    );
    if verbose {
        let _ = write!(out, "  {}", cost(outcome));
    }
    out.push('\n');
    let is_shown = |finding: &&Finding| finding.counts() || finding.waived.is_some();
    write_findings(out, outcome.report.findings.iter().filter(is_shown));
}

/// One reference with everything.
fn block(out: &mut String, outcome: &Outcome, verbose: bool) {
    let report = &outcome.report;
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}\n", outcome.reference);
    if !report.platforms.is_empty() {
        table(out, &report.platforms);
        out.push('\n');
    }
    write_findings(out, report.findings.iter());
    folded(out, "", outcome.report.closing().unwrap_or_default());
    if verbose {
        let _ = writeln!(out, "{}", cost(outcome));
    }
    let style = verdict_style(report.verdict);
    let word = report.verdict.word();
    let _ = writeln!(out, "{style}{word}{style:#} {}", outcome.subject());
}

fn cost(outcome: &Outcome) -> String {
    let cost = outcome.cost;
    format!(
        "{} requests, {} bytes, {} round trips",
        cost.requests, cost.bytes, cost.round_trips
    )
}

fn table(out: &mut String, platforms: &[PlatformVerdict]) {
    let names: Vec<String> = platforms.iter().map(|p| p.platform.to_string()).collect();
    let width = names.iter().map(String::len).max().unwrap_or(0);
    for (platform, name) in platforms.iter().zip(&names) {
        let (style, word) = match platform.verdict {
            PlatformVerdictKind::Pass => (GREEN, "pass"),
            PlatformVerdictKind::Fail => (RED, "fail"),
            PlatformVerdictKind::Inconclusive => (YELLOW, "inconclusive"),
            PlatformVerdictKind::Missing => (RED, "missing"),
        };
        let digest = platform
            .digest
            .as_ref()
            .map_or("-", |digest| digest.as_str());
        let extra = if platform.required {
            ""
        } else {
            "  (not required)"
        };
        let _ = writeln!(
            out,
            "  {name:width$}  {style}{word:12}{style:#}  {DIM}{digest}{extra}{DIM:#}"
        );
    }
}

fn write_findings<'a>(out: &mut String, findings: impl Iterator<Item = &'a Finding>) {
    for shown in capped(findings) {
        match shown {
            Shown::Finding(finding) => write_finding(out, finding),
            Shown::More(more) => {
                let _ = writeln!(out, "{BOLD}{more}{BOLD:#}\n");
            }
        }
    }
}

fn write_finding(out: &mut String, finding: &Finding) {
    let diagnostic = &finding.diagnostic;
    let word = text::weight(finding);
    let style = match word {
        "error" => RED,
        "warning" | "inconclusive" => YELLOW,
        "info" => BLUE,
        _ => DIM,
    };
    let _ = write!(
        out,
        "{style}{word}{style:#} {BOLD}{}{BOLD:#}",
        diagnostic.rule
    );
    if let Some(platform) = diagnostic.platform() {
        let _ = write!(out, " {platform}");
    }
    if let Some(subject) = subject(diagnostic) {
        let _ = write!(out, " {DIM}{subject}{DIM:#}");
    }
    out.push('\n');
    folded(out, "", &diagnostic.message);
    if let Some(reason) = &finding.waived {
        folded(out, "Waived: ", reason);
    } else if diagnostic.severity != Severity::Info {
        folded(out, "Why: ", &diagnostic.why);
        folded(out, "Next: ", &diagnostic.next);
    }
    out.push('\n');
}

fn verdict_style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Pass => GREEN,
        Verdict::Inconclusive => YELLOW,
        Verdict::Fail => RED,
    }
}

/// A paragraph, indented by two, folded between words; a word that is too long stays whole.
fn folded(out: &mut String, label: &str, text: &str) {
    let mut column = 0;
    for (position, word) in text.split_whitespace().enumerate() {
        let length = word.chars().count();
        if position == 0 {
            let _ = write!(out, "  {label}{word}");
            column = 2 + label.len() + length;
        } else if column + 1 + length > WIDTH {
            let _ = write!(out, "\n  {word}");
            column = 2 + length;
        } else {
            let _ = write!(out, " {word}");
            column += 1 + length;
        }
    }
    if column > 0 {
        out.push('\n');
    }
}
