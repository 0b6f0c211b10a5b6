//! A build: from a Dockerfile, a request and a base-image catalogue to what each platform gets.
//!
//! Models BuildKit's Dockerfile frontend (`frontend/dockerfile/dockerfile2llb` at 73ed6825):
//! stages are resolved and converted once per platform into a graph of steps whose identity is
//! their content, so that equal steps are one across platforms. Nothing is executed: what RUN
//! does to files is not known here.

mod convert;
pub mod documents;
mod env;
mod graph;
mod lint;
mod linter;
mod outcome;
mod paths;
mod place;
mod predict;
mod remote;
mod request;
mod values;

pub use lint::{Lint, LintRule};
pub use outcome::{
    BaseKnowledge, BuildError, BuiltImage, Check, Effect, Outcome, PlatformOutcome, ResolvedBase,
    Step, StepKind,
};
pub use place::{Place, place};
pub use predict::{plan, predict};
pub use request::BuildRequest;

#[cfg(test)]
mod tests;
