//! `--format json`: a stable shape for programs. Keys may be added, none changes its meaning.

use polyarch_core::verify::{Finding, PlatformVerdict};
use serde::Serialize;

use super::outcome::Outcome;
use super::text::subject;

/// The whole document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    schema_version: u32,
    results: Vec<JsonResult<'a>>,
}

#[derive(Debug, Serialize)]
struct JsonResult<'a> {
    reference: &'a str,
    resolved: Option<&'a str>,
    verdict: &'static str,
    platforms: Vec<JsonPlatform>,
    findings: Vec<JsonFinding<'a>>,
    requests: u64,
    bytes: u64,
    depth: &'static str,
}

#[derive(Debug, Serialize)]
struct JsonPlatform {
    platform: String,
    digest: Option<String>,
    verdict: &'static str,
}

#[derive(Debug, Serialize)]
struct JsonFinding<'a> {
    rule: &'a str,
    severity: &'static str,
    platform: Option<String>,
    subject: Option<String>,
    message: &'a str,
    waived: Option<&'a str>,
}

/// The document for all references, with a line feed at its end.
pub(crate) fn render(outcomes: &[Outcome]) -> String {
    let document = Document {
        schema_version: 1,
        results: outcomes.iter().map(JsonResult::of).collect(),
    };
    // Maps with text keys and plain values always serialise.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

impl<'a> JsonResult<'a> {
    fn of(outcome: &'a Outcome) -> Self {
        let report = &outcome.report;
        Self {
            reference: &outcome.reference,
            resolved: outcome.resolved.as_deref(),
            verdict: report.verdict.as_str(),
            platforms: report.platforms.iter().map(JsonPlatform::of).collect(),
            findings: report.findings.iter().map(JsonFinding::of).collect(),
            requests: outcome.cost.requests,
            bytes: outcome.cost.bytes,
            depth: report.depth.as_str(),
        }
    }
}

impl JsonPlatform {
    fn of(verdict: &PlatformVerdict) -> Self {
        Self {
            platform: verdict.platform.to_string(),
            digest: verdict.digest.as_ref().map(ToString::to_string),
            verdict: verdict.verdict.as_str(),
        }
    }
}

impl<'a> JsonFinding<'a> {
    fn of(finding: &'a Finding) -> Self {
        let diagnostic = &finding.diagnostic;
        Self {
            rule: diagnostic.rule,
            severity: diagnostic.severity.as_str(),
            platform: diagnostic.platform().map(ToString::to_string),
            subject: subject(diagnostic),
            message: &diagnostic.message,
            waived: finding.waived.as_deref(),
        }
    }
}
