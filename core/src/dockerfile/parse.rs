//! The pass over the file: directives, comments, continuations, heredocs.

use crate::diagnostic::Span;

use super::ast::{
    Comment, Directive, DirectiveName, Dockerfile, EmptyContinuation, Heredoc, Instruction, Word,
};
use super::directive;
use super::escape::Escape;
use super::heredoc::{self, Head};
use super::keyword::Keyword;
use super::kind::Kind;
use super::line::{Line, Lines, Logical, MAX_LINE};
use super::node::{Fault, Node};
use super::problem::{ParseProblem, Phase};
use super::typed;

/// Reads a Dockerfile. Total: the problems say what BuildKit refuses, in the order in which it
/// would notice, so that the first is the one that it stops at.
pub fn parse(text: &str) -> (Dockerfile, Vec<ParseProblem>) {
    let mut parser = Parser::new(text);
    if text.is_empty() {
        parser.problem("the Dockerfile cannot be empty", 0, Span::default());
    } else {
        parser.run();
    }
    let Parser {
        mut dockerfile,
        faults,
        mut problems,
        ..
    } = parser;
    judge(&mut dockerfile, faults, &mut problems);
    (dockerfile, problems)
}

/// Reads bytes; what is no UTF-8 becomes U+FFFD, and spans belong to the text so made.
pub fn parse_bytes(bytes: &[u8]) -> (String, Dockerfile, Vec<ParseProblem>) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (dockerfile, problems) = parse(&text);
    (text, dockerfile, problems)
}

/// Reads what a fired ONBUILD holds. The error is BuildKit's text, which names no line.
pub fn parse_trigger(expression: &str) -> Result<Instruction, String> {
    let mut parser = Parser::new(expression);
    parser.run();
    if let Some(problem) = parser.problems.into_iter().next() {
        return Err(problem.message);
    }
    let mut instructions = parser.dockerfile.instructions;
    let (Some(instruction), true) = (instructions.pop(), instructions.is_empty()) else {
        return Err("onbuild trigger should be a single expression".to_owned());
    };
    if let Some(Some(fault)) = parser.faults.into_iter().next() {
        return Err(fault.message);
    }
    if instruction.is_from() {
        return Err("*instructions.Stage is not a command type".to_owned());
    }
    Ok(instruction)
}

/// BuildKit's second pass: the typed instructions in order, each within a stage.
fn judge(
    dockerfile: &mut Dockerfile,
    faults: Vec<Option<Fault>>,
    problems: &mut Vec<ParseProblem>,
) {
    let mut in_stage = false;
    for (index, (instruction, fault)) in dockerfile.instructions.iter_mut().zip(faults).enumerate()
    {
        in_stage |= instruction.is_from();
        let (phase, message, span) = if let Some(fault) = fault {
            (Phase::Instruction, fault.message, fault.span)
        } else if !in_stage && !matches!(instruction.kind, Kind::Arg(_)) && !instruction.faulty {
            let message = "no build stage in current context".to_owned();
            (Phase::Stage, message, instruction.keyword.span)
        } else {
            continue;
        };
        instruction.faulty = true;
        problems.push(ParseProblem {
            phase,
            message,
            line: instruction.start_line,
            span,
            instruction: Some(index),
        });
    }
}

/// How many heredocs without an end are recovered from; each costs a look through the file.
const RECOVERIES: usize = 16;

