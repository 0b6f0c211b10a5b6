//! The syntax tree of a Dockerfile: instructions as BuildKit types them, with the place of every
//! token. It expands no variable and knows no platform.

use crate::diagnostic::Span;

use super::escape::Escape;
use super::kind::Kind;

/// A whole Dockerfile, in file order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dockerfile {
    /// `syntax`, `escape` and `check`, as far as they are directives and not comments.
    pub directives: Vec<Directive>,
    /// The escape and continuation character in force.
    pub escape: Escape,
    /// Every comment line, directives not included, also within continued instructions.
    pub comments: Vec<Comment>,
    /// Every instruction, the faulty ones included; `Instruction::faulty` tells them.
    pub instructions: Vec<Instruction>,
    /// Continued instructions with a blank line inside.
    pub empty_continuations: Vec<EmptyContinuation>,
}

/// `# name=value` at the head of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    pub name: DirectiveName,
    pub value: Word,
    /// From 1.
    pub line: usize,
    /// The whole line, from `#`.
    pub span: Span,
}

/// The directives that BuildKit knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DirectiveName {
    Syntax,
    Escape,
    Check,
}

/// A comment line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// From 1.
    pub line: usize,
    /// From `#` to the end of the line.
    pub span: Span,
}

/// A continued instruction with a blank line inside: what BuildKit warns of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmptyContinuation {
    /// Where BuildKit puts its warning: the last line of the instruction, without its heredocs.
    pub line: usize,
    /// The first blank line.
    pub span: Span,
}

/// A piece of text as BuildKit sees it, and where it stands in the file.
///
/// `text` can differ from the file's bytes: JSON escapes are decoded, continuations joined, and
/// quotes of flags removed.
#[derive(Debug, Clone, PartialEq, Eq, Default, PartialOrd, Ord)]
pub struct Word {
    pub text: String,
    pub span: Span,
}

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// What it is, typed; flags are resolved here.
    pub kind: Kind,
    /// The instruction's name as written (`run`, `Copy`).
    pub keyword: Word,
    /// The logical line as BuildKit keeps it, continuations joined, comments dropped, trimmed.
    /// Step names begin with it.
    pub code: String,
    /// Flags in written order, known or not.
    pub flags: Vec<Flag>,
    /// The arguments after the flags, split as this instruction splits them; what BuildKit calls
    /// the request's args.
    pub arguments: Vec<Word>,
    /// The arguments are a JSON array.
    pub json: bool,
    /// Heredocs that start in this instruction, in order.
    pub heredocs: Vec<Heredoc>,
    /// The comments right above, without `#`, trimmed, from the last empty comment on. Holds
    /// `check=skip=…` too.
    pub comments: Vec<String>,
    /// First line, from 1.
    pub start_line: usize,
    /// Last line, heredocs included.
    pub end_line: usize,
    /// From the keyword to the end of the last line, heredocs included.
    pub span: Span,
    /// BuildKit refuses this instruction; `kind` holds what could be understood.
    pub faulty: bool,
}

/// `--name=value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Without `--`.
    pub name: String,
    /// `None` without `=`.
    pub value: Option<Word>,
    /// The whole flag.
    pub span: Span,
}

/// `<<NAME` and the lines up to `NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heredoc {
    /// The delimiter, quotes removed.
    pub name: String,
    /// The delimiter was not quoted.
    pub expand: bool,
    /// `<<-`: leading tabs of the content and of the end line do not count.
    pub chomp: bool,
    /// As in the file, tabs included; see [`Heredoc::chomped`].
    pub content: String,
    /// Where the content stands.
    pub span: Span,
    /// The end line; empty if it is missing.
    pub end: Span,
}

impl Dockerfile {
    /// What stands before the first FROM.
    pub fn preamble(&self) -> &[Instruction] {
        let end = self
            .instructions
            .iter()
            .position(Instruction::is_from)
            .unwrap_or(self.instructions.len());
        self.instructions.get(..end).unwrap_or_default()
    }

    /// The stages in order: each a non-empty slice that starts with its FROM.
    pub fn stages(&self) -> Vec<&[Instruction]> {
        let rest = self
            .instructions
            .get(self.preamble().len()..)
            .unwrap_or_default();
        let mut stages = Vec::new();
        let mut start = 0;
        for (at, instruction) in rest.iter().enumerate().skip(1) {
            if instruction.is_from() {
                stages.extend(rest.get(start..at));
                start = at;
            }
        }
        stages.extend(rest.get(start..).filter(|last| !last.is_empty()));
        stages
    }

    /// A directive's value.
    pub fn directive(&self, name: DirectiveName) -> Option<&Directive> {
        self.directives
            .iter()
            .find(|directive| directive.name == name)
    }
}

impl Instruction {
    /// It begins a stage.
    pub fn is_from(&self) -> bool {
        matches!(self.kind, Kind::From(_))
    }
}

impl Heredoc {
    /// The content that counts: without leading tabs for `<<-`.
    pub fn chomped(&self) -> String {
        if self.chomp {
            chomp(&self.content)
        } else {
            self.content.clone()
        }
    }
}

/// Removes leading tabs from each line.
pub(super) fn chomp(content: &str) -> String {
    content
        .split_inclusive('\n')
        .map(|line| line.trim_start_matches('\t'))
        .collect()
}

impl DirectiveName {
    /// As written, in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Escape => "escape",
            Self::Check => "check",
        }
    }
}
