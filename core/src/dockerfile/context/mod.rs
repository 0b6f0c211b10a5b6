//! The build context by names alone: `.dockerignore`, and which files a COPY source means.
//!
//! Modelled on moby/patternmatcher, its `ignorefile`, and tonistiigi/fsutil as vendored in
//! BuildKit 73ed6825. No file is read here.

mod glob;
mod ignore;
mod path;
mod pattern;
#[cfg(test)]
mod tests;

pub use glob::{BadPattern, glob_matches, sources};
pub use ignore::{Ignore, IgnoreError, IgnoreFault};
pub use path::clean;
