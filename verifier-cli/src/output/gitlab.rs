//! `--format gitlab`: a code quality report, as GitLab's merge requests show it.

use polyarch_core::diagnostic::{Diagnostic, Severity};
use polyarch_core::digest::Digest;
use serde_json::{Value, json};

use super::outcome::{Outcome, Run, Unreadable};
use super::text::{explanation, heading};

/// The whole document.
pub(super) fn render(run: &Run) -> String {
    let findings = run.outcomes.iter().flat_map(|outcome| {
        outcome.report.findings.iter().map(|finding| {
            let diagnostic = &finding.diagnostic;
            let severity = match &finding.waived {
                Some(_) => "info",
                None => severity(diagnostic.severity, finding.inconclusive),
            };
            json!({
                "description": format!("{}: {}", heading(diagnostic), explanation(finding)),
                "check_name": diagnostic.rule,
                "fingerprint": fingerprint(outcome, diagnostic),
                "severity": severity,
                "location": { "path": outcome.reference, "lines": { "begin": 1 } },
            })
        })
    });
    let unreadable = run.unreadable.iter().map(unreadable);
    document(&findings.chain(unreadable).collect::<Vec<Value>>())
}

fn unreadable(unreadable: &Unreadable) -> Value {
    let Unreadable { reference, problem } = unreadable;
    let text = format!("{reference}\nunreadable\n{problem}");
    json!({
        "description": format!("The reference cannot be read: {problem}"),
        "check_name": "unreadable",
        "fingerprint": Digest::sha256(text.as_bytes()).encoded(),
        "severity": "major",
        "location": { "path": reference, "lines": { "begin": 1 } },
    })
}

/// The list of issues as a file.
pub(super) fn document(issues: &[Value]) -> String {
    let mut text = serde_json::to_string_pretty(&issues).unwrap_or_default();
    text.push('\n');
    text
}

/// The word of GitLab for a finding that nothing waives.
pub(super) fn severity(severity: Severity, inconclusive: bool) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "minor",
        Severity::Error if inconclusive => "major",
        Severity::Error => "critical",
    }
}

/// Stays the same from run to run for the same finding of the same reference.
pub(super) fn fingerprint(outcome: &Outcome, diagnostic: &Diagnostic) -> String {
    fingerprint_in(&outcome.reference, diagnostic)
}

/// The same for a finding in anything with a name, such as a file.
pub(super) fn fingerprint_in(place: &str, diagnostic: &Diagnostic) -> String {
    let what = heading(diagnostic);
    let text = format!("{place}\n{what}\n{}", diagnostic.message);
    Digest::sha256(text.as_bytes()).encoded().to_owned()
}
