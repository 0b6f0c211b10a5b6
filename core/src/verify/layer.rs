//! What a layer turned out to hold, once it was streamed whole.

use crate::digest::Digest;
use crate::platform::Platform;

/// Facts about one layer's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerFacts {
    /// Bytes received.
    pub size: u64,
    /// Digest of the bytes received, by the algorithm of the digest that names the layer; `None`
    /// if polyarch cannot compute it.
    pub digest: Option<Digest>,
    /// SHA-256 of the unpacked tar; `None` if it could not be unpacked.
    pub diff_id: Option<Digest>,
    /// What the first bytes say: `gzip`, `zstd` or `tar`.
    pub compression: Option<&'static str>,
    /// Why the archive cannot be trusted: trailing bytes, wrong checksum, early end.
    pub damage: Option<String>,
    /// Executables and shared libraries, in archive order.
    pub executables: Vec<Executable>,
    /// Absolute paths of all entries that replace or hide what lower layers hold.
    pub replaces: Vec<String>,
    /// Absolute directories whose lower content is hidden whole (opaque white-outs).
    pub hides: Vec<String>,
}

/// A program or a shared library in a layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executable {
    /// Absolute path in the image.
    pub path: String,
    /// What its header says it is for.
    pub platform: Platform,
}
