//! The Dockerfile as BuildKit reads it: text to typed instructions with the place of every token.
//!
//! Parsing is total and answers with BuildKit's own error texts. Modelled on BuildKit 73ed6825
//! (`frontend/dockerfile/{parser,instructions,shell}`). Stages, variables in force and images are
//! `crate::build`'s.

mod ast;
pub mod context;
pub mod csv;
mod device;
mod directive;
mod escape;
mod go;
mod heredoc;
mod json;
mod keyword;
mod kind;
mod line;
pub mod mount;
mod node;
mod parse;
mod problem;
mod quote;
mod split;
mod suggest;
#[cfg(test)]
mod tests;
mod typed;
pub mod words;

pub use ast::{
    Comment, Directive, DirectiveName, Dockerfile, EmptyContinuation, Flag, Heredoc, Instruction,
    Word,
};
pub use csv::CsvError;
pub use escape::Escape;
pub use heredoc::is_heredoc;
pub use keyword::Keyword;
pub use kind::{
    Arg, Command, Device, From, Healthcheck, InlineFile, Kind, Network, Onbuild, Pair, Run,
    Security, Transfer,
};
pub use parse::{parse, parse_bytes, parse_trigger};
pub use problem::{ParseProblem, Phase};
pub use quote::quote;
pub use suggest::{is_near, suggest, with_suggestion};
