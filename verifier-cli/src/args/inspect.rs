//! `polyarch inspect`: what to look at and how to show it.

use polyarch_core::platform::Platform;
use polyarch_core::verify::Client;

use super::transport::Transport;

/// Options of `polyarch inspect`.
#[derive(Debug, clap::Args)]
pub(crate) struct Inspect {
    /// As for `polyarch verify`
    #[arg(value_name = "REF")]
    pub(crate) reference: String,
    /// Show this platform alone
    #[arg(long, value_name = "P")]
    pub(crate) platform: Option<Platform>,
    /// Say which child a client pulls, or the error that it prints: a platform, apple-silicon,
    /// raspberry-pi-os-32, raspberry-pi-os-64, raspberry-pi-zero, graviton, amd64-node,
    /// riscv64-board, windows-server-2022, windows-server-2025
    #[arg(long = "as", value_name = "CLIENT", conflicts_with = "platform")]
    pub(crate) client: Option<Client>,
    /// A tree, its JSON, or the document's exact bytes
    #[arg(long, value_enum, default_value_t = InspectFormat::Human)]
    pub(crate) format: InspectFormat,
    #[command(flatten)]
    pub(crate) transport: Transport,
}

/// Formats of `polyarch inspect`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum InspectFormat {
    Human,
    Json,
    Raw,
}
