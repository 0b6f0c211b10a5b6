//! Bounds on what a hostile registry can make a walk do.

use crate::oci::MAX_DOCUMENT;

/// All bounds of one walk. The defaults are the contract's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest manifest or config, in bytes.
    pub document: u64,
    /// Largest sum of all manifests and configs, in bytes as their descriptors declare them.
    pub documents: u64,
    /// Most entries of one index.
    pub children: usize,
    /// Deepest index within index; 1 is an index without nesting.
    pub nesting: usize,
    /// Most layers of one manifest.
    pub layers: usize,
    /// Most bytes that what was found in all layers may take. What comes after is hashed and then
    /// forgotten, so which layers that meets depends on the order of the answers.
    pub contents: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document: MAX_DOCUMENT,
            documents: 64 * 1024 * 1024,
            children: 1_000,
            nesting: 4,
            layers: 1_000,
            contents: 128 * 1024 * 1024,
        }
    }
}
