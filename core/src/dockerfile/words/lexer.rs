//! Reads a text character by character: quotes, escapes, `<<`; `$` is next door.

use std::collections::BTreeSet;

use super::error::{Fault, WordError};
use super::{Lexer, Processed, Variables};

/// One pass over one text.
pub(super) struct Reader<'a> {
    pub(super) lexer: Lexer,
    pub(super) text: &'a str,
    pub(super) rest: &'a str,
    pub(super) variables: &'a dyn Variables,
    pub(super) raw_escapes: bool,
    pub(super) depth: usize,
    /// The text is split into words too.
    splits: bool,
    /// Shared by nested reads, as BuildKit shares it: a `${a:-b}` drops the part of a split word
    /// that stands before it.
    buffer: String,
    pub(super) matched: BTreeSet<String>,
    pub(super) unmatched: BTreeSet<String>,
}

/// Collects words while a text is read, where somebody wants them.
#[derive(Default)]
struct Words {
    wanted: bool,
    done: Vec<String>,
    in_word: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(lexer: Lexer, text: &'a str, variables: &'a dyn Variables) -> Self {
        Self {
            lexer,
            text,
            // Go's scanner skips a byte order mark.
            rest: text.strip_prefix('\u{feff}').unwrap_or(text),
            variables,
            raw_escapes: lexer.raw_escapes,
            depth: 0,
            splits: false,
            buffer: String::new(),
            matched: BTreeSet::new(),
            unmatched: BTreeSet::new(),
        }
    }

    /// Splits the text into words as well.
    pub(super) fn splitting(mut self) -> Self {
        self.splits = true;
        self
    }

    pub(super) fn process(mut self) -> Processed {
        let (text, words) = match self.read_until(None, self.raw_escapes) {
            Ok((text, words)) => (Ok(text), words),
            Err(fault) => {
                let text = self.text.to_owned();
                (Err(WordError { text, fault }), Vec::new())
            }
        };
        Processed {
            text,
            words,
            matched: self.matched,
            unmatched: self.unmatched,
        }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next();
        self.rest = chars.as_str();
        c
    }

    /// Reads up to `stop`, which is consumed, or to the end for `None`.
    pub(super) fn read_until(
        &mut self,
        stop: Option<char>,
        raw_escapes: bool,
    ) -> Result<(String, Vec<String>), Fault> {
        let before = std::mem::replace(&mut self.raw_escapes, raw_escapes);
        let read = self.read_raw_until(stop);
        self.raw_escapes = before;
        read
    }

    fn read_raw_until(&mut self, stop: Option<char>) -> Result<(String, Vec<String>), Fault> {
        let escape = self.lexer.escape.char();
        let mut result = String::new();
        let mut words = Words {
            wanted: self.splits,
            ..Words::default()
        };
        self.buffer.clear();
        loop {
            let plain = self.plain(stop);
            words.add_str(&mut self.buffer, plain);
            result.push_str(plain);
            let Some(c) = self.peek() else {
                break;
            };
            if stop == Some(c) {
                self.next();
                return Ok((result, words.finish(&mut self.buffer)));
            }
            let special = match c {
                '$' => {
                    let value = self.dollar()?;
                    words.add_str(&mut self.buffer, &value);
                    result.push_str(&value);
                    continue;
                }
                '<' => self.angle(),
                '\'' if !self.lexer.skip_quotes => self.single_quoted()?,
                '"' if !self.lexer.skip_quotes => self.double_quoted()?,
                _ => {
                    self.next();
                    if c != escape {
                        words.add(&mut self.buffer, c);
                        result.push(c);
                        continue;
                    }
                    if self.raw_escapes {
                        words.add_raw(&mut self.buffer, c);
                        result.push(c);
                    }
                    let Some(escaped) = self.next() else {
                        break;
                    };
                    words.add_raw(&mut self.buffer, escaped);
                    result.push(escaped);
                    continue;
                }
            };
            words.add_special(&mut self.buffer, &special);
            result.push_str(&special);
        }
        match stop {
            Some('/') => Err(Fault::UnexpectedEnd("/")),
            Some(_) => Err(Fault::UnexpectedEnd("}")),
            None => Ok((result, words.finish(&mut self.buffer))),
        }
    }

