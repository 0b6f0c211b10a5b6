//! One instruction taken apart as BuildKit's line parsers do, before it is typed.

use crate::diagnostic::Span;

use super::ast::{Flag, Word};
use super::escape::Escape;
use super::json::{self, Json};
use super::keyword::Keyword;
use super::line::Logical;
use super::quote::quote;
use super::split::{self, BLANKS, Range};

/// An instruction in pieces.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) keyword: Word,
    /// `None` if BuildKit does not know it.
    pub(super) known: Option<Keyword>,
    /// The whole text, white space at its ends included.
    pub(super) original: String,
    pub(super) flags: Vec<Flag>,
    pub(super) arguments: Vec<Word>,
    /// ENV, LABEL and ARG: the arguments at their first `=`.
    pub(super) pairs: Vec<(Word, Option<Word>)>,
    /// ENV and LABEL without `=`.
    pub(super) legacy: bool,
    pub(super) json: bool,
    /// ONBUILD: the instruction inside.
    pub(super) inner: Option<Box<Node>>,
}

/// What BuildKit refuses, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) span: Span,
}

/// ONBUILD in ONBUILD is refused later, so following it further only costs.
const INNER_DEPTH: usize = 2;

impl Node {
    /// Takes a logical line apart. A fault comes with what was understood without the faulty
    /// arguments.
    pub(super) fn read(line: &Logical, escape: Escape) -> (Self, Option<Fault>) {
        let range = Range {
            start: 0,
            end: line.text.len(),
        };
        read(line, range, escape, INNER_DEPTH)
    }

    /// ADD, COPY and RUN start heredocs, also within ONBUILD, unless in JSON form.
    pub(super) fn can_start_heredocs(&self) -> bool {
        let node = match (self.known, &self.inner) {
            (Some(Keyword::Onbuild), Some(inner)) => inner,
            _ => self,
        };
        !node.json
            && matches!(
                node.known,
                Some(Keyword::Add | Keyword::Copy | Keyword::Run)
            )
    }
}

fn read(line: &Logical, range: Range, escape: Escape, depth: usize) -> (Node, Option<Fault>) {
    let parts = split::parts(line, range, escape);
    let keyword = line.word(parts.keyword.start, parts.keyword.end);
    let mut node = Node {
        known: Keyword::find(&keyword.text),
        keyword,
        original: range.of(line).to_owned(),
        flags: parts.flags,
        arguments: Vec::new(),
        pairs: Vec::new(),
        legacy: false,
        json: false,
        inner: None,
    };
    let rest = parts.arguments;
    let fault = match node.known {
        None => Ok(()),
        Some(Keyword::Add | Keyword::Copy | Keyword::Volume) => node.json_or(line, rest, |node| {
            node.arguments = split::plain_words(line, rest);
        }),
        Some(Keyword::Cmd | Keyword::Entrypoint | Keyword::Run | Keyword::Shell) => {
            node.json_or(line, rest, |node| node.whole(line, rest))
        }
        Some(Keyword::Expose | Keyword::From) => {
            node.arguments = split::plain_words(line, rest);
            Ok(())
        }
        Some(Keyword::Maintainer | Keyword::Stopsignal | Keyword::User | Keyword::Workdir) => {
            node.whole(line, rest);
            Ok(())
        }
        Some(Keyword::Env) => node.name_values(line, rest, escape, "ENV"),
        Some(Keyword::Label) => node.name_values(line, rest, escape, "LABEL"),
        Some(Keyword::Arg) => {
            for word in split::quoted_words(line, rest, escape) {
                node.pair(line, word);
            }
            Ok(())
        }
        Some(Keyword::Healthcheck) => node.healthcheck(line, rest),
        Some(Keyword::Onbuild) => node.onbuild(line, rest, escape, depth),
    };
    (node, fault.err())
}

impl Node {
    /// The text as one argument.
    fn whole(&mut self, line: &Logical, range: Range) {
        if range.start < range.end {
            self.arguments.push(line.word(range.start, range.end));
        }
    }

