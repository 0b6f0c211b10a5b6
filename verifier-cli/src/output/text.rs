//! Words that several formats share.

use std::fmt::Write as _;

use polyarch_core::diagnostic::{Diagnostic, Place, Severity};
use polyarch_core::verify::{Finding, Verdict};

use super::outcome::Run;

/// The digest, path or reference that a finding is about.
pub(super) fn subject(diagnostic: &Diagnostic) -> Option<String> {
    match &diagnostic.place {
        Place::Image { subject, .. } => subject.as_ref().map(ToString::to_string),
        Place::Source { .. } | Place::Nowhere => None,
    }
}

/// `rule linux/arm64 sha256:…`: which rule about what.
pub(super) fn heading(diagnostic: &Diagnostic) -> String {
    let platform = diagnostic.platform().map(ToString::to_string);
    let parts = [
        Some(diagnostic.rule.to_owned()),
        platform,
        subject(diagnostic),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The word for a finding's weight.
pub(super) fn weight(finding: &Finding) -> &'static str {
    match (finding.diagnostic.severity, &finding.waived) {
        (_, Some(_)) => "waived",
        (Severity::Error, None) if finding.inconclusive => "inconclusive",
        (severity, None) => severity.as_str(),
    }
}

/// Message, why and next step, and the reason of a waiver, a line each.
pub(super) fn explanation(finding: &Finding) -> String {
    let diagnostic = &finding.diagnostic;
    let mut text = diagnostic.message.clone();
    if let Some(reason) = &finding.waived {
        text.push_str("\nWaived: ");
        text.push_str(reason);
        return text;
    }
    for (label, part) in [("Why", &diagnostic.why), ("Next", &diagnostic.next)] {
        if !part.is_empty() && diagnostic.severity != Severity::Info {
            let _ = write!(text, "\n{label}: {part}");
        }
    }
    text
}

/// `1000 references: 998 passed, 1 failed, 1 inconclusive`.
pub(super) fn summary(run: &Run) -> String {
    let all = run.outcomes.len() + run.unreadable.len();
    let mut text = format!("{all} references: {} passed", run.count(Verdict::Pass));
    for (count, word) in [
        (run.count(Verdict::Fail), "failed"),
        (run.count(Verdict::Inconclusive), "inconclusive"),
        (run.unreadable.len(), "unreadable"),
    ] {
        if count > 0 {
            let _ = write!(text, ", {count} {word}");
        }
    }
    text
}