    /// Takes the characters that mean nothing but themselves.
    fn plain(&mut self, stop: Option<char>) -> &'a str {
        let escape = self.lexer.escape.char();
        let end = self
            .rest
            .find(|c| matches!(c, '$' | '<' | '\'' | '"') || c == escape || Some(c) == stop);
        let (plain, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        plain
    }

    fn single_quoted(&mut self) -> Result<String, Fault> {
        self.next();
        let Some(end) = self.rest.find('\'') else {
            self.rest = "";
            return Err(Fault::UnexpectedEnd("single-quote"));
        };
        let inner = self.rest.get(..end).unwrap_or_default();
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
        Ok(if self.lexer.raw_quotes {
            format!("'{inner}'")
        } else {
            inner.to_owned()
        })
    }

    fn double_quoted(&mut self) -> Result<String, Fault> {
        let escape = self.lexer.escape.char();
        let mut result = String::new();
        self.next();
        if self.lexer.raw_quotes {
            result.push('"');
        }
        loop {
            match self.peek() {
                None => return Err(Fault::UnexpectedEnd("double-quote")),
                Some('"') => {
                    self.next();
                    if self.lexer.raw_quotes {
                        result.push('"');
                    }
                    return Ok(result);
                }
                Some('$') => result.push_str(&self.dollar()?),
                Some(c) if c == escape => {
                    self.next();
                    if self.raw_escapes {
                        result.push(c);
                    }
                    match self.peek() {
                        None => {}
                        Some(escaped) if matches!(escaped, '"' | '$') || escaped == escape => {
                            self.next();
                            result.push(escaped);
                        }
                        Some(_) => result.push(c),
                    }
                }
                Some(c) => {
                    self.next();
                    result.push(c);
                }
            }
        }
    }

    /// `<`, or `<<` with the blanks after it, which so do not split the word.
    fn angle(&mut self) -> String {
        self.next();
        if self.peek() != Some('<') {
            return "<".to_owned();
        }
        self.next();
        let after = self.rest.trim_start_matches(['\t', '\r', ' ']);
        let blanks = self.rest.len() - after.len();
        let result = format!("<<{}", self.rest.get(..blanks).unwrap_or_default());
        self.rest = after;
        result
    }

    /// Looks a variable up and remembers whether it was set.
    pub(super) fn variable(&mut self, name: &str) -> Option<String> {
        let value = self.variables.get(name);
        let seen = match value {
            Some(_) => &mut self.matched,
            None => &mut self.unmatched,
        };
        if !seen.contains(name) {
            seen.insert(name.to_owned());
        }
        value.map(str::to_owned)
    }
}

impl Words {
    fn add(&mut self, buffer: &mut String, c: char) {
        if !self.wanted {
            return;
        }
        if !c.is_whitespace() {
            self.add_raw(buffer, c);
        } else if self.in_word && !buffer.is_empty() {
            self.done.push(std::mem::take(buffer));
            self.in_word = false;
        }
    }

    fn add_raw(&mut self, buffer: &mut String, c: char) {
        if self.wanted {
            buffer.push(c);
            self.in_word = true;
        }
    }

    fn add_special(&mut self, buffer: &mut String, text: &str) {
        if self.wanted {
            buffer.push_str(text);
            self.in_word = true;
        }
    }

    fn add_str(&mut self, buffer: &mut String, text: &str) {
        if !self.wanted {
            return;
        }
        for c in text.chars() {
            self.add(buffer, c);
        }
    }

    fn finish(mut self, buffer: &mut String) -> Vec<String> {
        if !buffer.is_empty() {
            self.done.push(std::mem::take(buffer));
        }
        self.done
    }
}
