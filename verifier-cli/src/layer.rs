//! Layers on their way through core's scanner, which runs on a thread of its own, so that the
//! network, hashing and unpacking overlap. Nothing is kept: a few pieces are under way at a time,
//! and few scanners run at a time in the whole process, so memory stays flat.

use std::io::{self, Read};
use std::sync::{Arc, LazyLock};

use polyarch_core::oci::Descriptor;
use polyarch_core::verify::{LayerFacts, LayerScanner};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinHandle;

/// Scanners at a time: two, so that one layer is unpacked while the other arrives.
static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(2)));

/// Bytes that are handed to a scanner at a time.
const PIECE: usize = 64 * 1024;

/// Pieces that may wait for a scanner.
const PIECES: usize = 4;

/// Layers up to this size are fetched before it is their turn: they fit among what may wait.
const SMALL: u64 = (PIECE * PIECES) as u64;

/// The right to scan a layer. For a small one it is only waited for once the bytes are there, so
/// that many small layers cost one round trip and not one each.
#[derive(Debug)]
pub(crate) struct Turn(Option<OwnedSemaphorePermit>);

/// A layer that is being scanned. Dropping it ends the scan without facts.
#[derive(Debug)]
pub(crate) struct Scan {
    pieces: mpsc::Sender<Vec<u8>>,
    piece: Vec<u8>,
    scanner: JoinHandle<Option<LayerFacts>>,
}

/// The scanner ended without facts, which only a defect in it can cause.
#[derive(Debug, thiserror::Error)]
#[error("the layer's scanner stopped")]
pub(crate) struct Stopped;

/// Waits until a layer of `size` bytes may be asked for.
pub(crate) async fn turn(size: u64) -> Turn {
    if size <= SMALL {
        Turn(None)
    } else {
        Turn(Arc::clone(&TURNS).acquire_owned().await.ok())
    }
}

impl Scan {
    /// Starts a scanner for the layer that `descriptor` names.
    pub(crate) fn start(descriptor: &Descriptor, turn: Turn) -> Self {
        let (pieces, mut waiting) = mpsc::channel::<Vec<u8>>(PIECES);
        let mut scanner = LayerScanner::new(descriptor);
        let scanner = tokio::spawn(async move {
            let turn = match turn.0 {
                Some(turn) => Some(turn),
                None => Arc::clone(&TURNS).acquire_owned().await.ok(),
            };
            let work = move || {
                let _turn = turn;
                while let Some(piece) = waiting.blocking_recv() {
                    scanner.write(&piece);
                }
                scanner.finish()
            };
            tokio::task::spawn_blocking(work).await.ok()
        });
        Self {
            pieces,
            piece: Vec::with_capacity(PIECE),
            scanner,
        }
    }

    /// Hands over the next bytes; waits while the scanner is behind.
    pub(crate) async fn write(&mut self, mut bytes: &[u8]) -> Result<(), Stopped> {
        while !bytes.is_empty() {
            let room = PIECE.saturating_sub(self.piece.len()).min(bytes.len());
            let (now, later) = bytes.split_at(room);
            self.piece.extend_from_slice(now);
            bytes = later;
            if self.piece.len() == PIECE {
                let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
                self.pieces.send(piece).await.map_err(|_| Stopped)?;
            }
        }
        Ok(())
    }

    /// The facts, once the last byte was handed over.
    pub(crate) async fn finish(self) -> Result<LayerFacts, Stopped> {
        if !self.piece.is_empty() {
            self.pieces.send(self.piece).await.map_err(|_| Stopped)?;
        }
        drop(self.pieces);
        self.scanner.await.ok().flatten().ok_or(Stopped)
    }
}

/// Scans what a reader gives, on a thread of its own.
pub(crate) async fn scan_reader(
    descriptor: &Descriptor,
    mut reader: Box<dyn Read + Send>,
) -> io::Result<LayerFacts> {
    let turn = Arc::clone(&TURNS).acquire_owned().await.ok();
    let mut scanner = LayerScanner::new(descriptor);
    let facts = tokio::task::spawn_blocking(move || {
        let _turn = turn;
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

#[cfg(test)]
mod tests {
    use polyarch_core::digest::Digest;
    use polyarch_core::oci::media_type;

    use super::*;

    fn descriptor(size: u64) -> Descriptor {
        Descriptor {
            media_type: media_type::OCI_LAYER.to_owned(),
            digest: Digest::sha256(b""),
            size,
            platform: None,
            urls: Vec::new(),
            annotations: std::collections::BTreeMap::default(),
            artifact_type: None,
            data: None,
        }
    }

    /// One test, since the turns are the process's.
    #[tokio::test]
    async fn turns_are_few_given_back_and_not_needed_to_fetch_small_layers() {
        for _ in 0..5 {
            // Given up in the middle.
            let mut scan = Scan::start(&descriptor(1 << 30), turn(1 << 30).await);
            scan.write(&vec![0; 200_000]).await.unwrap();
        }
        let large = [turn(1 << 30).await, turn(1 << 30).await];
        assert_eq!(TURNS.available_permits(), 0);
        let mut scan = Scan::start(&descriptor(SMALL), turn(SMALL).await);
        for _ in 0..SMALL / 1024 {
            scan.write(&[7; 1024]).await.unwrap();
        }
        drop(large);
        let facts = scan.finish().await.unwrap();
        assert_eq!(facts.size, SMALL);
        let bytes = vec![7; usize::try_from(SMALL).unwrap()];
        assert_eq!(facts.digest, Some(Digest::sha256(&bytes)));
        let zeros: &[u8] = &[0; 1024];
        let facts = scan_reader(&descriptor(1024), Box::new(zeros))
            .await
            .unwrap();
        assert_eq!(facts.diff_id, Some(Digest::sha256(zeros)));
    }
}
