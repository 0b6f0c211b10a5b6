//! `polyarch preview`: what each platform gets, before anything is pushed.

use crate::args::preview::Preview;
use crate::error::CliError;
use crate::exit_code::ExitCode;

/// Reads the files, asks core, prints.
pub(crate) fn run(args: &Preview) -> Result<ExitCode, CliError> {
    let _ = (&args.file, &args.context);
    Err(CliError::Usage("this build cannot preview yet".to_owned()))
}
