//! Bake files in HCL, as far as people write them: groups, targets, variables, strings with
//! `${name}`, lists, maps.
//!
//! Functions, matrices and conditions are not read; such a value is left out and reported.

use std::collections::BTreeMap;

/// A value with its parts in file order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
    /// Not read.
    Other,
}

/// `kind "label" { key = value }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) kind: String,
    pub(super) label: String,
    pub(super) entries: Vec<(String, Value)>,
}

const MAX_DEPTH: usize = 20;

/// Reads all blocks; `None` where the text has another shape.
pub(super) fn parse(text: &str, variables: &dyn Fn(&str) -> Option<String>) -> Option<Vec<Block>> {
    let mut parser = Parser {
        characters: text.chars().collect(),
        at: 0,
        depth: 0,
    };
    let mut blocks = Vec::new();
    loop {
        parser.skip();
        if parser.peek().is_none() {
            break;
        }
        blocks.push(parser.block()?);
    }
    let mut known = BTreeMap::new();
    for block in blocks.iter().filter(|b| b.kind == "variable") {
        let default = block
            .entries
            .iter()
            .find(|(k, _)| k == "default")
            .map(|(_, v)| v.text());
        let value = variables(&block.label).or(default.flatten());
        known.insert(block.label.clone(), value.unwrap_or_default());
    }
    for block in &mut blocks {
        for (_, value) in &mut block.entries {
            value.resolve(&known);
        }
    }
    Some(blocks)
}

impl Value {
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::List(_) | Self::Map(_) | Self::Other => None,
        }
    }

    pub(super) fn texts(&self) -> Vec<String> {
        match self {
            Self::Text(text) => vec![text.clone()],
            Self::List(items) => items.iter().filter_map(Self::text).collect(),
            Self::Map(_) | Self::Other => Vec::new(),
        }
    }

    fn resolve(&mut self, known: &BTreeMap<String, String>) {
        match self {
            Self::Text(text) => {
                for (name, value) in known {
                    *text = text.replace(&format!("${{{name}}}"), value);
                }
            }
            Self::List(items) => items.iter_mut().for_each(|i| i.resolve(known)),
            Self::Map(entries) => entries.iter_mut().for_each(|(_, v)| v.resolve(known)),
            Self::Other => {}
        }
    }
}

struct Parser {
    characters: Vec<char>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn rest_starts_with(&self, text: &str) -> bool {
        text.chars()
            .enumerate()
            .all(|(n, c)| self.characters.get(self.at + n) == Some(&c))
    }

    fn skip(&mut self) {
        while let Some(c) = self.peek() {
            if c.is_whitespace() || c == ',' {
                self.at += 1;
            } else if c == '#' || self.rest_starts_with("//") {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.at += 1;
                }
            } else if self.rest_starts_with("/*") {
                while self.peek().is_some() && !self.rest_starts_with("*/") {
                    self.at += 1;
                }
                self.at += 2;
            } else {
                return;
            }
        }
    }

    fn eat(&mut self, c: char) -> bool {
        self.skip();
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self) -> Option<String> {
        self.skip();
        if self.peek() == Some('"') {
            return self.string();
        }
        let start = self.at;
        while self
            .peek()
            .is_some_and(|c| c.is_alphanumeric() || "_-.".contains(c))
        {
            self.at += 1;
        }
        (self.at > start).then(|| self.characters[start..self.at].iter().collect())
    }

    fn string(&mut self) -> Option<String> {
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                '"' => return Some(text),
                '\\' => {
                    let next = self.peek()?;
                    self.at += 1;
                    text.push(if next == 'n' { '\n' } else { next });
                }
                other => text.push(other),
            }
        }
        None
    }

    fn block(&mut self) -> Option<Block> {
        let kind = self.word()?;
        self.skip();
        let label = if self.peek() == Some('"') {
            self.string()?
        } else {
            String::new()
        };
        if !self.eat('{') {
            // A top-level `name = value`, as variable files have it.
            if !self.eat('=') {
                return None;
            }
            let value = self.value()?;
            return Some(Block {
                kind: "attribute".to_owned(),
                label: kind.clone(),
                entries: vec![(kind, value)],
            });
        }
        let entries = self.entries()?;
        Some(Block {
            kind,
            label,
            entries,
        })
    }

    fn entries(&mut self) -> Option<Vec<(String, Value)>> {
        if self.depth > MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let mut entries = Vec::new();
        loop {
            if self.eat('}') {
                self.depth -= 1;
                return Some(entries);
            }
            let key = self.word()?;
            if !self.eat('=') && !self.eat(':') {
                // A nested block such as `matrix { … }` or `validation { … }`.
                self.skip();
                if self.peek() == Some('"') {
                    self.string()?;
                }
                if !self.eat('{') {
                    return None;
                }
                entries.push((key, Value::Map(self.entries()?)));
                continue;
            }
            let value = self.value()?;
            entries.push((key, value));
        }
    }

    fn value(&mut self) -> Option<Value> {
        self.skip();
        match self.peek()? {
            '"' => {
                let text = self.string()?;
                Some(Value::Text(text))
            }
            '[' => {
                self.at += 1;
                if self.depth > MAX_DEPTH {
                    return None;
                }
                self.depth += 1;
                let mut items = Vec::new();
                while !self.eat(']') {
                    self.peek()?;
                    items.push(self.value()?);
                }
                self.depth -= 1;
                Some(Value::List(items))
            }
            '{' => {
                self.at += 1;
                Some(Value::Map(self.entries()?))
            }
            _ => self.expression(),
        }
    }

    /// A bare word is a number, truth value or variable; anything longer is not read.
    fn expression(&mut self) -> Option<Value> {
        let word = self.word()?;
        let mut end = self.at;
        let mut depth = 0_usize;
        while let Some(c) = self.characters.get(end) {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' if depth > 0 => depth -= 1,
                ')' | ']' | '}' | ',' | '\n' if depth == 0 => break,
                _ => {}
            }
            end += 1;
        }
        let tail: String = self.characters[self.at..end].iter().collect();
        if tail.trim().is_empty() || tail.trim_start().starts_with('#') {
            let is_plain =
                word.parse::<f64>().is_ok() || matches!(word.as_str(), "true" | "false" | "null");
            return Some(Value::Text(if is_plain {
                word
            } else {
                format!("${{{word}}}")
            }));
        }
        self.at = end;
        Some(Value::Other)
    }
}
