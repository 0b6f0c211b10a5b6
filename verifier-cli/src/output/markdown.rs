//! `--format markdown`: a job summary.

use std::fmt::Write as _;

use polyarch_core::verify::Finding;

use super::capped::{Shown, capped};
use super::outcome::{Outcome, Run};
use super::text::{explanation, summary, weight};

/// The whole text.
pub(super) fn render(run: &Run) -> String {
    let mut out = String::new();
    if run.outcomes.len() > 1 {
        let _ = writeln!(out, "{}\n", summary(run));
    }
    for outcome in &run.outcomes {
        one(&mut out, outcome);
    }
    for unreadable in &run.unreadable {
        let (reference, problem) = (code(&unreadable.reference), cell(&unreadable.problem));
        let _ = writeln!(out, "### UNREADABLE {reference}\n\n{problem}\n");
    }
    if let Some(policy) = &run.policy {
        let _ = writeln!(out, "Policy: {}", code(policy));
    }
    out
}

fn one(out: &mut String, outcome: &Outcome) {
    let report = &outcome.report;
    let _ = writeln!(
        out,
        "### {} {}\n\n{}\n",
        report.verdict.word(),
        code(&outcome.reference),
        code(outcome.subject())
    );
    if !report.platforms.is_empty() {
        out.push_str("| Platform | Verdict | Digest |\n|---|---|---|\n");
        for platform in &report.platforms {
            let digest = platform
                .digest
                .as_ref()
                .map_or("", |digest| digest.as_str());
            let _ = writeln!(
                out,
                "| {} | {} | {} |",
                cell(&platform.platform.to_string()),
                platform.verdict.as_str(),
                if digest.is_empty() {
                    String::new()
                } else {
                    code(digest)
                }
            );
        }
        out.push('\n');
    }
    for shown in capped(report.findings.iter()) {
        match shown {
            Shown::Finding(finding) => item(out, finding),
            Shown::More(more) => {
                let _ = writeln!(out, "- {more}");
            }
        }
    }
    if !report.findings.is_empty() {
        out.push('\n');
    }
    if let Some(closing) = outcome.report.closing() {
        let _ = writeln!(out, "{closing}\n");
    }
}

fn item(out: &mut String, finding: &Finding) {
    let diagnostic = &finding.diagnostic;
    let platform = diagnostic
        .platform()
        .map(|p| format!(" {}", cell(&p.to_string())));
    let _ = write!(
        out,
        "- **{}** {}{}: ",
        weight(finding),
        code(diagnostic.rule),
        platform.unwrap_or_default()
    );
    let lines: Vec<String> = explanation(finding).lines().map(cell).collect();
    let _ = writeln!(out, "{}", lines.join("  \n  "));
}

/// Text as code; a back-tick inside would end it.
fn code(text: &str) -> String {
    format!(
        "`{}`",
        text.replace('`', "'")
            .replace('|', "\\|")
            .replace('\n', " ")
    )
}

/// Text that cannot start a link, a tag or a cell.
fn cell(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if matches!(c, '\\' | '|' | '<' | '>' | '[' | ']' | '*' | '_') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
