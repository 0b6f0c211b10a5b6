//! `polyarch verify`: what must hold, how to look, and what to print.

use polyarch_core::platform::Platform;

use super::format::Output;
use super::transport::Transport;

/// Options of `polyarch verify`.
#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    /// A tag or digest in a registry, `oci-layout:DIR[:tag]`, `oci-archive:FILE.tar[:tag]`,
    /// `docker-archive:FILE.tar`, or `-` for a document on standard input
    #[arg(value_name = "REF", required = true)]
    pub(crate) references: Vec<String>,
    /// Platforms that must be there [default: linux/amd64,linux/arm64]; repeatable
    #[arg(long = "platform", value_name = "P[,P…]", value_delimiter = ',')]
    pub(crate) platforms: Vec<Platform>,
    /// Any other platform is an error
    #[arg(long)]
    pub(crate) exact: bool,
    /// Warnings count as errors
    #[arg(long)]
    pub(crate) strict: bool,
    /// Output format, to a file or to standard output; repeatable
    #[arg(long = "format", value_name = "F[=FILE]", default_value = "human")]
    pub(crate) outputs: Vec<Output>,
    /// Also print requests, bytes and round trips
    #[arg(short, long)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) transport: Transport,
}
