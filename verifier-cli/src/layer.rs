//! Layers on their way through core's scanner, which runs on a thread of its own, so that the
//! network, hashing and unpacking overlap. Nothing is kept: a few pieces are under way at a time.

use std::io::{self, Read};

use hyper::body::Bytes;
use polyarch_core::oci::Descriptor;
use polyarch_core::verify::{LayerFacts, LayerScanner};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Pieces between the network and the scanner.
const PIECES: usize = 8;

/// Bytes that are read from a file at a time.
const PIECE: usize = 128 * 1024;

/// A layer that is being scanned. Dropping it ends the scan without facts.
#[derive(Debug)]
pub(crate) struct Scan {
    pieces: mpsc::Sender<Bytes>,
    scanner: JoinHandle<LayerFacts>,
}

/// The scanner ended without facts, which only a defect in it can cause.
#[derive(Debug, thiserror::Error)]
#[error("the layer's scanner stopped")]
pub(crate) struct Stopped;

impl Scan {
    /// Starts a scanner for the layer that `descriptor` names.
    pub(crate) fn start(descriptor: &Descriptor) -> Self {
        let (pieces, mut receiver) = mpsc::channel::<Bytes>(PIECES);
        let mut scanner = LayerScanner::new(descriptor);
        let scanner = tokio::task::spawn_blocking(move || {
            while let Some(piece) = receiver.blocking_recv() {
                scanner.write(&piece);
            }
            scanner.finish()
        });
        Self { pieces, scanner }
    }

    /// Hands over the next bytes; waits while the scanner is behind.
    pub(crate) async fn write(&self, piece: Bytes) -> Result<(), Stopped> {
        self.pieces.send(piece).await.map_err(|_| Stopped)
    }

    /// The facts, once the last byte was handed over.
    pub(crate) async fn finish(self) -> Result<LayerFacts, Stopped> {
        drop(self.pieces);
        self.scanner.await.map_err(|_| Stopped)
    }
}

/// Scans what a reader gives, on a thread of its own.
pub(crate) async fn scan_reader(
    descriptor: &Descriptor,
    mut reader: Box<dyn Read + Send>,
) -> io::Result<LayerFacts> {
    let mut scanner = LayerScanner::new(descriptor);
    let facts = tokio::task::spawn_blocking(move || {
        let mut buffer = vec![0; PIECE];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(scanner.finish()),
                Ok(read) => scanner.write(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    });
    facts.await.map_err(io::Error::other)?
}

/// How many bytes of a layer are read: more than its descriptor says, so that a wrong size is told
/// from wrong content, but not without end.
pub(crate) fn limit(descriptor: &Descriptor) -> u64 {
    descriptor.size.saturating_mul(2).saturating_add(64 << 20)
}
