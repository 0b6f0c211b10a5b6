//! A preview for people: the verdict, a column for each platform, the findings.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use polyarch_core::analysis::{DocumentKind, JobVerdict, JobVerdictKind, VerdictKind};
use polyarch_core::diagnostic::{Diagnostic, Severity};

use super::Shown;
use super::loom;
use super::place::Places;
use crate::output::columns::{self, cut, fit, plain, width_of, wrap};

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const GREEN: Style = AnsiColor::Green.on_default();
pub(super) const YELLOW: Style = AnsiColor::Yellow.on_default();
pub(super) const RED: Style = AnsiColor::Red.on_default();

/// The whole preview, as wide as the terminal.
pub(crate) fn render(shown: &Shown<'_>) -> String {
    text(shown, columns::width())
}

/// The whole preview for a width.
pub(super) fn text(shown: &Shown<'_>, width: usize) -> String {
    let mut out = String::new();
    if let Some(target) = shown.target {
        let target = cut(&format!("Target {target}"), width);
        let _ = writeln!(out, "{BOLD}{target}{BOLD:#}");
    }
    super::job::human(shown, &mut out);
    verdict(shown, &mut out);
    if !shown.only_findings {
        loom::render(shown, width, &mut out);
        loom::alternatives(shown, width, &mut out);
        loom::content(shown, width, &mut out);
        documents(shown, &mut out);
    }
    findings(shown, width, &mut out);
    out
}

fn verdict(shown: &Shown<'_>, out: &mut String) {
    if let Some(job) = shown.job {
        return job_verdict(&job.verdict, out);
    }
    let verdict = &shown.analysis.verdict;
    let (style, text) = match verdict.kind {
        VerdictKind::Publishes => (
            GREEN,
            format!(
                "{} of {} platforms would be published",
                verdict.published, verdict.requested
            ),
        ),
        VerdictKind::PublishesWrong => (
            YELLOW,
            format!(
                "{} of {} platforms would be published, and something in them is wrong",
                verdict.published, verdict.requested
            ),
        ),
        VerdictKind::Fails => (RED, "The build fails; nothing is published".to_owned()),
        VerdictKind::NothingPushed => (GREEN, "The build succeeds; nothing is pushed".to_owned()),
    };
    let _ = writeln!(out, "{BOLD}{style}{text}{style:#}{BOLD:#}");
    if let Some(error) = &verdict.error {
        let _ = writeln!(out, "  ERROR: failed to build: {error}");
    }
}

/// The sentence about the job, which the build alone does not decide.
fn job_verdict(verdict: &JobVerdict, out: &mut String) {
    let style = match verdict.kind {
        JobVerdictKind::Publishes | JobVerdictKind::NothingPushed => GREEN,
        JobVerdictKind::PublishesWrong | JobVerdictKind::Timing => YELLOW,
        JobVerdictKind::Refused | JobVerdictKind::PushRefused | JobVerdictKind::Stops => RED,
    };
    let _ = writeln!(out, "{BOLD}{style}{}{style:#}{BOLD:#}", verdict.sentence);
}

fn documents(shown: &Shown<'_>, out: &mut String) {
    let documents = &shown.analysis.documents;
    if documents.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}In the registry{BOLD:#}");
    let (attestations, images): (Vec<_>, Vec<_>) = documents.iter().partition(|document| {
        matches!(
            document.kind,
            DocumentKind::AttestationManifest | DocumentKind::AttestationConfig
        )
    });
    for document in images {
        let kind = document.kind.as_str();
        let platform = document.platform.as_ref();
        let platform = fit(&platform.map_or(String::new(), ToString::to_string), 16);
        let size = document.text.len();
        let digest = if document.simulated {
            "digest depends on the build".to_owned()
        } else {
            document.digest.short()
        };
        let _ = writeln!(
            out,
            "  {kind:21}{platform}{size:>6} B  {DIM}{digest}{DIM:#}"
        );
    }
    if !attestations.is_empty() {
        let size: usize = attestations
            .iter()
            .map(|document| document.text.len())
            .sum();
        let what = format!("attestations, {} documents", attestations.len());
        let _ = writeln!(out, "  {what:37}{size:>6} B");
    }
}

fn findings(shown: &Shown<'_>, width: usize, out: &mut String) {
    let diagnostics = &shown.analysis.diagnostics;
    if diagnostics.is_empty() {
        out.push_str("\nNo findings.\n");
        return;
    }
    let places = Places::new(shown);
    let _ = writeln!(out, "\n{BOLD}Findings{BOLD:#}");
    for found in diagnostics {
        finding(found, &places, width, out);
    }
    let count = |severity| {
        diagnostics
            .iter()
            .filter(|d| d.severity == severity)
            .count()
    };
    let counted = |severity, noun: &str| {
        let count = count(severity);
        format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
    };
    let _ = writeln!(
        out,
        "\n{}, {}, {}",
        counted(Severity::Error, "error"),
        counted(Severity::Warning, "warning"),
        counted(Severity::Info, "note")
    );
}

fn finding(found: &Diagnostic, places: &Places<'_>, width: usize, out: &mut String) {
    let style = match found.severity {
        Severity::Error => RED,
        Severity::Warning => YELLOW,
        Severity::Info => DIM,
    };
    let place = places.spot(found).map_or(String::new(), |spot| {
        format!("{}:{}:{} ", plain(&spot.file), spot.line, spot.column)
    });
    let platform = found
        .platform()
        .map_or(String::new(), |p| format!(" on {p}"));
    let severity = found.severity.as_str();
    let taken = width_of(severity) + 1 + width_of(&place) + found.rule.len() + width_of(&platform);
    // A long path has a line of its own.
    let (before, behind) = if taken > width {
        ("", format!("\n  {}", place.trim_end()))
    } else {
        (place.as_str(), String::new())
    };
    let _ = writeln!(
        out,
        "{style}{severity}{style:#} {before}{BOLD}{}{BOLD:#}{platform}{behind}",
        found.rule
    );
    for text in [found.message.as_str(), &found.why, &found.next] {
        for line in wrap(text, width - 2) {
            let _ = writeln!(out, "  {line}");
        }
    }
}
