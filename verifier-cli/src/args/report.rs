//! `polyarch report`: what is done with reports afterwards.

use std::path::PathBuf;

/// Subcommands of `polyarch report`.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Report {
    /// Make one JSON report of several shards' JSON reports
    Merge {
        /// Files as `polyarch verify --format json=FILE` writes them
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
    /// Print the JSON schema of `polyarch verify --format json`
    Schema,
}
