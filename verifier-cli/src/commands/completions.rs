//! `polyarch completions` and `polyarch man`: both made from the definitions in `args`.

use clap::CommandFactory;

use crate::args::Cli;
use crate::error::CliError;
use crate::exit_code::ExitCode;
use crate::output;

/// The completion script of one shell.
pub(crate) fn completions(shell: clap_complete::Shell) -> Result<ExitCode, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "polyarch", &mut script);
    print(&script)
}

/// `polyarch.1`.
pub(crate) fn man() -> Result<ExitCode, CliError> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command())
        .render(&mut page)
        .map_err(CliError::Stdout)?;
    print(&page)
}

fn print(bytes: &[u8]) -> Result<ExitCode, CliError> {
    output::stdout(&String::from_utf8_lossy(bytes))?;
    Ok(ExitCode::Pass)
}
