//! `polyarch report`: joins the reports of shards, and prints the schema of a report.

use std::path::Path;

use serde_json::{Value, json};

use crate::args::report::Report;
use crate::error::CliError;
use crate::exit_code::ExitCode;
use crate::output;

/// Runs a subcommand.
pub(crate) fn run(args: &Report) -> Result<ExitCode, CliError> {
    match args {
        Report::Merge { files } => {
            let mut results = Vec::new();
            for file in files {
                results.extend(read(file)?);
            }
            merge(&results)
        }
        Report::Schema => {
            output::stdout(output::json_schema())?;
            Ok(ExitCode::Pass)
        }
    }
}

/// One document with all results in the order of the files; the exit code of one single run.
fn merge(results: &[Value]) -> Result<ExitCode, CliError> {
    let code = results
        .iter()
        .filter_map(verdict)
        .fold(ExitCode::Pass, ExitCode::worst);
    let document = json!({ "schemaVersion": 1, "results": results });
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    output::stdout(&text)?;
    Ok(code)
}

/// The results of one file, each with a verdict that is known.
fn read(path: &Path) -> Result<Vec<Value>, CliError> {
    let bytes = std::fs::read(path).map_err(|source| CliError::Read {
        path: path.to_owned(),
        source,
    })?;
    parse(&bytes).map_err(|problem| CliError::Usage(format!("{}: {problem}", path.display())))
}

fn parse(bytes: &[u8]) -> Result<Vec<Value>, String> {
    let document: Value =
        serde_json::from_slice(bytes).map_err(|error| format!("it is not JSON: {error}"))?;
    if document.get("schemaVersion").and_then(Value::as_u64) != Some(1) {
        return Err("it is not a report of schemaVersion 1".to_owned());
    }
    let Some(Value::Array(results)) = document.get("results") else {
        return Err("it has no list of results".to_owned());
    };
    match results.iter().find(|result| verdict(result).is_none()) {
        Some(_) => Err("one of its results has no verdict that is known".to_owned()),
        None => Ok(results.clone()),
    }
}

fn verdict(result: &Value) -> Option<ExitCode> {
    match result.get("verdict")?.as_str()? {
        "pass" => Some(ExitCode::Pass),
        "fail" => Some(ExitCode::Failed),
        "inconclusive" => Some(ExitCode::Inconclusive),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reports_are_merged() {
        for (text, expected) in [
            (
                "{\"schemaVersion\":1,\"results\":[{\"verdict\":\"pass\"}]}",
                Ok(1),
            ),
            ("{\"schemaVersion\":1,\"results\":[]}", Ok(0)),
            (
                "{\"schemaVersion\":2,\"results\":[]}",
                Err("schemaVersion 1"),
            ),
            ("{\"schemaVersion\":1}", Err("no list of results")),
            (
                "{\"schemaVersion\":1,\"results\":[{\"verdict\":\"fine\"}]}",
                Err("no verdict"),
            ),
            ("{\"schemaVersion\":1,\"results\":[{}]}", Err("no verdict")),
            ("", Err("not JSON")),
        ] {
            match (parse(text.as_bytes()), expected) {
                (Ok(results), Ok(count)) => assert_eq!(results.len(), count, "{text}"),
                (Err(problem), Err(part)) => assert!(problem.contains(part), "{problem}"),
                (got, _) => panic!("{text}: {got:?}"),
            }
        }
    }
}
