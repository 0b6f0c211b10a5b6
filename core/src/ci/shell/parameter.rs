//! `${…}` with its operations, and brace lists.

use super::arithmetic;
use super::ast::{Operation, Parameter, Part, Word};
use super::expand::{Piece, Pieces};
use super::interpreter::{Flow, Shell};
use super::pattern::matches;
use super::variables::Variables;

impl Shell<'_, '_> {
    pub(super) fn parameter(
        &mut self,
        parameter: &Parameter,
        quoted: bool,
        pieces: &mut Pieces,
    ) -> Result<(), Flow> {
        if let Some(items) = self.list_of(parameter) {
            return self.push_list(&items, parameter, quoted, pieces);
        }
        let value = self.value_of(parameter)?;
        let text = match &parameter.operation {
            Operation::None => value,
            Operation::Length => Some(value.unwrap_or_default().chars().count().to_string()),
            Operation::Indirect => {
                let name = value.unwrap_or_default();
                self.lookup(&name)
            }
            Operation::Fallback { kind, colon, word } => {
                return self.fallback(parameter, value, (*kind, *colon), word, quoted, pieces);
            }
            Operation::Trim {
                suffix,
                longest,
                pattern,
            } => {
                let pattern = self.pattern(pattern)?;
                value.map(|v| trim(&v, &pattern, *suffix, *longest))
            }
            Operation::Replace {
                all,
                anchor,
                pattern,
                with,
            } => {
                let pattern = self.pattern(pattern)?;
                let with = self.expand(with)?;
                value.map(|v| replace(&v, &pattern, &with, *all, *anchor))
            }
            Operation::Slice { offset, length } => {
                let offset = self.arithmetic(offset)?;
                let length = match length {
                    Some(text) => Some(self.arithmetic(text)?),
                    None => None,
                };
                value.map(|v| slice(&v, offset, length))
            }
            Operation::Case { upper, all } => value.map(|v| change_case(&v, *upper, *all)),
        };
        if text.is_none() && self.options.nounset && parameter.operation == Operation::None {
            self.err(&format!("{}: unbound variable\n", parameter.name));
            return Err(Flow::Exit(1));
        }
        pieces.0.push(Piece::Text {
            text: text.unwrap_or_default(),
            quoted,
        });
        Ok(())
    }

    fn fallback(
        &mut self,
        parameter: &Parameter,
        value: Option<String>,
        (kind, colon): (char, bool),
        word: &Word,
        quoted: bool,
        pieces: &mut Pieces,
    ) -> Result<(), Flow> {
        let present = value.as_ref().is_some_and(|v| !colon || !v.is_empty());
        let use_word = if kind == '+' { present } else { !present };
        let text = if use_word {
            let text = self.expand(word)?;
            if kind == '=' {
                self.variables.set(&parameter.name, text.clone());
            }
            if kind == '?' {
                let text = if text.is_empty() {
                    "parameter null or not set".to_owned()
                } else {
                    text
                };
                self.err(&format!("{}: {text}\n", parameter.name));
                return Err(Flow::Exit(1));
            }
            text
        } else if kind == '+' {
            String::new()
        } else {
            value.unwrap_or_default()
        };
        pieces.0.push(Piece::Text { text, quoted });
        Ok(())
    }

    /// The items of `$@`, `$*` and whole arrays.
    fn list_of(&self, parameter: &Parameter) -> Option<Vec<String>> {
        if matches!(parameter.name.as_str(), "@" | "*") {
            return Some(self.variables.positional.clone());
        }
        if matches!(parameter.index.as_deref(), Some("@" | "*")) {
            let items = self
                .variables
                .array(&parameter.name)
                .map(<[String]>::to_vec);
            return Some(
                items.unwrap_or_else(|| self.lookup(&parameter.name).into_iter().collect()),
            );
        }
        None
    }

