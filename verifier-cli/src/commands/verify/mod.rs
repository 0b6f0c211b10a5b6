//! `polyarch verify`: opens each reference, lets core walk and judge it, prints the reports.

mod demands;
mod others;
mod references;
mod wait;

use std::sync::Arc;

use futures_util::{StreamExt, stream};
use polyarch_core::rules::judge;
use polyarch_core::verify::Report;

use self::demands::Demands;
use self::others::Other;
use self::wait::Waiting;
use super::with_runtime;
use crate::args::format::Output;
use crate::args::verify::Verify;
use crate::auth::keychain::Keychain;
use crate::error::CliError;
use crate::exit_code::ExitCode;
use crate::output;
use crate::output::outcome::{Outcome, Run, Unreadable};
use crate::progress;
use crate::registry::counters::Counters;
use crate::registry::transport::Transport;
use crate::source::{Location, Source, Surroundings, walk};

/// References that are verified at the same time; their requests share `--jobs`.
const AT_A_TIME: usize = 8;

/// Verifies all references to one exit code.
pub(crate) fn run(args: &Verify) -> Result<ExitCode, CliError> {
    let outputs = outputs(args)?;
    let references = references::references(args)?;
    let demands = Demands::new(args)?;
    let around = Surroundings {
        transport: Transport::new(args.transport.options()?),
        keychain: Keychain::from_env(|name| std::env::var(name).ok()),
    };
    let results = with_runtime(async {
        let all = stream::iter(&references)
            .map(|text| verify(text, args, &demands, &around))
            .buffered(AT_A_TIME)
            .collect::<Vec<_>>();
        Ok(progress::during(all).await)
    })?;
    let mut outcomes = Vec::new();
    let mut unreadable = Vec::new();
    for (text, result) in references.iter().zip(results) {
        match result {
            Ok(outcome) => outcomes.push(outcome),
            Err(error) => {
                let problem = error.to_string();
                output::stderr(&format!("error: {text}: {problem}\n"));
                unreadable.push(Unreadable {
                    reference: text.clone(),
                    problem,
                });
            }
        }
    }
    for warning in around.transport.warnings.all() {
        output::stderr(&format!("note: {warning}\n"));
    }
    let run = Run {
        outcomes,
        unreadable,
        policy: demands.policy_file.map(|path| path.display().to_string()),
        verbose: args.verbose,
    };
    for target in &outputs {
        output::write(target, &run)?;
    }
    Ok(run.exit_code())
}

/// Looks once, or with `--wait` until the tag is complete.
async fn verify(
    text: &str,
    args: &Verify,
    demands: &Demands,
    around: &Surroundings,
) -> Result<Outcome, CliError> {
    let location: Location = text.parse()?;
    let counters = Arc::new(Counters::default());
    let mut waiting = Waiting::new(args.wait);
    loop {
        let outcome = look(text, &location, args, demands, around, &counters).await?;
        match waiting.after(&outcome.report) {
            Some(pause) => tokio::time::sleep(pause).await,
            None => return Ok(outcome),
        }
    }
}

async fn look(
    text: &str,
    location: &Location,
    args: &Verify,
    demands: &Demands,
    around: &Surroundings,
    counters: &Arc<Counters>,
) -> Result<Outcome, CliError> {
    let source = Source::open(location, around, counters)?;
    let others = async {
        let mut others = Vec::new();
        for other in &args.same_as {
            others.push(others::fetch(other, around, counters).await?);
        }
        Ok::<Vec<Other>, CliError>(others)
    };
    let depth = demands.depth();
    let (evidence, others) = tokio::join!(walk(&source, depth), others);
    let others = others?;
    let mut report: Report = judge(&evidence, &demands.of(location, &others)?);
    others::add_failures(&mut report, &others);
    if let Some(note) = source.note {
        output::stderr(&format!("note: {text}: {note}\n"));
    }
    let name = &source.name;
    Ok(Outcome {
        reference: text.to_owned(),
        resolved: report
            .digest
            .as_ref()
            .map(|digest| format!("{name}@{digest}")),
        report,
        cost: counters.cost(),
    })
}

/// What to write where: standard output takes one report, and gets the human one if no other.
fn outputs(args: &Verify) -> Result<Vec<Output>, CliError> {
    let mut outputs = args.outputs.clone();
    match outputs
        .iter()
        .filter(|output| output.file.is_none())
        .count()
    {
        0 => outputs.push(Output::HUMAN),
        1 => {}
        _ => {
            return Err(CliError::Usage(
                "only one --format can go to standard output; give the others a file, as in \
                 --format json=report.json"
                    .to_owned(),
            ));
        }
    }
    Ok(outputs)
}
