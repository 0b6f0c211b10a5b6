//! Words: quotes and the expansions in them.

use super::ast::{Operation, Parameter, Part, Word};
use super::parse::{Parsed, Parser};

/// A word that is only text.
pub(super) fn literal(text: &str) -> Word {
    Word(vec![Part::Literal {
        text: text.to_owned(),
        quoted: false,
    }])
}

/// Adds a character to the last part if that is text quoted alike.
fn push(parts: &mut Vec<Part>, c: char, is_quoted: bool) {
    if let Some(Part::Literal { text, quoted }) = parts.last_mut()
        && *quoted == is_quoted
    {
        text.push(c);
    } else {
        parts.push(Part::Literal {
            text: c.to_string(),
            quoted: is_quoted,
        });
    }
}

impl Parser {
    /// A word if one starts here.
    pub(super) fn word(&mut self) -> Parsed<Option<Word>> {
        self.nested(|parser| parser.word_until(|c| c.is_whitespace() || ";&|<>()".contains(c)))
    }

    /// The right side of `=~`, in which parentheses and bars are text.
    pub(super) fn regex_word(&mut self) -> Parsed<Option<Word>> {
        self.nested(|parser| parser.word_until(char::is_whitespace))
    }

    fn word_until(&mut self, ends: impl Fn(char) -> bool + Copy) -> Parsed<Option<Word>> {
        let start = self.at;
        let mut parts = Vec::new();
        while let Some(c) = self.peek() {
            match c {
                _ if ends(c) => break,
                '\\' => {
                    self.at += 1;
                    match self.peek() {
                        Some('\n') => self.at += 1,
                        Some(next) => {
                            push(&mut parts, next, true);
                            self.at += 1;
                        }
                        None => push(&mut parts, '\\', true),
                    }
                }
                '\'' => {
                    self.at += 1;
                    let text = self.up_to('\'')?;
                    parts.push(Part::Literal { text, quoted: true });
                }
                '"' => {
                    self.at += 1;
                    self.double_quoted(&mut parts, Some('"'))?;
                }
                '$' if self.peek_at(1) == Some('\'') => {
                    self.at += 2;
                    let text = self.ansi_quoted()?;
                    parts.push(Part::Literal { text, quoted: true });
                }
                '$' if self.peek_at(1) == Some('"') => self.at += 1,
                '$' | '`' => self.expansion(&mut parts, false)?,
                _ => {
                    push(&mut parts, c, false);
                    self.at += 1;
                }
            }
        }
        Ok(
            (self.at > start && !(parts.is_empty() && self.is_continuation(start)))
                .then_some(Word(parts)),
        )
    }

    fn is_continuation(&self, start: usize) -> bool {
        self.text(start, self.at)
            .chars()
            .all(|c| c == '\\' || c == '\n')
    }

    fn up_to(&mut self, end: char) -> Parsed<String> {
        let start = self.at;
        while let Some(c) = self.peek() {
            if c == end {
                let text = self.text(start, self.at);
                self.at += 1;
                return Ok(text);
            }
            self.at += 1;
        }
        Err(self.error(&format!(
            "unexpected EOF while looking for matching `{end}'"
        )))
    }

