//! `--format gitlab`: findings in the files as a code quality report.

use serde_json::{Value, json};

use super::place::Places;
use super::{Shown, explanation};
use crate::output::gitlab::{document, fingerprint_in, severity};

/// One list of issues, whatever the number of builds.
pub(crate) fn render(all: &[Shown<'_>]) -> String {
    let issues: Vec<Value> = all.iter().flat_map(issues).collect();
    document(&issues)
}

fn issues(shown: &Shown<'_>) -> Vec<Value> {
    let places = Places::new(shown);
    let findings = shown.analysis.diagnostics.iter();
    findings
        .map(|found| {
            let spot = places.spot(found);
            let file = spot.as_ref().map_or(shown.main_file(), |spot| &spot.file);
            json!({
                "description": format!("{}: {}", found.rule, explanation(found)),
                "check_name": found.rule,
                "fingerprint": fingerprint_in(file, found),
                "severity": severity(found.severity, false),
                "location": {
                    "path": file,
                    "lines": { "begin": spot.as_ref().map_or(1, |spot| spot.line) },
                },
            })
        })
        .collect()
}
