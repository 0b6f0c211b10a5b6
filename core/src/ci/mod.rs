//! CI jobs: read from GitLab's and GitHub's files, played through command by command.
//!
//! A job becomes a timeline, an [`Environment`](crate::environment::Environment) and build
//! requests. What a build would give is asked of the caller, so this module knows nothing of
//! `build`; what is worth telling is recorded as incidents, so it knows nothing of `rules`.

pub mod bake;
pub mod build;
mod commands;
pub mod gate;
pub mod generate;
pub mod github;
pub mod gitlab;
pub mod incident;
mod regex;
pub mod runner;
pub mod settings;
pub mod shell;
pub mod trace;
pub mod world;
pub mod yaml;

pub use commands::docker::bake::{BakeError, BakeRequest, BakeTarget, bake_print, bake_targets};
