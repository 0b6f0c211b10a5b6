//! Everything that is printed: reports in each format, and the two standard streams.

pub(crate) mod human;
pub(crate) mod json;
pub(crate) mod outcome;
pub(crate) mod preview;
mod stream;
pub(crate) mod tree;

pub(crate) use stream::{file, stderr, stdout};
