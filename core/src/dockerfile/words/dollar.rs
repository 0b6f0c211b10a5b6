//! `$name` and `${name…}` with every modifier that BuildKit knows.

use crate::dockerfile::quote::{is_digit, is_letter};

use super::error::Fault;
use super::lexer::Reader;
use super::pattern::Pattern;

/// Nesting of `${…}` that is followed. Real files nest two or three deep.
const DEPTH: usize = 100;

impl Reader<'_> {
    /// At `$`.
    pub(super) fn dollar(&mut self) -> Result<String, Fault> {
        self.next();
        if self.peek() != Some('{') {
            let name = self.name();
            if name.is_empty() {
                return Ok("$".to_owned());
            }
            return Ok(match self.variable(&name) {
                None if self.lexer.skip_unset => format!("${name}"),
                value => value.unwrap_or_default(),
            });
        }
        if self.depth >= DEPTH {
            return Err(Fault::TooDeep(DEPTH));
        }
        self.depth += 1;
        let value = self.braces();
        self.depth -= 1;
        value
    }

    /// At `{`.
    fn braces(&mut self) -> Result<String, Fault> {
        self.next();
        match self.peek() {
            None => return Err(Fault::MissingBrace),
            Some('{' | '}' | ':') => return Err(Fault::BadSubstitution),
            Some(_) => {}
        }
        let name = self.name();
        match self.next() {
            Some('}') => Ok(match self.variable(&name) {
                None if self.lexer.skip_unset => format!("${{{name}}}"),
                value => value.unwrap_or_default(),
            }),
            Some(':') => {
                let modifier = self.next();
                self.modified(&name, modifier, true)
            }
            modifier @ Some('+' | '-' | '?' | '#' | '%') => self.modified(&name, modifier, false),
            Some('/') => self.replaced(&name),
            other => Err(unsupported(other, false)),
        }
    }

    fn modified(
        &mut self,
        name: &str,
        modifier: Option<char>,
        colon: bool,
    ) -> Result<String, Fault> {
        let trims = matches!(modifier, Some('#' | '%'));
        if colon && trims {
            return Err(unsupported(modifier, colon));
        }
        let word = self.part('}', trims, Fault::MissingBrace)?;
        let value = self.variable(name);
        if value.is_none() && self.lexer.skip_unset {
            let modifier = spelled(modifier, colon);
            return Ok(format!("${{{name}{modifier}{word}}}"));
        }
        let missing = match &value {
            None => true,
            Some(value) => colon && value.is_empty(),
        };
        match modifier {
            Some('-') if missing => Ok(word),
            Some('+') if missing => Ok(String::new()),
            Some('+') => Ok(word),
            Some('?') if missing => Err(required(name, word, value.is_some())),
            Some('-' | '?') => Ok(value.unwrap_or_default()),
            Some('#') => trimmed(&word, &value.unwrap_or_default(), '#'),
            Some('%') => trimmed(&word, &value.unwrap_or_default(), '%'),
            other => Err(unsupported(other, colon)),
        }
    }

    /// `${name/pattern/replacement}`, and with `//` for all.
    fn replaced(&mut self, name: &str) -> Result<String, Fault> {
        let all = self.peek() == Some('/');
        if all {
            self.next();
        }
        let pattern = self.part('/', true, Fault::MissingSlash)?;
        let replacement = self.part('}', true, Fault::MissingBrace)?;
        let value = self.variable(name);
        if value.is_none() && self.lexer.skip_unset {
            return Ok(format!("${{{name}/{pattern}/{replacement}}}"));
        }
        let value = value.unwrap_or_default();
        let pattern = Pattern::new(&pattern, true)?;
        Ok(if all {
            pattern.replace_all(&value, &replacement)
        } else {
            pattern.replace_first(&value, &replacement)
        })
    }

    /// Reads a part of a substitution; if the text ends in it, that is `missing`.
    fn part(&mut self, stop: char, raw_escapes: bool, missing: Fault) -> Result<String, Fault> {
        match self.read_until(Some(stop), raw_escapes) {
            Ok((text, _)) => Ok(text),
            Err(_) if self.rest.is_empty() => Err(missing),
            Err(fault) => Err(fault),
        }
    }

    /// Letters, digits and `_`; or digits alone; or one special parameter; or nothing.
    fn name(&mut self) -> String {
        let rest = self.rest;
        let length = match self.peek() {
            Some(c) if is_digit(c) => run(rest, is_digit),
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => 1,
            Some(_) => run(rest, |c| is_letter(c) || is_digit(c) || c == '_'),
            None => 0,
        };
        self.rest = rest.get(length..).unwrap_or_default();
        rest.get(..length).unwrap_or_default().to_owned()
    }
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// `#` and `%` trim the shortest match, doubled ones the longest.
fn trimmed(word: &str, value: &str, modifier: char) -> Result<String, Fault> {
    let greedy = word.starts_with(modifier);
    let pattern = if greedy {
        word.get(1..).unwrap_or_default()
    } else {
        word
    };
    if modifier == '#' {
        return Ok(Pattern::new(pattern, greedy)?.trim_start(value).to_owned());
    }
    let reversed: String = value.chars().rev().collect();
    let pattern = Pattern::new(&reversed_pattern(pattern), greedy)?;
    Ok(pattern.trim_start(&reversed).chars().rev().collect())
}

/// The pattern backwards, each escape still before its character.
fn reversed_pattern(pattern: &str) -> String {
    let mut backwards = Vec::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            backwards.extend(chars.next());
        }
        backwards.push(c);
    }
    backwards.into_iter().rev().collect()
}

fn required(name: &str, word: String, set: bool) -> Fault {
    let message = match (word.is_empty(), set) {
        (false, _) => word,
        (true, false) => "is not allowed to be unset".to_owned(),
        (true, true) => "is not allowed to be empty".to_owned(),
    };
    Fault::Required {
        name: name.to_owned(),
        message,
    }
}

fn unsupported(modifier: Option<char>, colon: bool) -> Fault {
    Fault::UnsupportedModifier(spelled(modifier, colon))
}

/// The modifier as BuildKit prints it; the end of the text is U+FFFD.
fn spelled(modifier: Option<char>, colon: bool) -> String {
    let mut text = String::from(if colon { ":" } else { "" });
    text.push(modifier.unwrap_or(char::REPLACEMENT_CHARACTER));
    text
}
