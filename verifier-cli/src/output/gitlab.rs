//! `--format gitlab`: a code quality report, as GitLab's merge requests show it.

use polyarch_core::diagnostic::{Diagnostic, Severity};
use polyarch_core::digest::Digest;
use serde_json::{Value, json};

use super::outcome::Outcome;
use super::text::{explanation, heading};

/// The whole document.
pub(super) fn render(outcomes: &[Outcome]) -> String {
    let issues: Vec<Value> = outcomes
        .iter()
        .flat_map(|outcome| {
            outcome.report.findings.iter().map(|finding| {
                let diagnostic = &finding.diagnostic;
                let severity = match (diagnostic.severity, &finding.waived) {
                    (_, Some(_)) | (Severity::Info, None) => "info",
                    (Severity::Warning, None) => "minor",
                    (Severity::Error, None) if finding.inconclusive => "major",
                    (Severity::Error, None) => "critical",
                };
                json!({
                    "description": format!("{}: {}", heading(diagnostic), explanation(finding)),
                    "check_name": diagnostic.rule,
                    "fingerprint": fingerprint(outcome, diagnostic),
                    "severity": severity,
                    "location": { "path": outcome.reference, "lines": { "begin": 1 } },
                })
            })
        })
        .collect();
    let mut text = serde_json::to_string_pretty(&issues).unwrap_or_default();
    text.push('\n');
    text
}

/// Stays the same from run to run for the same finding of the same reference.
pub(super) fn fingerprint(outcome: &Outcome, diagnostic: &Diagnostic) -> String {
    let what = heading(diagnostic);
    let text = format!("{}\n{what}\n{}", outcome.reference, diagnostic.message);
    Digest::sha256(text.as_bytes()).encoded().to_owned()
}
