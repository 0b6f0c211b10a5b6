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
            let mut all = Part::default();
            for file in files {
                let part = read(file)?;
                all.results.extend(part.results);
                all.unreadable.extend(part.unreadable);
            }
            merge(&all)
        }
        Report::Schema => {
            output::stdout(output::json_schema())?;
            Ok(ExitCode::Pass)
        }
    }
}

/// What one report holds.
#[derive(Debug, Default)]
struct Part {
    /// Each with a verdict that is known.
    results: Vec<Value>,
    unreadable: Vec<Value>,
}

/// One document with everything in the order of the files; the exit code of one single run.
fn merge(all: &Part) -> Result<ExitCode, CliError> {
    let Part {
        results,
        unreadable,
    } = all;
    let verdicts = results.iter().filter_map(verdict);
    let code = verdicts
        .chain(unreadable.iter().map(|_| ExitCode::Usage))
        .fold(ExitCode::Pass, ExitCode::worst);
    let document = json!({ "schemaVersion": 1, "results": results, "unreadable": unreadable });
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    output::stdout(&text)?;
    Ok(code)
}

fn read(path: &Path) -> Result<Part, CliError> {
    let bytes = std::fs::read(path).map_err(|source| CliError::Read {
        path: path.to_owned(),
        source,
    })?;
    parse(&bytes).map_err(|problem| CliError::Usage(format!("{}: {problem}", path.display())))
}

fn parse(bytes: &[u8]) -> Result<Part, String> {
    let document: Value =
        serde_json::from_slice(bytes).map_err(|error| format!("it is not JSON: {error}"))?;
    if document.get("schemaVersion").and_then(Value::as_u64) != Some(1) {
        return Err("it is not a report of schemaVersion 1".to_owned());
    }
    let Some(Value::Array(results)) = document.get("results") else {
        return Err("it has no list of results".to_owned());
    };
    if results.iter().any(|result| verdict(result).is_none()) {
        return Err("one of its results has no verdict that is known".to_owned());
    }
    let unreadable = match document.get("unreadable") {
        None => Vec::new(),
        Some(Value::Array(unreadable)) => unreadable.clone(),
        Some(_) => return Err("its list of unreadable references is none".to_owned()),
    };
    Ok(Part {
        results: results.clone(),
        unreadable,
    })
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
                (Ok(part), Ok(count)) => assert_eq!(part.results.len(), count, "{text}"),
                (Err(problem), Err(part)) => assert!(problem.contains(part), "{problem}"),
                (got, _) => panic!("{text}: {got:?}"),
            }
        }
    }
}
