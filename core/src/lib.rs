//! The one core behind the playground and the verifier: what a multi-arch build gives on each
//! platform, and whether what a registry holds is that.
//!
//! Nothing here does I/O, reads a clock or the environment, starts a thread or awaits.
//! Modules stand in reading order; a module uses only modules above it (`tests/e2e/layers.rs`
//! enforces that).

pub mod bases;
pub mod ci;
pub mod diagnostic;
pub mod digest;
pub mod dockerfile;
pub mod environment;
pub mod oci;
pub mod platform;
pub mod reference;

pub mod build;

pub mod analysis;
