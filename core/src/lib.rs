//! The one core behind the playground and the verifier: what a multi-arch build gives on each
//! platform, and whether what a registry holds is that.
//!
//! Nothing here does I/O, reads a clock or the environment, starts a thread or awaits.
//! Modules stand in reading order; a module uses only its own group and the groups above
//! (`tests/e2e/layers.rs` enforces that).

pub mod diagnostic;
pub mod digest;
pub mod http;
pub mod platform;
pub mod reference;
pub mod shown;

pub mod environment;

pub mod bases;
pub mod ci;
pub mod dockerfile;
pub mod oci;

pub mod build;
pub mod verify;

pub mod content;

pub mod rules;

pub mod demo;

pub mod analysis;
pub mod assist;
pub mod share;

pub mod scenarios;
