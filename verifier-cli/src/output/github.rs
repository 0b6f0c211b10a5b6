//! `--format github`: workflow commands that GitHub Actions shows as annotations.

use std::fmt::Write as _;

use polyarch_core::diagnostic::Severity;

use super::outcome::Run;
use super::text::{explanation, heading};

/// One line for each finding and one for each verdict.
pub(super) fn render(run: &Run) -> String {
    let mut out = String::new();
    for outcome in &run.outcomes {
        for finding in &outcome.report.findings {
            let diagnostic = &finding.diagnostic;
            let command = match (diagnostic.severity, &finding.waived) {
                (_, Some(_)) | (Severity::Info, None) => "notice",
                (Severity::Warning, None) => "warning",
                (Severity::Error, None) => "error",
            };
            let title = format!("{} in {}", heading(diagnostic), outcome.reference);
            let _ = writeln!(
                out,
                "::{command} title={}::{}",
                property(&title),
                message(&explanation(finding))
            );
        }
        let _ = writeln!(
            out,
            "::notice title=polyarch verify::{} {}",
            outcome.report.verdict.word(),
            message(outcome.subject())
        );
    }
    for unreadable in &run.unreadable {
        let _ = writeln!(
            out,
            "::error title={}::{}",
            property(&format!("{} cannot be read", unreadable.reference)),
            message(&unreadable.problem)
        );
    }
    out
}

/// Escapes of `actions/toolkit` (`command.ts`) for what stands behind the second `::`.
fn message(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The same for a property.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
