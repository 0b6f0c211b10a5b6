//! `polyarch serve`: where to listen and what to offer.

use std::net::SocketAddr;

/// Options of `polyarch serve`.
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    pub(crate) addr: SocketAddr,
    /// Also serve a small read-only registry of good and broken example images under /v2/
    #[arg(long)]
    pub(crate) demo: bool,
    /// Let the page read public images of this registry through this server; repeatable
    #[arg(long = "allow-registry", value_name = "HOST")]
    pub(crate) registries: Vec<String>,
}
