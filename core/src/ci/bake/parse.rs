//! Reads bodies of HCL: arguments and blocks.
//!
//! Source: hashicorp/hcl, `hclsyntax/parser.go`, whose texts these are. Expressions are in
//! `parse_expression`, strings in `parse_template`. Only the first fault of a file is told.

use super::syntax::{Attribute, Block, Body, Fault, Range};

/// Brackets, blocks and operators in each other at most.
const MAX_DEPTH: usize = 60;

pub(super) struct Parser<'a> {
    pub text: &'a str,
    pub file: usize,
    /// Of the file.
    name: &'a str,
    pub at: usize,
    /// Whether a line's end ends an expression.
    pub lines: bool,
    depth: usize,
}

/// The body of a file.
pub(super) fn parse(file: usize, name: &str, text: &str) -> Result<Body, Fault> {
    let mut parser = Parser::new(file, text);
    parser.name = name;
    if text.starts_with('\u{feff}') {
        return Err(Fault::new(
            "Unicode byte order mark found",
            "HCL files must be encoded as UTF-8 without a byte order mark.",
            Range {
                file,
                start: 0,
                end: 3,
            },
        ));
    }
    parser.body(None)
}

impl<'a> Parser<'a> {
    pub(super) fn new(file: usize, text: &'a str) -> Self {
        Self {
            text,
            file,
            name: "",
            at: 0,
            lines: true,
            depth: 0,
        }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn bump(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    pub(super) fn range(&self, start: usize) -> Range {
        Range {
            file: self.file,
            start,
            end: self.at,
        }
    }

    /// The place of the next character.
    pub(super) fn here(&self) -> Range {
        Range {
            file: self.file,
            start: self.at,
            end: self.at + self.peek().map_or(0, char::len_utf8),
        }
    }

    /// The place of the next word or sign.
    pub(super) fn next_token(&self) -> Range {
        let mut end = self.here();
        let word = name_length(self.rest());
        if word > 0 {
            end.end = self.at + word;
        }
        end
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    /// Over spaces and comments, and over line ends where they mean nothing.
    pub(super) fn space(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.len()
                - rest
                    .trim_start_matches(|c| matches!(c, ' ' | '\t') || (!self.lines && is_line(c)))
                    .len();
            self.at += blank;
            let rest = self.rest();
            if rest.starts_with('#') || rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.at += rest.find("*/").map_or(rest.len(), |end| end + 2);
            } else if blank == 0 || (rest.starts_with("\r\n") && self.lines) {
                return;
            }
        }
    }

    /// Over spaces, comments and line ends.
    pub(super) fn lines(&mut self) {
        let lines = std::mem::replace(&mut self.lines, false);
        self.space();
        self.lines = lines;
    }

    /// Does something with line ends meaning something or not, one level deeper.
    pub(super) fn deeper<T>(
        &mut self,
        lines: bool,
        work: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        if self.depth >= MAX_DEPTH {
            return Err(Fault::new(
                "Too much nesting",
                "polyarch reads at most 60 levels of brackets and blocks.",
                self.here(),
            ));
        }
        let before = std::mem::replace(&mut self.lines, lines);
        self.depth += 1;
        let done = work(self);
        self.depth -= 1;
        self.lines = before;
        done
    }

    /// A name, which may hold dashes.
    pub(super) fn word(&mut self) -> Option<(String, Range)> {
        let length = name_length(self.rest());
        let start = self.at;
        self.at += length;
        (length > 0).then(|| (self.text[start..self.at].to_owned(), self.range(start)))
    }

    /// Arguments and blocks to the end of the file, or of the block whose brace is given.
    fn body(&mut self, open: Option<Range>) -> Result<Body, Fault> {
        let in_block = open.is_some();
        let mut body = Body::default();
        loop {
            self.lines();
            match self.peek() {
                None if in_block => {
                    return Err(Fault::new(
                        "Unclosed configuration block",
                        "There is no closing brace for this block before the end of the file. \
                         This may be caused by incorrect brace nesting elsewhere in this file.",
                        open.unwrap_or_default(),
                    ));
                }
                None => return Ok(body),
                Some('}') if in_block => {
                    self.bump();
                    return Ok(body);
                }
                Some(_) => self.item(&mut body, false)?,
            }
        }
    }

    fn item(&mut self, body: &mut Body, in_line: bool) -> Result<(), Fault> {
        let required = "An argument or block definition is required here.";
        let Some((name, range)) = self.word() else {
            if self.peek() == Some('"') {
                return Err(Fault::new(
                    "Invalid argument name",
                    "Argument names must not be quoted.",
                    self.here(),
                ));
            }
            let summary = "Argument or block definition required";
            return Err(Fault::new(summary, required, self.here()));
        };
        self.space();
        let is_argument = self.rest().starts_with('=') && !self.rest().starts_with("==");
        if is_argument {
            let attribute = self.argument(name, range)?;
            if let Some(first) = body.attribute(&attribute.name) {
                return Err(Fault::new(
                    "Attribute redefined",
                    format!(
                        "The argument {:?} was already set at {}:{}. Each argument may be set only \
                         once.",
                        attribute.name,
                        self.name,
                        place(self.text, first.name_range)
                    ),
                    range,
                ));
            }
            body.attributes.push(attribute);
            return if in_line {
                Ok(())
            } else {
                self.line_end("argument")
            };
        }
        match self.peek() {
            Some('"' | '{') => body.blocks.push(self.block(name, range)?),
            Some(_) if name_length(self.rest()) > 0 => body.blocks.push(self.block(name, range)?),
            _ => {
                return Err(Fault::new(
                    "Argument or block definition required",
                    format!(
                        "{required} To set an argument, use the equals sign \"=\" to introduce \
                         the argument value."
                    ),
                    range,
                ));
            }
        }
        if in_line {
            Ok(())
        } else {
            self.line_end("block definition")
        }
    }

    fn argument(&mut self, name: String, name_range: Range) -> Result<Attribute, Fault> {
        self.at += 1;
        let value = self.deeper(true, Self::expression)?;
        Ok(Attribute {
            name,
            name_range,
            range: name_range.to(value.range),
            value,
        })
    }

    /// What stands behind an argument or block on its line: nothing.
    fn line_end(&mut self, what: &str) -> Result<(), Fault> {
        self.space();
        match self.peek() {
            None | Some('\n' | '\r') => Ok(()),
            Some(_) => {
                let article = if what == "argument" { "An" } else { "A" };
                Err(Fault::new(
                    &format!("Missing newline after {what}"),
                    format!("{article} {what} must end with a newline."),
                    self.next_token(),
                ))
            }
        }
    }

    fn block(&mut self, kind: String, kind_range: Range) -> Result<Block, Fault> {
        let mut labels = Vec::new();
        let mut range = kind_range;
        loop {
            self.space();
            match self.peek() {
                Some('{') => break,
                Some('"') => labels.push(self.plain_string()?),
                Some('=') => {
                    return Err(Fault::new(
                        "Invalid block definition",
                        "The equals sign \"=\" indicates an argument definition, and must not be \
                         used when defining a block.",
                        self.here(),
                    ));
                }
                Some('\n' | '\r') => {
                    return Err(Fault::new(
                        "Invalid block definition",
                        "A block definition must have block content delimited by \"{\" and \"}\", \
                         starting on the same line as the block header.",
                        self.here(),
                    ));
                }
                _ => match self.word() {
                    Some(label) => labels.push(label),
                    None => {
                        return Err(Fault::new(
                            "Invalid block definition",
                            "Either a quoted string block label or an opening brace (\"{\") is \
                             expected here.",
                            self.here(),
                        ));
                    }
                },
            }
            if let Some((_, last)) = labels.last() {
                range = kind_range.to(*last);
            }
        }
        let open = self.here();
        self.bump();
        self.space();
        let single_line = !matches!(self.peek(), None | Some('\n' | '\r' | '}'));
        let body = self.deeper(true, |parser| {
            if single_line {
                parser.line_body()
            } else {
                parser.body(Some(open))
            }
        })?;
        Ok(Block {
            kind,
            labels,
            range,
            open,
            single_line,
            body,
        })
    }

    /// The one argument of a block on one line, and its closing brace.
    fn line_body(&mut self) -> Result<Body, Fault> {
        let mut body = Body::default();
        self.item(&mut body, true)?;
        self.space();
        if body.blocks.is_empty() && !self.eat("}") {
            return Err(Fault::new(
                "Invalid single-argument block definition",
                "A single-line block definition must end with a closing brace immediately after \
                 its single argument definition.",
                self.next_token(),
            ));
        }
        if !body.blocks.is_empty() {
            self.lines();
            if !self.eat("}") {
                return Err(Fault::new(
                    "Unclosed configuration block",
                    "There is no closing brace for this block before the end of the file. This may \
                     be caused by incorrect brace nesting elsewhere in this file.",
                    self.here(),
                ));
            }
        }
        Ok(body)
    }
}

/// Bytes of the name that a text begins with.
pub(super) fn name_length(text: &str) -> usize {
    let mut length = 0;
    for c in text.chars() {
        let fits = c == '_' || c.is_alphabetic() || (length > 0 && (c == '-' || c.is_numeric()));
        if !fits {
            break;
        }
        length += c.len_utf8();
    }
    length
}

fn is_line(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

/// `line,column-column` of a range within one line, from 1, columns in characters; with both lines
/// where it spans several.
pub(super) fn place(text: &str, range: Range) -> String {
    let (line, column) = position(text, range.start);
    let (last, end) = position(text, range.end);
    if line == last {
        format!("{line},{column}-{end}")
    } else {
        format!("{line},{column}-{last},{end}")
    }
}

/// Line and column of a byte, from 1.
pub(super) fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |found| found + 1);
    (line, before[start..].chars().count() + 1)
}
