//! `--format human`: a calm table, then each finding with what, why and next step, then the verdict
//! and the exact thing that it is about.
//!
//! Styles are written always and taken out by the stream where nobody sees them.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use polyarch_core::diagnostic::Severity;
use polyarch_core::verify::{Finding, PlatformVerdict, PlatformVerdictKind, Verdict};

use super::json::subject;
use super::outcome::Outcome;

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const BLUE: Style = AnsiColor::Blue.on_default();
const DIM: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();

/// Text is folded at this width.
const WIDTH: usize = 96;

/// The report of one reference.
pub(crate) fn render(outcome: &Outcome, verbose: bool) -> String {
    let mut out = String::new();
    let report = &outcome.report;
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}\n", outcome.reference);
    if !report.platforms.is_empty() {
        table(&mut out, &report.platforms);
        out.push('\n');
    }
    for finding in &report.findings {
        write_finding(&mut out, finding);
    }
    out.push_str(&closing(outcome));
    if verbose {
        let cost = outcome.cost;
        let _ = writeln!(
            out,
            "{} requests, {} bytes, {} round trips",
            cost.requests, cost.bytes, cost.round_trips
        );
    }
    let (style, word) = verdict_word(report.verdict);
    let _ = writeln!(out, "{style}{word}{style:#} {}", outcome.subject());
    out
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

fn write_finding(out: &mut String, finding: &Finding) {
    let diagnostic = &finding.diagnostic;
    let (style, word) = match (diagnostic.severity, &finding.waived) {
        (_, Some(_)) => (DIM, "waived"),
        (Severity::Error, None) if finding.inconclusive => (YELLOW, "inconclusive"),
        (Severity::Error, None) => (RED, "error"),
        (Severity::Warning, None) => (YELLOW, "warning"),
        (Severity::Info, None) => (BLUE, "info"),
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

/// What the verdict covers, in words.
fn closing(outcome: &Outcome) -> String {
    let mut out = String::new();
    folded(&mut out, "", outcome.report.closing().unwrap_or_default());
    out
}

/// The word of a verdict and its style.
pub(crate) fn verdict_word(verdict: Verdict) -> (Style, &'static str) {
    let style = match verdict {
        Verdict::Pass => GREEN,
        Verdict::Inconclusive => YELLOW,
        Verdict::Fail => RED,
    };
    (style, verdict.word())
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