    fn ansi_quoted(&mut self) -> Parsed<String> {
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                '\'' => return Ok(text),
                '\\' => {
                    let next = self.peek();
                    self.at += 1;
                    match next {
                        Some('n') => text.push('\n'),
                        Some('t') => text.push('\t'),
                        Some('r') => text.push('\r'),
                        Some('e' | 'E') => text.push('\u{1b}'),
                        Some(other) => text.push(other),
                        None => break,
                    }
                }
                _ => text.push(c),
            }
        }
        Err(self.error("unexpected EOF while looking for matching `''"))
    }

    /// The body of an unquoted here-document, to the end of the input.
    pub(super) fn heredoc_body(&mut self) -> Parsed<Word> {
        let mut parts = Vec::new();
        self.nested(|parser| parser.double_quoted(&mut parts, None))?;
        Ok(Word(parts))
    }

    fn double_quoted(&mut self, parts: &mut Vec<Part>, end: Option<char>) -> Parsed<()> {
        let before = parts.len();
        while let Some(c) = self.peek() {
            match c {
                _ if Some(c) == end => {
                    self.at += 1;
                    if parts.len() == before {
                        parts.push(Part::Literal {
                            text: String::new(),
                            quoted: true,
                        });
                    }
                    return Ok(());
                }
                '\\' => {
                    self.at += 1;
                    match self.peek() {
                        Some('\n') => self.at += 1,
                        Some(next) if "$`\\".contains(next) || Some(next) == end => {
                            push(parts, next, true);
                            self.at += 1;
                        }
                        _ => push(parts, '\\', true),
                    }
                }
                '$' | '`' => self.expansion(parts, true)?,
                _ => {
                    push(parts, c, true);
                    self.at += 1;
                }
            }
        }
        match end {
            Some(end) => Err(self.error(&format!(
                "unexpected EOF while looking for matching `{end}'"
            ))),
            None => Ok(()),
        }
    }

    /// At `$` or a backquote.
    fn expansion(&mut self, parts: &mut Vec<Part>, quoted: bool) -> Parsed<()> {
        if self.eat("`") {
            let mut inner = String::new();
            loop {
                match self.peek() {
                    None => return Err(self.error("unexpected EOF while looking for matching ``'")),
                    Some('`') => break,
                    Some('\\') if matches!(self.peek_at(1), Some('`' | '\\' | '$')) => {
                        inner.extend(self.peek_at(1));
                        self.at += 2;
                    }
                    Some(c) => {
                        inner.push(c);
                        self.at += 1;
                    }
                }
            }
            self.at += 1;
            let list = self.nested(|_| super::parse::parse(&inner))?;
            parts.push(Part::Command { list, quoted });
            return Ok(());
        }
        if self.starts_with("$((") {
            let start = self.at;
            self.at += 1;
            if let Some(text) = self.arithmetic_text() {
                parts.push(Part::Arithmetic { text, quoted });
                return Ok(());
            }
            self.at = start;
        }
        if self.eat("$(") {
            let list = self.list(&[])?;
            self.skip_lines();
            if !self.eat(")") {
                return Err(self.error("unexpected EOF while looking for matching `)'"));
            }
            parts.push(Part::Command { list, quoted });
            return Ok(());
        }
        if self.eat("${") {
            let parameter = Box::new(self.nested(Self::braced)?);
            parts.push(Part::Parameter { parameter, quoted });
            return Ok(());
        }
        self.at += 1;
        let name = match self.peek() {
            Some(c) if "@*#?$!-0123456789".contains(c) => {
                self.at += 1;
                Some(c.to_string())
            }
            _ => self.name(),
        };
        match name {
            Some(name) => parts.push(Part::Parameter {
                parameter: Box::new(Parameter {
                    name,
                    index: None,
                    operation: Operation::None,
                }),
                quoted,
            }),
            None => push(parts, '$', quoted),
        }
        Ok(())
    }

    /// After `${`.
    fn braced(&mut self) -> Parsed<Parameter> {
        let length = self.peek() == Some('#') && self.peek_at(1) != Some('}');
        let indirect = self.peek() == Some('!');
        if length || indirect {
            self.at += 1;
        }
        let name = match self.peek() {
            Some(c) if "@*#?$!-".contains(c) => {
                self.at += 1;
                c.to_string()
            }
            Some(c) if c.is_ascii_digit() => {
                let start = self.at;
                while self.peek().is_some_and(|c| c.is_ascii_digit()) {
                    self.at += 1;
                }
                self.text(start, self.at)
            }
            _ => self.name().ok_or_else(|| self.error("bad substitution"))?,
        };
        let index = if self.eat("[") {
            Some(self.up_to(']')?)
        } else {
            None
        };
        let operation = if self.peek() == Some('}') {
            match (length, indirect) {
                (true, _) => Operation::Length,
                (_, true) => Operation::Indirect,
                _ => Operation::None,
            }
        } else {
            self.operation()?
        };
        if self.eat("}") {
            Ok(Parameter {
                name,
                index,
                operation,
            })
        } else {
            Err(self.error("bad substitution"))
        }
    }

    fn operation(&mut self) -> Parsed<Operation> {
        let colon =
            self.peek() == Some(':') && matches!(self.peek_at(1), Some('-' | '=' | '?' | '+'));
        if colon {
            self.at += 1;
        }
        match self.peek() {
            Some(kind @ ('-' | '=' | '?' | '+')) => {
                self.at += 1;
                let word = self.operand(|c| c == '}')?;
                Ok(Operation::Fallback { kind, colon, word })
            }
            Some(sign @ ('#' | '%')) => {
                self.at += 1;
                let longest = self.peek() == Some(sign);
                if longest {
                    self.at += 1;
                }
                let pattern = self.operand(|c| c == '}')?;
                Ok(Operation::Trim {
                    suffix: sign == '%',
                    longest,
                    pattern,
                })
            }
            Some('/') => {
                self.at += 1;
                let all = self.eat("/");
                let anchor = match self.peek() {
                    Some(c @ ('#' | '%')) if !all => {
                        self.at += 1;
                        c
                    }
                    _ => ' ',
                };
                let pattern = self.operand(|c| c == '}' || c == '/')?;
                let with = if self.eat("/") {
                    self.operand(|c| c == '}')?
                } else {
                    Word::default()
                };
                Ok(Operation::Replace {
                    all,
                    anchor,
                    pattern,
                    with,
                })
            }
            Some(':') => {
                self.at += 1;
                let start = self.at;
                while self.peek().is_some_and(|c| c != '}') {
                    self.at += 1;
                }
                let text = self.text(start, self.at);
                let (offset, length) = match text.split_once(':') {
                    Some((offset, length)) => (offset.to_owned(), Some(length.to_owned())),
                    None => (text, None),
                };
                Ok(Operation::Slice { offset, length })
            }
            Some(sign @ ('^' | ',')) => {
                self.at += 1;
                let all = self.peek() == Some(sign);
                if all {
                    self.at += 1;
                }
                Ok(Operation::Case {
                    upper: sign == '^',
                    all,
                })
            }
            _ => Err(self.error("bad substitution")),
        }
    }

    fn operand(&mut self, ends: impl Fn(char) -> bool + Copy) -> Parsed<Word> {
        Ok(self
            .nested(|parser| parser.word_until(ends))?
            .unwrap_or_default())
    }
}
