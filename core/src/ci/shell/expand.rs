//! From words to fields: expansions, splitting at blanks, file patterns.

use super::ast::{Part, Word};
use super::interpreter::{Flow, Shell};

/// Fields that one word may become.
const MAX_FIELDS: usize = 4_000;

/// Text of which each piece knows whether it was quoted.
#[derive(Default)]
pub(super) struct Pieces(pub(super) Vec<Piece>);

pub(super) enum Piece {
    Text {
        text: String,
        quoted: bool,
    },
    /// Between the items of `"$@"`.
    Break,
}

impl Shell<'_, '_> {
    /// The fields of all words, for a command line.
    pub(super) fn fields(&mut self, words: &[Word]) -> Result<Vec<String>, Flow> {
        let mut fields = Vec::new();
        for word in words {
            for variant in super::parameter::braces(word) {
                let pieces = self.pieces(&variant)?;
                self.split(pieces, &mut fields);
            }
            if fields.len() > MAX_FIELDS {
                fields.truncate(MAX_FIELDS);
            }
        }
        Ok(fields)
    }

    /// One text, as in assignments and redirections: neither split nor matched with files.
    pub(super) fn expand(&mut self, word: &Word) -> Result<String, Flow> {
        let mut text = String::new();
        for piece in self.pieces(word)?.0 {
            match piece {
                Piece::Text { text: piece, .. } => text.push_str(&piece),
                Piece::Break => text.push(' '),
            }
        }
        Ok(text)
    }

    /// A pattern: quoted characters lose their power.
    pub(super) fn pattern(&mut self, word: &Word) -> Result<String, Flow> {
        let mut pattern = String::new();
        for piece in self.pieces(word)?.0 {
            let Piece::Text { text, quoted } = piece else {
                continue;
            };
            for c in text.chars() {
                if quoted && "*?[]\\".contains(c) {
                    pattern.push('\\');
                }
                pattern.push(c);
            }
        }
        Ok(pattern)
    }

    fn pieces(&mut self, word: &Word) -> Result<Pieces, Flow> {
        let mut pieces = Pieces::default();
        for (at, part) in word.0.iter().enumerate() {
            match part {
                Part::Literal { text, quoted } => {
                    let text = if at == 0 && !quoted {
                        self.tilde(text)
                    } else {
                        text.clone()
                    };
                    pieces.0.push(Piece::Text {
                        text,
                        quoted: *quoted,
                    });
                }
                Part::Parameter { parameter, quoted } => {
                    self.parameter(parameter, *quoted, &mut pieces)?;
                }
                Part::Command { list, quoted } => {
                    let text = self.substitute(list)?;
                    pieces.0.push(Piece::Text {
                        text,
                        quoted: *quoted,
                    });
                }
                Part::Arithmetic { text, quoted } => {
                    let value = self.arithmetic(text)?;
                    pieces.0.push(Piece::Text {
                        text: value.to_string(),
                        quoted: *quoted,
                    });
                }
            }
        }
        Ok(pieces)
    }

    fn tilde(&self, text: &str) -> String {
        match text.strip_prefix('~') {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                format!("{}{rest}", self.variables.get("HOME").unwrap_or("/root"))
            }
            _ => text.to_owned(),
        }
    }

    /// `IFS` is taken to be blanks unless it is set.
    fn split(&self, pieces: Pieces, fields: &mut Vec<String>) {
        let separators = self.variables.get("IFS").unwrap_or(" \t\n").to_owned();
        let mut field = String::new();
        let mut pattern = String::new();
        let mut open = false;
        let mut is_pattern = false;
        let mut finish = |field: &mut String, pattern: &mut String, is_pattern: &mut bool| {
            let matched = if *is_pattern {
                self.world.files.matching(pattern, self.directory())
            } else {
                Vec::new()
            };
            if matched.is_empty() {
                fields.push(std::mem::take(field));
            } else {
                fields.extend(matched);
            }
            field.clear();
            pattern.clear();
            *is_pattern = false;
        };
        for piece in pieces.0 {
            match piece {
                Piece::Break => {
                    finish(&mut field, &mut pattern, &mut is_pattern);
                    open = false;
                }
                Piece::Text { text, quoted: true } => {
                    field.push_str(&text);
                    for c in text.chars() {
                        if "*?[]\\".contains(c) {
                            pattern.push('\\');
                        }
                        pattern.push(c);
                    }
                    open = true;
                }
                Piece::Text {
                    text,
                    quoted: false,
                } => {
                    for c in text.chars() {
                        if separators.contains(c) {
                            if open {
                                finish(&mut field, &mut pattern, &mut is_pattern);
                            }
                            open = false;
                        } else {
                            is_pattern |= "*?[".contains(c);
                            field.push(c);
                            pattern.push(c);
                            open = true;
                        }
                    }
                }
            }
        }
        if open {
            finish(&mut field, &mut pattern, &mut is_pattern);
        }
    }
}
