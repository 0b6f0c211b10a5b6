//! One file for each command; this one only dispatches.

mod completions;
mod explain;
mod generate;
mod inspect;
mod preview;
mod report;
mod serve;
mod verify;

use crate::args::Command;
use crate::error::CliError;
use crate::exit_code::ExitCode;

/// Runs a command to its exit code.
pub(crate) fn run(command: Command) -> Result<ExitCode, CliError> {
    match command {
        Command::Verify(args) => verify::run(&args),
        Command::Preview(args) => preview::run(&args),
        Command::Inspect(args) => inspect::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Generate(args) => generate::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Completions { shell } => completions::completions(shell),
        Command::Man => completions::man(),
    }
}

/// Runs a future on a runtime of its own; nothing is set up for commands that need none.
fn with_runtime<T>(future: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CliError::Runtime)?
        .block_on(future)
}
