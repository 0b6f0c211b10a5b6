//! YAML as CI services read it: a tree in which everything knows its place.
//!
//! Scalars stay text; what is a number or a truth value is for the reader of a key to say.
//! Merge keys and aliases are resolved here, within bounds, so that an alias bomb is refused
//! instead of unfolded.

mod node;
mod parse;
#[cfg(test)]
mod tests;

pub use node::{Kind, Mark, Node};
pub use parse::{ParseError, parse};
