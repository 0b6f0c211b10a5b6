//! How far the download of layers is, on standard error while a person watches; silent in CI and in
//! pipes.

use std::convert::Infallible;
use std::io::{IsTerminal, Write};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use futures_util::future::{self, Either};

/// Layers and bytes of the whole process.
static LAYERS: AtomicU64 = AtomicU64::new(0);
static DONE: AtomicU64 = AtomicU64::new(0);
static EXPECTED: AtomicU64 = AtomicU64::new(0);
static RECEIVED: AtomicU64 = AtomicU64::new(0);

/// Below this nobody wants to know.
const WORTH_SHOWING: u64 = 5_000_000;

/// A layer of this size will be downloaded.
pub(crate) fn expect(size: u64) {
    LAYERS.fetch_add(1, Relaxed);
    EXPECTED.fetch_add(size, Relaxed);
}

/// Bytes of a layer arrived.
pub(crate) fn received(bytes: usize) {
    RECEIVED.fetch_add(bytes as u64, Relaxed);
}

/// A layer was scanned, or given up.
pub(crate) fn done() {
    DONE.fetch_add(1, Relaxed);
}

/// Runs the work; shows its progress if standard error is a terminal.
pub(crate) async fn during<F: Future>(work: F) -> F::Output {
    let is_watched = std::io::stderr().is_terminal() && std::env::var_os("CI").is_none();
    if !is_watched {
        return work.await;
    }
    let shown = pin!(show());
    match future::select(pin!(work), shown).await {
        Either::Left((output, _)) => {
            clear();
            output
        }
        Either::Right((never, _)) => match never {},
    }
}

/// Never ends.
async fn show() -> Infallible {
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let expected = EXPECTED.load(Relaxed);
        if expected >= WORTH_SHOWING {
            let text = line(
                DONE.load(Relaxed),
                LAYERS.load(Relaxed),
                RECEIVED.load(Relaxed),
                expected,
            );
            let _ = write!(std::io::stderr(), "\r\x1b[2K{text}");
        }
    }
}

fn clear() {
    if EXPECTED.load(Relaxed) >= WORTH_SHOWING {
        let _ = write!(std::io::stderr(), "\r\x1b[2K");
    }
}

/// `[=====>    ] 3 of 12 layers, 45 of 120 MB`.
fn line(done: u64, layers: u64, received: u64, expected: u64) -> String {
    const WIDTH: u64 = 24;
    let filled = received.min(expected).saturating_mul(WIDTH) / expected.max(1);
    let bar: String = (0..WIDTH)
        .map(|at| match at.cmp(&filled) {
            std::cmp::Ordering::Less => '=',
            std::cmp::Ordering::Equal => '>',
            std::cmp::Ordering::Greater => ' ',
        })
        .collect();
    format!(
        "[{bar}] {done} of {layers} layers, {} of {} MB",
        received / 1_000_000,
        expected.div_ceil(1_000_000)
    )
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn the_bar_fills_and_never_overflows() {
        for (received, expected) in [
            (0, "[>                       ] 1 of 3 layers, 0 of 10 MB"),
            (
                5_000_000,
                "[============>           ] 1 of 3 layers, 5 of 10 MB",
            ),
            (
                10_000_000,
                "[========================] 1 of 3 layers, 10 of 10 MB",
            ),
            (
                99_000_000,
                "[========================] 1 of 3 layers, 99 of 10 MB",
            ),
        ] {
            assert_eq!(line(1, 3, received, 10_000_000), expected);
        }
        assert!(line(0, 0, 0, 0).ends_with("0 of 0 MB"));
    }
}
