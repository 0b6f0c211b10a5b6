//! `--format json`: a stable shape for programs. Keys may be added, none changes its meaning.

use polyarch_core::verify::{Finding, PlatformVerdict};
use serde::Serialize;

use super::outcome::{Outcome, Run};
use super::text::subject;

/// The whole document.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    /// The shape that this document has; keys may be added within it.
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    schema_version: u32,
    /// One for each reference, in the order in which they were given.
    results: Vec<JsonResult<'a>>,
    /// References that could not be read at all, in the same order; the exit code is then 2.
    unreadable: Vec<JsonUnreadable<'a>>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct JsonUnreadable<'a> {
    /// As the user wrote it.
    reference: &'a str,
    message: &'a str,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct JsonResult<'a> {
    /// As the user wrote it.
    reference: &'a str,
    /// `name@sha256:…`, the exact thing that was verified; null if nothing was received.
    resolved: Option<&'a str>,
    #[cfg_attr(test, schemars(extend("enum" = ["pass", "fail", "inconclusive"])))]
    verdict: &'static str,
    /// Required platforms first, then the others that the tag has.
    platforms: Vec<JsonPlatform>,
    findings: Vec<JsonFinding<'a>>,
    /// All HTTP requests: HEAD, retries, redirects and tokens too.
    requests: u64,
    /// All body bytes received.
    bytes: u64,
    #[cfg_attr(test, schemars(extend("enum" = ["default", "deep-shared", "deep"])))]
    depth: &'static str,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct JsonPlatform {
    platform: String,
    /// Null if the tag has no image for it.
    digest: Option<String>,
    #[cfg_attr(test, schemars(extend("enum" = ["pass", "fail", "inconclusive", "missing"])))]
    verdict: &'static str,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct JsonFinding<'a> {
    /// See `polyarch explain`.
    rule: &'a str,
    #[cfg_attr(test, schemars(extend("enum" = ["error", "warning", "info"])))]
    severity: &'static str,
    platform: Option<String>,
    /// The digest, path or reference that it is about.
    subject: Option<String>,
    message: &'a str,
    /// The reason of the waiver that covers it; it then no longer counts.
    waived: Option<&'a str>,
}

/// The document for all references, with a line feed at its end.
pub(crate) fn render(run: &Run) -> String {
    let unreadable = run.unreadable.iter().map(|unreadable| JsonUnreadable {
        reference: &unreadable.reference,
        message: &unreadable.problem,
    });
    let document = Document {
        schema_version: 1,
        results: run.outcomes.iter().map(JsonResult::of).collect(),
        unreadable: unreadable.collect(),
    };
    // Maps with text keys and plain values always serialise.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// The schema of [`render`]'s document, as it is committed.
pub(crate) const SCHEMA: &str = include_str!("report.schema.json");

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

#[cfg(test)]
mod tests {
    use super::*;

    /// `UPDATE_EXPECT=1 cargo test -p polyarch schema` writes it anew.
    #[test]
    fn the_committed_schema_is_that_of_the_types() {
        let schema = schemars::schema_for!(Document<'static>);
        let mut text = serde_json::to_string_pretty(&schema).unwrap();
        text.push('\n');
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/output/report.schema.json");
            std::fs::write(path, &text).unwrap();
            return;
        }
        assert_eq!(text, SCHEMA, "run again with UPDATE_EXPECT=1");
    }
}
