//! `polyarch preview`: the options of a prediction.

use std::path::PathBuf;

/// Options of `polyarch preview`.
#[derive(Debug, clap::Args)]
pub(crate) struct Preview {
    /// The Dockerfile; `Dockerfile` in the context otherwise
    #[arg(short, long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// The build context
    #[arg(value_name = "CONTEXT_DIR", default_value = ".")]
    pub(crate) context: PathBuf,
}
