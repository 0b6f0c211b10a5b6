//! `polyarch serve`: the playground from the binary, with the demo registry and the gateway.

use tokio::net::TcpListener;

use crate::args::serve::Serve;
use crate::error::CliError;
use crate::exit_code::ExitCode;
use crate::output;
use crate::server::{Offer, Server};

/// Serves until the process is ended.
pub(crate) fn run(args: &Serve) -> Result<ExitCode, CliError> {
    let is_loopback = args.addr.ip().is_loopback();
    if !args.registries.is_empty() && !is_loopback {
        return Err(CliError::Usage(format!(
            "--allow-registry works on a loopback address only, and {} is none: others could read \
             registries through this machine",
            args.addr
        )));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CliError::Runtime)?;
    runtime.block_on(async {
        let cannot_listen = |source| CliError::Listen {
            address: args.addr,
            source,
        };
        let listener = TcpListener::bind(args.addr).await.map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        let offer = Offer {
            address,
            demo: args.demo,
            registries: args.registries.clone(),
        };
        let server = Server::new(offer)?;
        output::stdout(&server.greeting())?;
        server.run(listener).await;
        Ok(ExitCode::Pass)
    })
}
