//! The Dockerfile as BuildKit reads it: text to typed instructions with the place of every token.
//!
//! Parsing is total and answers with BuildKit's own error texts. Modelled on BuildKit 73ed6825
//! (`frontend/dockerfile/{parser,instructions,shell}`). Stages, variables in force and images are
//! `crate::build`'s.

mod ast;
mod escape;
mod kind;
mod problem;

pub use ast::{
    Comment, Directive, DirectiveName, Dockerfile, EmptyContinuation, Flag, Heredoc, Instruction,
    Word,
};
pub use escape::Escape;
pub use kind::{
    Arg, Command, Device, From, Healthcheck, InlineFile, Kind, Network, Onbuild, Pair, Run,
    Security, Transfer,
};
pub use problem::{ParseProblem, Phase};
