//! Drives core's walk: asks everything that can be asked at once, and hands the answers back.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use polyarch_core::verify::{Depth, Evidence, Limits, Walk};

use super::Source;

/// Walks a source to the end.
pub(crate) async fn walk(source: &Source<'_>, depth: Depth) -> Evidence {
    let mut walk = Walk::new(source.target.clone(), depth, Limits::default());
    let mut running = FuturesUnordered::new();
    loop {
        while let Some(request) = walk.poll() {
            running.push(async move { (request.id, source.answer(&request.ask).await) });
        }
        match running.next().await {
            Some((id, answer)) => walk.handle(id, answer),
            None => return walk.finish(),
        }
    }
}
