//! `polyarch`: shows what a multi-arch build gives before the push and proves it after.
//!
//! This file only joins the arguments, the command and the exit code; the judgement is in
//! `polyarch-core`, everything that touches the world is in the modules below.

mod args;
mod auth;
mod commands;
mod error;
mod exit_code;
mod layer;
mod metadata;
mod output;
mod policy;
mod progress;
mod registry;
mod server;
mod source;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match args::Cli::try_parse() {
        Ok(cli) => match commands::run(cli.command) {
            Ok(code) => code.into(),
            Err(error) => {
                output::stderr(&format!("error: {error}\n"));
                exit_code::ExitCode::Usage.into()
            }
        },
        Err(error) => {
            // Help and version are no errors; a closed pipe while printing them is nobody's fault.
            let is_usage_error = error.use_stderr();
            let _ = error.print();
            if is_usage_error {
                exit_code::ExitCode::Usage.into()
            } else {
                exit_code::ExitCode::Pass.into()
            }
        }
    }
}
