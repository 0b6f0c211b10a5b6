//! `--format sarif`: findings in the files, as code scanning services show them at their lines.

use polyarch_core::rules::Metadata;
use serde_json::{Value, json};

use super::place::Places;
use super::{Shown, explanation};
use crate::exit_code::ExitCode;
use crate::output::gitlab::fingerprint_in;
use crate::output::sarif::{base_result, document, encoded, used_rules};

/// One run, whatever the number of builds.
pub(crate) fn render(all: &[Shown<'_>]) -> String {
    let names = all.iter().flat_map(|shown| &shown.analysis.diagnostics);
    let used = used_rules(names.map(|found| found.rule));
    let results: Vec<Value> = all.iter().flat_map(|shown| results(shown, &used)).collect();
    let codes = all.iter().map(|shown| shown.code);
    document(
        &used,
        codes.fold(ExitCode::Pass, ExitCode::worst),
        &[],
        &results,
    )
}

fn results(shown: &Shown<'_>, used: &[&'static Metadata]) -> Vec<Value> {
    let places = Places::new(shown);
    let findings = shown.analysis.diagnostics.iter();
    findings
        .map(|found| {
            let spot = places.spot(found);
            let file = spot.as_ref().map_or(shown.main_file(), |spot| &spot.file);
            let fingerprint = fingerprint_in(file, found);
            let mut result = base_result(found, used, &explanation(found), &fingerprint);
            let region = match &spot {
                Some(spot) => json!({ "startLine": spot.line, "startColumn": spot.column }),
                None => json!({ "startLine": 1 }),
            };
            result["locations"] = json!([{ "physicalLocation": {
                "artifactLocation": { "uri": encoded(file) },
                "region": region,
            }}]);
            result
        })
        .collect()
}