    /// A JSON array of strings, or what `otherwise` makes of the text.
    fn json_or(
        &mut self,
        line: &Logical,
        range: Range,
        otherwise: impl FnOnce(&mut Self),
    ) -> Result<(), Fault> {
        match json::read(range.of(line)) {
            Json::Strings(strings) => {
                self.json = true;
                self.arguments
                    .extend(strings.into_iter().map(|(text, start, end)| Word {
                        text,
                        span: line.span(range.start + start, range.start + end),
                    }));
                Ok(())
            }
            Json::OtherArray => Err(Fault {
                message: "when using JSON array syntax, arrays must be comprised of strings only"
                    .to_owned(),
                span: line.span(range.start, range.end),
            }),
            Json::Neither => {
                otherwise(self);
                Ok(())
            }
        }
    }

    /// ENV and LABEL: `name=value …`, or `name value` if the first word has no `=`.
    fn name_values(
        &mut self,
        line: &Logical,
        range: Range,
        escape: Escape,
        keyword: &str,
    ) -> Result<(), Fault> {
        let words = split::quoted_words(line, range, escape);
        let Some(first) = words.first() else {
            return Ok(());
        };
        if !first.of(line).contains('=') {
            return self.legacy(line, range, keyword);
        }
        for word in words {
            if !word.of(line).contains('=') {
                let quoted = quote(word.of(line));
                return Err(Fault {
                    message: format!(
                        "Syntax error - can't find = in {quoted}. Must be of the form: name=value"
                    ),
                    span: line.span(word.start, word.end),
                });
            }
            self.pair(line, word);
        }
        Ok(())
    }

    fn legacy(&mut self, line: &Logical, range: Range, keyword: &str) -> Result<(), Fault> {
        let text = range.of(line);
        let Some((name, rest)) = text.split_once(BLANKS) else {
            return Err(Fault {
                message: format!("{keyword} must have two arguments"),
                span: line.span(range.start, range.end),
            });
        };
        let value = rest.trim_start_matches(BLANKS);
        let name = line.word(range.start, range.start + name.len());
        let value = line.word(range.end - value.len(), range.end);
        self.arguments = vec![name.clone(), value.clone()];
        self.pairs.push((name, Some(value)));
        self.legacy = true;
        Ok(())
    }

    fn pair(&mut self, line: &Logical, word: Range) {
        self.arguments.push(line.word(word.start, word.end));
        let pair = match word.of(line).find('=') {
            None => (line.word(word.start, word.end), None),
            Some(at) => {
                let at = word.start + at;
                (line.word(word.start, at), Some(line.word(at + 1, word.end)))
            }
        };
        self.pairs.push(pair);
    }

    /// A type word, then a command. BuildKit looks for blanks byte by byte, so that a byte of a
    /// longer character may count as one; what is left of such a character becomes U+FFFD.
    fn healthcheck(&mut self, line: &Logical, range: Range) -> Result<(), Fault> {
        let blank = |byte: &u8| char::from(*byte).is_whitespace();
        let bytes = range.of(line).as_bytes();
        if bytes.is_empty() {
            return Ok(());
        }
        let end = bytes.iter().position(blank).unwrap_or(bytes.len());
        let (kind, after) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
        let blanks = after
            .iter()
            .position(|byte| !blank(byte))
            .unwrap_or(after.len());
        let command = Range {
            start: split::boundary(&line.text, range.start + end + blanks),
            end: range.end,
        };
        self.arguments.push(Word {
            text: decoded(kind),
            span: line.span(range.start, split::boundary(&line.text, range.start + end)),
        });
        self.json_or(line, command, |node| node.whole(line, command))
    }

    fn onbuild(
        &mut self,
        line: &Logical,
        range: Range,
        escape: Escape,
        depth: usize,
    ) -> Result<(), Fault> {
        if range.start >= range.end {
            return Ok(());
        }
        if depth == 0 {
            self.whole(line, range);
            return Ok(());
        }
        let (inner, fault) = read(line, range, escape, depth - 1);
        self.arguments.push(inner.keyword.clone());
        self.arguments.extend(inner.arguments.iter().cloned());
        self.inner = Some(Box::new(inner));
        fault.map_or(Ok(()), Err)
    }
}

/// As Go decodes: U+FFFD for each byte that is no UTF-8.
fn decoded(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text
}
