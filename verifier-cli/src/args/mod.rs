//! The command line as `clap` reads it; one file for each command with more than one option.
//!
//! An option is here only when it works: what is not built is not accepted.

mod duration;
pub(crate) mod explain;
pub(crate) mod format;
pub(crate) mod generate;
pub(crate) mod inspect;
pub(crate) mod preview;
pub(crate) mod report;
pub(crate) mod serve;
pub(crate) mod transport;
pub(crate) mod verify;

use clap::{Parser, Subcommand};

/// Shows what a multi-arch build gives on each platform before the push, and proves after the push
/// that every platform is in the tag and right.
#[derive(Debug, Parser)]
#[command(
    name = "polyarch",
    version,
    propagate_version = true,
    max_term_width = 100
)]
#[command(
    after_help = "Exit codes: 0 pass, 1 failed, 2 usage error or unreadable input, 3 inconclusive."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands, in the order of the help page.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Prove that a tag serves every required platform, byte for byte
    Verify(Box<verify::Verify>),
    /// Show what each platform gets, before anything is built
    Preview(Box<preview::Preview>),
    /// Show a tag as a tree, every document fetched and hashed
    Inspect(Box<inspect::Inspect>),
    /// Print a rule's page, or the list of rules
    Explain(explain::Explain),
    /// Write a CI job that builds, pushes and verifies
    Generate(generate::Generate),
    /// Serve the playground from this binary
    Serve(serve::Serve),
    /// Join JSON reports of several runs
    #[command(subcommand)]
    Report(report::Report),
    /// Print a shell's completion script
    Completions {
        /// The shell to print it for
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}
