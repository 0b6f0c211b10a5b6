//! One file for each command; this one only dispatches.

mod completions;
mod preview;
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
        Command::Serve(args) => serve::run(&args),
        Command::Completions { shell } => completions::completions(shell),
        Command::Man => completions::man(),
    }
}
