//! `polyarch verify`: opens each reference, lets core walk and judge it, prints the reports.

use std::sync::Arc;

use futures_util::{StreamExt, stream};
use polyarch_core::rules::judge;
use polyarch_core::verify::Expectation;

use super::with_runtime;
use crate::args::format::{Format, Output};
use crate::args::verify::Verify;
use crate::auth::keychain::Keychain;
use crate::error::CliError;
use crate::exit_code::ExitCode;
use crate::output::outcome::Outcome;
use crate::output::{self, human, json};
use crate::registry::counters::Counters;
use crate::registry::transport::Transport;
use crate::source::{Location, Source, Surroundings, walk};

/// References that are verified at the same time; their requests share `--jobs`.
const AT_A_TIME: usize = 8;

/// Verifies all references to one exit code.
pub(crate) fn run(args: &Verify) -> Result<ExitCode, CliError> {
    check_outputs(&args.outputs)?;
    let locations: Vec<(String, Location)> = args
        .references
        .iter()
        .map(|text| Ok((text.clone(), text.parse()?)))
        .collect::<Result<_, CliError>>()?;
    let expectation = expectation(args);
    let around = Surroundings {
        transport: Transport::new(args.transport.options()?),
        keychain: Keychain::from_env(|name| std::env::var(name).ok()),
    };
    let results = with_runtime(async {
        Ok(stream::iter(&locations)
            .map(|(text, location)| verify_one(text, location, &expectation, &around))
            .buffered(AT_A_TIME)
            .collect::<Vec<_>>()
            .await)
    })?;
    let mut code = ExitCode::Pass;
    let mut outcomes = Vec::new();
    for result in results {
        match result {
            Ok(outcome) => {
                code = code.worst(outcome.exit_code());
                outcomes.push(outcome);
            }
            Err(error) => {
                code = code.worst(ExitCode::Usage);
                output::stderr(&format!("error: {error}\n"));
            }
        }
    }
    for warning in around.transport.warnings.all() {
        output::stderr(&format!("note: {warning}\n"));
    }
    if !outcomes.is_empty() {
        write(&args.outputs, &outcomes, args.verbose)?;
    }
    Ok(code)
}

async fn verify_one(
    text: &str,
    location: &Location,
    expectation: &Expectation,
    around: &Surroundings,
) -> Result<Outcome, CliError> {
    let counters = Arc::new(Counters::default());
    let source = Source::open(location, around, &counters)?;
    let evidence = walk(&source, expectation.depth).await;
    let report = judge(&evidence, expectation);
    Ok(Outcome {
        reference: text.to_owned(),
        resolved: report
            .digest
            .as_ref()
            .map(|digest| format!("{}@{digest}", source.name)),
        report,
        cost: counters.cost(),
    })
}

fn expectation(args: &Verify) -> Expectation {
    let base = if args.platforms.is_empty() {
        Expectation::default()
    } else {
        Expectation::of(args.platforms.clone())
    };
    Expectation {
        exact: args.exact,
        strict: args.strict,
        ..base
    }
}

/// Standard output takes one report.
fn check_outputs(outputs: &[Output]) -> Result<(), CliError> {
    if outputs
        .iter()
        .filter(|output| output.file.is_none())
        .count()
        > 1
    {
        return Err(CliError::Usage(
            "only one --format can go to standard output; give the others a file, as in \
             --format json=report.json"
                .to_owned(),
        ));
    }
    Ok(())
}

fn write(outputs: &[Output], outcomes: &[Outcome], verbose: bool) -> Result<(), CliError> {
    for output in outputs {
        let text = match output.format {
            Format::Human => human(outcomes, verbose),
            Format::Json => json::render(outcomes),
        };
        match &output.file {
            Some(path) => output::file(path, &text)?,
            None => output::stdout(&text)?,
        }
    }
    Ok(())
}

fn human(outcomes: &[Outcome], verbose: bool) -> String {
    let blocks: Vec<String> = outcomes
        .iter()
        .map(|outcome| human::render(outcome, verbose))
        .collect();
    blocks.join("\n")
}