    fn push_list(
        &mut self,
        items: &[String],
        parameter: &Parameter,
        quoted: bool,
        pieces: &mut Pieces,
    ) -> Result<(), Flow> {
        let items: Vec<String> = match &parameter.operation {
            Operation::Length => vec![items.len().to_string()],
            Operation::Trim {
                suffix,
                longest,
                pattern,
            } => {
                let pattern = self.pattern(pattern)?;
                items
                    .iter()
                    .map(|v| trim(v, &pattern, *suffix, *longest))
                    .collect()
            }
            Operation::Replace {
                all,
                anchor,
                pattern,
                with,
            } => {
                let pattern = self.pattern(pattern)?;
                let with = self.expand(with)?;
                items
                    .iter()
                    .map(|v| replace(v, &pattern, &with, *all, *anchor))
                    .collect()
            }
            Operation::Fallback { word, kind, .. } if items.is_empty() == (*kind != '+') => {
                vec![self.expand(word)?]
            }
            _ => items.to_vec(),
        };
        let joined = quoted && (parameter.name == "*" || parameter.index.as_deref() == Some("*"));
        for (at, text) in items.into_iter().enumerate() {
            if at > 0 {
                if joined || !quoted {
                    pieces.0.push(Piece::Text {
                        text: " ".to_owned(),
                        quoted: joined,
                    });
                } else {
                    pieces.0.push(Piece::Break);
                }
            }
            pieces.0.push(Piece::Text { text, quoted });
        }
        Ok(())
    }

    fn value_of(&mut self, parameter: &Parameter) -> Result<Option<String>, Flow> {
        if let Some(index) = &parameter.index {
            let index = self.arithmetic(index)?;
            let items = self.variables.array(&parameter.name).unwrap_or_default();
            let at = if index < 0 {
                items
                    .len()
                    .checked_sub(usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX))
            } else {
                usize::try_from(index).ok()
            };
            return Ok(at.and_then(|at| items.get(at)).cloned());
        }
        Ok(self.lookup(&parameter.name))
    }

    /// A variable, positional or special parameter.
    pub(super) fn lookup(&self, name: &str) -> Option<String> {
        match name {
            "?" => Some(self.status.to_string()),
            "#" => Some(self.variables.positional.len().to_string()),
            "$" => Some("1".to_owned()),
            "!" => Some("42".to_owned()),
            "-" => Some(if self.options.errexit { "eB" } else { "B" }.to_owned()),
            "0" => Some("bash".to_owned()),
            "RANDOM" => Some("4711".to_owned()),
            "SECONDS" => Some(format!("{:.0}", self.world.clock)),
            "PWD" => Some(self.directory().to_owned()),
            _ => match name.parse::<usize>() {
                Ok(number) => self
                    .variables
                    .positional
                    .get(number.wrapping_sub(1))
                    .cloned(),
                Err(_) => self.variables.get(name).map(str::to_owned),
            },
        }
    }

    /// Evaluates an arithmetic text after expanding what is in it.
    pub(super) fn arithmetic(&mut self, text: &str) -> Result<i64, Flow> {
        let expanded = if text.contains(['$', '`']) {
            let quoted = format!("\"{}\"", text.replace('"', ""));
            match super::parse::parse(&format!(": {quoted}")) {
                Ok(list) => self.last_word(&list)?,
                Err(_) => text.to_owned(),
            }
        } else {
            text.to_owned()
        };
        if let Some(value) = arithmetic::evaluate(&expanded, &mut self.variables) {
            Ok(value)
        } else {
            self.err(&format!("{text}: arithmetic syntax error\n"));
            Err(Flow::Exit(1))
        }
    }

    fn last_word(&mut self, list: &super::ast::List) -> Result<String, Flow> {
        let command = list.first().and_then(|item| item.first.commands.first());
        match command.map(|c| &c.kind) {
            Some(super::ast::CommandKind::Simple { words, .. }) => match words.last() {
                Some(word) => self.expand(&word.clone()),
                None => Ok(String::new()),
            },
            _ => Ok(String::new()),
        }
    }
}

impl arithmetic::Scope for Variables {
    fn number(&self, name: &str) -> i64 {
        self.get(name)
            .and_then(|v| v.trim().parse().ok())
            .unwrap_or(0)
    }

    fn set(&mut self, name: &str, value: i64) {
        Variables::set(self, name, value.to_string());
    }
}

