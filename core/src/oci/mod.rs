//! The registry's documents: reading them strictly and writing them exactly.

pub mod write;
