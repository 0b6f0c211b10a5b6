//! `--format sarif`: SARIF 2.1.0, as code scanning services read it.
//!
//! An image has no source file: the artifact is the reference as a URI, the logical location the
//! platform and the digest.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use polyarch_core::diagnostic::{Diagnostic, Severity};
use polyarch_core::rules::{self, Metadata, Rule};
use polyarch_core::verify::Finding;
use serde_json::{Value, json};

use super::outcome::{Outcome, Run, Unreadable};
use super::text::{explanation, subject};
use crate::exit_code::ExitCode;

/// The whole document.
pub(super) fn render(run: &Run) -> String {
    let outcomes = &run.outcomes;
    let names = outcomes.iter().flat_map(|o| &o.report.findings);
    let used = used_rules(names.map(|finding| finding.diagnostic.rule));
    let results: Vec<Value> = outcomes
        .iter()
        .flat_map(|outcome| {
            let findings = outcome.report.findings.iter();
            findings.map(|finding| result(outcome, finding, &used))
        })
        .collect();
    let unreadable: Vec<Value> = run.unreadable.iter().map(notification).collect();
    document(&used, run.exit_code(), &unreadable, &results)
}

/// What kept polyarch from looking at a reference; not a result, since nothing was looked at.
fn notification(unreadable: &Unreadable) -> Value {
    json!({
        "level": "error",
        "message": { "text": format!("{}: {}", unreadable.reference, unreadable.problem) },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(&unreadable.reference) },
            },
        }],
    })
}

/// The frame that every run has: the tool with the rules it used, how it ended, what kept it from
/// its work, the results.
pub(super) fn document(
    used: &[&'static Metadata],
    code: ExitCode,
    notifications: &[Value],
    results: &[Value],
) -> String {
    let mut document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "polyarch",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": used.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "invocations": [{
                "executionSuccessful": !matches!(code, ExitCode::Inconclusive | ExitCode::Usage),
                "exitCode": code.number(),
            }],
            "results": results,
        }],
    });
    if !notifications.is_empty() {
        let invocation = &mut document["runs"][0]["invocations"][0];
        invocation["toolExecutionNotifications"] = json!(notifications);
    }
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// The rules of these names, in the order of the list of all rules.
pub(super) fn used_rules<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'static Metadata> {
    let names: BTreeSet<&str> = names.collect();
    let all = rules::all().map(Rule::metadata);
    all.filter(|rule| names.contains(rule.name)).collect()
}

/// A result without place: rule, level, text, and what tells it from others in the next run.
pub(super) fn base_result(
    diagnostic: &Diagnostic,
    used: &[&'static Metadata],
    text: &str,
    fingerprint: &str,
) -> Value {
    let mut result = json!({
        "ruleId": diagnostic.rule,
        "level": level(diagnostic.severity),
        "message": { "text": text },
        "partialFingerprints": { "polyarch/v1": fingerprint },
    });
    if let Some(index) = used.iter().position(|rule| rule.name == diagnostic.rule) {
        result["ruleIndex"] = json!(index);
    }
    result
}

fn descriptor(rule: &Metadata) -> Value {
    json!({
        "id": rule.name,
        "shortDescription": { "text": rule.title },
        "help": { "text": rule.page(), "markdown": rule.page() },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn result(outcome: &Outcome, finding: &Finding, used: &[&'static Metadata]) -> Value {
    let diagnostic = &finding.diagnostic;
    let platform = diagnostic.platform().map(ToString::to_string);
    let parts = [
        Some(outcome.subject().to_owned()),
        platform,
        subject(diagnostic),
    ];
    let place: Vec<String> = parts.into_iter().flatten().collect();
    let fingerprint = super::gitlab::fingerprint(outcome, diagnostic);
    let mut result = base_result(diagnostic, used, &explanation(finding), &fingerprint);
    result["locations"] = json!([{
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&outcome.reference) },
            "region": { "startLine": 1 },
        },
        "logicalLocations": [{ "fullyQualifiedName": place.join(" ") }],
    }]);
    if let Some(reason) = &finding.waived {
        result["suppressions"] = json!([{ "kind": "external", "justification": reason }]);
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A reference as a URI: `oci://host/name:tag`, or the scheme that it already has.
fn uri(reference: &str) -> String {
    let has_scheme = ["oci-layout:", "oci-archive:", "docker-archive:"]
        .iter()
        .any(|scheme| reference.starts_with(scheme));
    let text = match reference {
        "-" => return "stdin:".to_owned(),
        _ if has_scheme => reference.to_owned(),
        _ => format!("oci://{reference}"),
    };
    encoded(&text)
}

/// With everything percent-encoded that a URI or a path in one does not hold as it is.
pub(super) fn encoded(text: &str) -> String {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/@+,=".contains(&b);
    text.bytes().fold(String::new(), |mut uri, byte| {
        if is_plain(byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
        uri
    })
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn references_become_uris() {
        for (reference, expected) in [
            ("127.0.0.1:5000/app:1", "oci://127.0.0.1:5000/app:1"),
            ("oci-layout:my dir:v1", "oci-layout:my%20dir:v1"),
            ("[::1]:5000/app", "oci://%5B::1%5D:5000/app"),
            ("-", "stdin:"),
        ] {
            assert_eq!(uri(reference), expected);
        }
    }
}