/// `a{b,c}d` in unquoted text; ranges such as `{1..3}` too.
pub(super) fn braces(word: &Word) -> Vec<Word> {
    let found = word.0.iter().enumerate().find_map(|(at, part)| match part {
        Part::Literal {
            text,
            quoted: false,
        } => brace_list(text).map(|list| (at, list)),
        _ => None,
    });
    let Some((at, (before, items, after))) = found else {
        return vec![word.clone()];
    };
    items
        .into_iter()
        .map(|item| {
            let mut parts = word.0.clone();
            parts[at] = Part::Literal {
                text: format!("{before}{item}{after}"),
                quoted: false,
            };
            Word(parts)
        })
        .collect()
}

fn brace_list(text: &str) -> Option<(String, Vec<String>, String)> {
    let open = text.find('{')?;
    let close = open + text[open..].find('}')?;
    let inside = text.get(open + 1..close)?;
    let items: Vec<String> = if inside.contains(',') {
        inside.split(',').take(100).map(str::to_owned).collect()
    } else {
        let (from, to) = inside.split_once("..")?;
        let (from, to): (i64, i64) = (from.parse().ok()?, to.parse().ok()?);
        if to.checked_sub(from)?.abs() > 1_000 {
            return None;
        }
        if from <= to {
            (from..=to).map(|n| n.to_string()).collect()
        } else {
            (to..=from).rev().map(|n| n.to_string()).collect()
        }
    };
    Some((text[..open].to_owned(), items, text[close + 1..].to_owned()))
}

/// Longest text for which patterns are tried at every place.
const MAX_MATCH: usize = 256;

fn trim(value: &str, pattern: &str, suffix: bool, longest: bool) -> String {
    if value.len() > MAX_MATCH {
        return value.to_owned();
    }
    let mut cuts: Vec<usize> = value
        .char_indices()
        .map(|(at, _)| at)
        .chain([value.len()])
        .collect();
    if suffix != longest {
        cuts.reverse();
    }
    for cut in cuts {
        let (head, tail) = value.split_at(cut);
        let (candidate, rest) = if suffix { (tail, head) } else { (head, tail) };
        if matches(pattern, candidate) {
            return rest.to_owned();
        }
    }
    value.to_owned()
}

fn replace(value: &str, pattern: &str, with: &str, all: bool, anchor: char) -> String {
    if pattern.is_empty() {
        return value.to_owned();
    }
    if anchor == ' ' && !pattern.contains(['*', '?', '[', '\\']) {
        let count = if all { usize::MAX } else { 1 };
        return value.replacen(pattern, with, count);
    }
    if value.len() > MAX_MATCH {
        return value.to_owned();
    }
    let mut result = String::new();
    let mut rest = value;
    let mut is_first = true;
    while !rest.is_empty() {
        let at_start = is_first || anchor != '#';
        let ends: Vec<usize> = rest
            .char_indices()
            .map(|(at, c)| at + c.len_utf8())
            .collect();
        let found = ends.into_iter().rev().find(|end| {
            at_start && (anchor != '%' || *end == rest.len()) && matches(pattern, &rest[..*end])
        });
        is_first = false;
        if let Some(stop) = found {
            result.push_str(with);
            rest = &rest[stop..];
            if !all {
                break;
            }
        } else {
            let first = rest.chars().next().map_or(1, char::len_utf8);
            result.push_str(&rest[..first]);
            rest = &rest[first..];
        }
    }
    result.push_str(rest);
    result
}

fn slice(value: &str, offset: i64, length: Option<i64>) -> String {
    let count = i64::try_from(value.chars().count()).unwrap_or(i64::MAX);
    let start = if offset < 0 {
        (count + offset).max(0)
    } else {
        offset.min(count)
    };
    let end = match length {
        None => count,
        Some(length) if length < 0 => (count + length).max(start),
        Some(length) => start.saturating_add(length).min(count),
    };
    let to_usize = |n: i64| usize::try_from(n).unwrap_or(0);
    value
        .chars()
        .skip(to_usize(start))
        .take(to_usize(end - start))
        .collect()
}

fn change_case(value: &str, upper: bool, all: bool) -> String {
    let change = |text: &str| {
        if upper {
            text.to_uppercase()
        } else {
            text.to_lowercase()
        }
    };
    if all {
        return change(value);
    }
    let width = value.chars().next().map_or(0, char::len_utf8);
    format!("{}{}", change(&value[..width]), &value[width..])
}
