//! What makes a command end with exit code 2: a usage error, or an input that cannot be read.
//!
//! Findings and failed requests are no errors in this sense; they are part of the report.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// One sentence of what and why, and the next step where there is one.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    #[error("cannot read {}: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("cannot write {}: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("cannot write to standard output: {0}")]
    Stdout(io::Error),
    #[error("cannot listen on {address}: {source}; choose another with --addr")]
    Listen {
        address: SocketAddr,
        source: io::Error,
    },
    #[error("cannot start the runtime that waits for the network: {0}")]
    Runtime(io::Error),
    #[error(
        "`{text}` is not an image reference: {source}; expected something like `ghcr.io/org/app:1.0`, `host:5000/app@sha256:…` or `oci-layout:DIR`"
    )]
    Reference {
        text: String,
        source: polyarch_core::reference::ParseError,
    },
    #[error("{0}")]
    Usage(String),
}