struct Parser<'a> {
    text: &'a str,
    lines: Lines<'a>,
    dockerfile: Dockerfile,
    /// What is wrong with each of `dockerfile.instructions` once it is typed.
    faults: Vec<Option<Fault>>,
    problems: Vec<ParseProblem>,
    comments: Vec<String>,
    /// Directives may still come.
    head: bool,
    recoveries: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            lines: Lines::new(text),
            dockerfile: Dockerfile::default(),
            faults: Vec::new(),
            problems: Vec::new(),
            comments: Vec::new(),
            head: true,
            recoveries: 0,
        }
    }

    fn run(&mut self) {
        let mut first_stop = true;
        loop {
            while let Some(line) = self.lines.next() {
                self.line(line);
            }
            if first_stop && self.dockerfile.instructions.is_empty() {
                let end = self.text.len();
                let line = self.lines.count;
                self.problem("file with no instructions", line, Span::new(end, end));
            }
            first_stop = false;
            let Some(line) = self.lines.too_long else {
                return;
            };
            let message = format!("dockerfile line greater than max allowed size of {MAX_LINE}");
            self.problem(&message, line.number, line.span());
            self.lines.skip_too_long();
        }
    }

    fn line(&mut self, line: Line<'a>) {
        let content = line.content();
        let stripped = content.trim_start();
        if self.directive(&line, stripped) {
            return;
        }
        if stripped.starts_with('#') {
            self.comment(&line);
            // BuildKit cuts the first character off, even if that is a blank before `#`.
            let mut chars = content.chars();
            chars.next();
            match chars.as_str().trim() {
                "" => self.comments.clear(),
                comment => self.comments.push(comment.to_owned()),
            }
        } else if !stripped.is_empty() {
            self.instruction(line, stripped);
        }
    }

    fn directive(&mut self, line: &Line<'a>, stripped: &'a str) -> bool {
        if !self.head {
            return false;
        }
        let Some(found) = directive::find(stripped, "#") else {
            self.head = false;
            return false;
        };
        let start = line.offset_of(stripped.get(stripped.len()..).unwrap_or_default());
        let value_start = start - stripped.len() + (stripped.rfind(found.value).unwrap_or(0));
        let span = Span::new(start - stripped.len(), start);
        let value = Word {
            text: found.value.to_owned(),
            span: Span::new(value_start, value_start + found.value.len()),
        };
        if self.dockerfile.directive(found.name).is_some() {
            let name = found.name.as_str();
            let message = format!("only one {name} parser directive can be used");
            self.problem(&message, line.number, span);
        } else if found.name == DirectiveName::Escape {
            match found.value {
                "\\" => self.dockerfile.escape = Escape::Backslash,
                "`" => self.dockerfile.escape = Escape::Backtick,
                other => {
                    let message = format!("invalid escape token '{other}' does not match ` or \\");
                    self.problem(&message, line.number, value.span);
                }
            }
        }
        self.dockerfile.directives.push(Directive {
            name: found.name,
            value,
            line: line.number,
            span,
        });
        true
    }

    fn comment(&mut self, line: &Line<'a>) {
        self.dockerfile.comments.push(Comment {
            line: line.number,
            span: line.span(),
        });
    }

    fn instruction(&mut self, first: Line<'a>, stripped: &'a str) {
        let (logical, end) = self.continued(&first, stripped);
        let start = first.offset_of(stripped);
        let mut span = Span::new(start, end.max(start));
        let (node, fault) = Node::read(&logical, self.dockerfile.escape);
        let mut refused = fault.map(|fault| (fault.message, fault.span));
        let mut heads = Vec::new();
        if refused.is_none() && node.can_start_heredocs() && logical.text.contains("<<") {
            match heredoc::heads(&logical.text) {
                Ok(found) => heads = found,
                Err(error) => refused = Some((error.to_string(), span)),
            }
        }
        let mut heredocs = Vec::new();
        for head in heads {
            let (heredoc, ended) = self.heredoc(head);
            if !ended {
                refused = Some(("unterminated heredoc".to_owned(), span));
            }
            span = span.cover(heredoc.span).cover(heredoc.end);
            heredocs.push(heredoc);
            if !ended {
                break;
            }
        }
        let (mut instruction, fault) = typed::instruction(node, heredocs, span);
        instruction.comments = std::mem::take(&mut self.comments);
        instruction.start_line = first.number;
        instruction.end_line = self.lines.count;
        if let Some((message, span)) = refused {
            instruction.faulty = true;
            self.faults.push(None);
            self.problems.push(ParseProblem {
                phase: Phase::Syntax,
                message,
                line: first.number,
                span,
                instruction: Some(self.dockerfile.instructions.len()),
            });
        } else {
            self.faults.push(fault);
        }
        self.dockerfile.instructions.push(instruction);
    }

    /// Joins the lines that belong to an instruction; also gives the offset where it ends.
    fn continued(&mut self, first: &Line<'a>, stripped: &'a str) -> (Logical<'a>, usize) {
        let escape = self.dockerfile.escape;
        let (piece, mut open) = continuation(stripped, escape);
        let mut logical = Logical::new(piece, first.offset_of(stripped));
        let mut end = first.start + first.content().len();
        let mut blank = None;
        while open {
            let Some(line) = self.lines.next() else {
                break;
            };
            let content = line.content();
            let stripped = content.trim_start();
            if stripped.starts_with('#') {
                self.comment(&line);
                continue;
            }
            if stripped.is_empty() {
                blank.get_or_insert(Span::new(line.start, line.start + content.len()));
                continue;
            }
            let (piece, more) = continuation(content, escape);
            logical.push(piece, line.start);
            end = line.start + content.len();
            open = more;
        }
        if let Some(span) = blank {
            self.dockerfile.empty_continuations.push(EmptyContinuation {
                line: self.lines.count,
                span,
            });
        }
        (logical, end)
    }

    /// Reads a heredoc's lines. Without an end, BuildKit has read the whole file; here the
    /// heredoc then ends before the next line that looks like an instruction.
    fn heredoc(&mut self, head: Head) -> (Heredoc, bool) {
        let before = self.lines;
        let start = self.lines.offset();
        let mut guess = None;
        let mut end = None;
        while let Some(line) = self.lines.next() {
            let content = line.content();
            let candidate = if head.chomp {
                content.trim_start_matches('\t')
            } else {
                content
            };
            if candidate == head.name {
                end = Some(Span::new(line.start, line.start + content.len()));
                break;
            }
            if guess.is_none() && looks_like_instruction(content) {
                guess = Some(line.number);
            }
        }
        if let (None, Some(guess)) = (end, guess)
            && self.recoveries < RECOVERIES
        {
            self.recoveries += 1;
            self.lines = before;
            while self.lines.count + 1 < guess && self.lines.next().is_some() {}
        }
        let stop = end.map_or(self.lines.offset(), |end| end.start);
        let heredoc = Heredoc {
            name: head.name,
            expand: head.expand,
            chomp: head.chomp,
            content: self.text.get(start..stop).unwrap_or_default().to_owned(),
            span: Span::new(start, stop),
            end: end.unwrap_or(Span::new(stop, stop)),
        };
        (heredoc, end.is_some())
    }

    fn problem(&mut self, message: &str, line: usize, span: Span) {
        self.problems.push(ParseProblem {
            phase: Phase::Syntax,
            message: message.to_owned(),
            line,
            span,
            instruction: None,
        });
    }
}

/// The line without its continuation character, and whether it had one. An escaped escape
/// character does not continue.
fn continuation(line: &str, escape: Escape) -> (&str, bool) {
    match line
        .trim_end_matches([' ', '\t'])
        .strip_suffix(escape.char())
    {
        Some(piece) if !piece.ends_with(escape.char()) => (piece, true),
        _ => (line, false),
    }
}

/// An instruction's name in capitals at the very start of the line.
fn looks_like_instruction(line: &str) -> bool {
    line.split_once([' ', '\t'])
        .is_some_and(|(word, _)| Keyword::find(word).is_some_and(|known| known.as_str() == word))
}
