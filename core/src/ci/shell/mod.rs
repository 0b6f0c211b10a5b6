//! The shell of CI jobs: a bounded parser for what people write, and an interpreter over modelled
//! commands.
//!
//! The grammar is POSIX plus what bash scripts in CI use (`[[ ]]`, arrays, `$'…'`, `<<<`,
//! `${x//a/b}`). Ours rather than the brush-parser crate, because that one overflows the stack on
//! deeply nested substitutions, which no wrapper can catch in a browser, and needs browser-only
//! features of two of its dependencies. Job control, aliases and traps other than EXIT are not
//! modelled.

mod arithmetic;
pub mod ast;
mod expand;
mod interpreter;
mod loops;
mod names;
mod parameter;
mod parse;
mod parse_compound;
mod parse_word;
mod pattern;
mod redirect;
#[cfg(test)]
mod tests;
mod traced;
mod variables;

pub(in crate::ci) use interpreter::Done;
pub use interpreter::{Flow, Shell};
pub use names::{Mentions, mentions};
pub use parse::{SyntaxError, parse};
pub(super) use pattern::matches as pattern_matches;
pub use variables::Variables;
