//! What BuildKit refuses in a Dockerfile, in BuildKit's words.

use crate::diagnostic::Span;

/// One reason to refuse the file. `message` is BuildKit's exact text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseProblem {
    /// When BuildKit would notice; problems are ordered by phase, then by place.
    pub phase: Phase,
    /// Without the prefix that [`ParseProblem::text`] adds.
    pub message: String,
    /// The line that BuildKit names, from 1; 0 if it names none.
    pub line: usize,
    /// The tokens concerned.
    pub span: Span,
    /// Index in `Dockerfile::instructions`, if it belongs to one.
    pub instruction: Option<usize>,
}

/// The passes over the file, each of which must succeed before the next begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// `parser.Parse`: lines, heredocs, words. No prefix.
    Syntax,
    /// `instructions.Parse`: each instruction's arguments and flags. The prefix names the line.
    Instruction,
    /// `instructions.Parse` too, but without the prefix: an instruction before any FROM.
    Stage,
}

impl ParseProblem {
    /// The error as BuildKit prints it after `failed to solve: `.
    pub fn text(&self) -> String {
        match self.phase {
            Phase::Syntax | Phase::Stage => self.message.clone(),
            Phase::Instruction => {
                format!(
                    "dockerfile parse error on line {}: {}",
                    self.line, self.message
                )
            }
        }
    }
}
