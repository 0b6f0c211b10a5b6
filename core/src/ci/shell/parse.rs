//! Lists, pipelines and simple commands; recursive descent over characters with a depth limit.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::ast::{
    Assignment, Command, CommandKind, Connector, Item, List, Part, Pipeline, Redirect,
    RedirectKind, Value, Word,
};

/// Nesting of compound commands, substitutions and quotes together.
const MAX_DEPTH: usize = 40;

/// Bytes of one script.
const MAX_BYTES: usize = 256 << 10;

/// Why a script is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// Line within the script, from 0.
    pub line: usize,
    pub message: String,
}

pub(super) type Parsed<T> = Result<T, SyntaxError>;

/// Reads a whole script.
pub fn parse(script: &str) -> Parsed<List> {
    if script.len() > MAX_BYTES {
        return Err(SyntaxError {
            line: 0,
            message: "the script is longer than 256 KiB".to_owned(),
        });
    }
    let mut parser = Parser::new(script);
    let list = parser.list(&[])?;
    match parser.peek() {
        None => Ok(list),
        Some(other) => Err(parser.error(&format!("syntax error near unexpected token `{other}'"))),
    }
}

pub(super) struct Parser {
    characters: Vec<char>,
    pub(super) at: usize,
    depth: usize,
    /// Where reading goes on after a line break whose line announced here-documents.
    jumps: BTreeMap<usize, usize>,
    /// A place whose line is known, so that lines are counted once.
    known: Cell<(usize, usize)>,
}

impl Parser {
    pub(super) fn new(script: &str) -> Self {
        Self {
            characters: script.chars().collect(),
            at: 0,
            depth: 0,
            jumps: BTreeMap::new(),
            known: Cell::new((0, 0)),
        }
    }

    pub(super) fn error(&self, message: &str) -> SyntaxError {
        SyntaxError {
            line: self.line(),
            message: message.to_owned(),
        }
    }

    pub(super) fn line(&self) -> usize {
        let end = self.at.min(self.characters.len());
        let (from, line) = self.known.get();
        let (from, line) = if from <= end { (from, line) } else { (0, 0) };
        let passed = self.characters.get(from..end).unwrap_or_default();
        let line = line + passed.iter().filter(|c| **c == '\n').count();
        self.known.set((end, line));
        line
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.at + ahead).copied()
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        text.chars()
            .enumerate()
            .all(|(n, c)| self.peek_at(n) == Some(c))
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        let found = self.starts_with(text);
        if found {
            self.at += text.chars().count();
        }
        found
    }

    pub(super) fn text(&self, start: usize, end: usize) -> String {
        self.characters
            .get(start..end)
            .unwrap_or_default()
            .iter()
            .collect()
    }

    /// Runs a nested rule within the depth limit.
    pub(super) fn nested<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_DEPTH {
            return Err(self.error("the script is nested too deep"));
        }
        self.depth += 1;
        let result = rule(self);
        self.depth -= 1;
        result
    }

    /// Blanks, continued lines and comments, but no line break.
    pub(super) fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\r') => self.at += 1,
                Some('\\') if self.peek_at(1) == Some('\n') => self.at += 2,
                Some('#') if self.at == 0 || self.is_word_start() => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                _ => return,
            }
        }
    }

    fn is_word_start(&self) -> bool {
        self.characters
            .get(self.at.wrapping_sub(1))
            .is_none_or(|c| c.is_whitespace() || ";&|()".contains(*c))
    }

    /// Line breaks and blanks; a line break also skips the here-documents of its line.
    pub(super) fn skip_lines(&mut self) {
        loop {
            self.skip_blanks();
            if self.peek() != Some('\n') {
                return;
            }
            self.line_break();
        }
    }

    fn line_break(&mut self) {
        self.at = self.jumps.get(&self.at).copied().unwrap_or(self.at + 1);
    }

    /// Commands up to a closing word, `)` or `;;`, or the end.
    pub(super) fn list(&mut self, stop: &[&str]) -> Parsed<List> {
        self.nested(|parser| parser.list_inner(stop))
    }

    fn list_inner(&mut self, stop: &[&str]) -> Parsed<List> {
        let mut items = Vec::new();
        loop {
            self.skip_lines();
            let ends = self.peek().is_none_or(|c| c == ')') || self.starts_with(";;");
            if ends || stop.iter().any(|word| self.at_word(word)) {
                break;
            }
            let mut item = self.item()?;
            self.skip_blanks();
            match self.peek() {
                Some('&') if self.peek_at(1) != Some('&') => {
                    self.at += 1;
                    item.background = true;
                }
                Some(';') if self.peek_at(1) != Some(';') => self.at += 1,
                Some('\n') => self.line_break(),
                None | Some(')' | ';') => {}
                Some(found) => {
                    return Err(
                        self.error(&format!("syntax error near unexpected token `{found}'"))
                    );
                }
            }
            items.push(item);
        }
        Ok(items)
    }

    fn item(&mut self) -> Parsed<Item> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.skip_blanks();
            let connector = if self.eat("&&") {
                Connector::And
            } else if self.eat("||") {
                Connector::Or
            } else {
                break;
            };
            self.skip_lines();
            rest.push((connector, self.pipeline()?));
        }
        Ok(Item {
            first,
            rest,
            background: false,
        })
    }

    fn pipeline(&mut self) -> Parsed<Pipeline> {
        let mut negated = false;
        self.skip_blanks();
        while self.peek() == Some('!') && self.peek_at(1).is_some_and(char::is_whitespace) {
            negated = !negated;
            self.at += 1;
            self.skip_blanks();
        }
        let mut commands = vec![self.nested(Self::command)?];
        loop {
            self.skip_blanks();
            if self.peek() != Some('|') || self.peek_at(1) == Some('|') {
                break;
            }
            self.at += 1;
            if self.peek() == Some('&') {
                self.at += 1;
                if let Some(last) = commands.last_mut() {
                    last.redirects.push(Redirect {
                        descriptor: 2,
                        kind: RedirectKind::Duplicate("1".to_owned()),
                    });
                }
            }
            self.skip_lines();
            commands.push(self.nested(Self::command)?);
        }
        Ok(Pipeline { negated, commands })
    }

    fn command(&mut self) -> Parsed<Command> {
        self.skip_blanks();
        let line = self.line();
        if let Some(kind) = self.compound()? {
            let mut redirects = Vec::new();
            loop {
                self.skip_blanks();
                match self.redirect()? {
                    Some(redirect) => redirects.push(redirect),
                    None => break,
                }
            }
            return Ok(Command {
                kind,
                redirects,
                line,
            });
        }
        self.simple(line)
    }

    fn simple(&mut self, line: usize) -> Parsed<Command> {
        let mut assignments = Vec::new();
        let mut words = Vec::new();
        let mut redirects = Vec::new();
        loop {
            self.skip_blanks();
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
                continue;
            }
            if words.is_empty()
                && let Some(assignment) = self.assignment()?
            {
                assignments.push(assignment);
                continue;
            }
            match self.word()? {
                Some(word) => words.push(word),
                None => break,
            }
            if words.len() == 1 && self.is_declaration(&words) {
                self.declared(&mut words)?;
            }
        }
        if words.is_empty() && assignments.is_empty() && redirects.is_empty() {
            let found = self
                .peek()
                .map_or_else(|| "newline".to_owned(), String::from);
            return Err(self.error(&format!("syntax error near unexpected token `{found}'")));
        }
        Ok(Command {
            kind: CommandKind::Simple { assignments, words },
            redirects,
            line,
        })
    }

    #[expect(
        clippy::unused_self,
        reason = "reads as part of the rule that calls it"
    )]
    fn is_declaration(&self, words: &[Word]) -> bool {
        let name = words.first().and_then(Word::literal);
        matches!(
            name.as_deref(),
            Some("export" | "local" | "declare" | "readonly" | "typeset")
        )
    }

    /// `declare -a x=(…)`: an array among the words becomes its items after `name=`.
    fn declared(&mut self, words: &mut Vec<Word>) -> Parsed<()> {
        loop {
            self.skip_blanks();
            let start = self.at;
            let Some(assignment) = self.assignment()? else {
                return Ok(());
            };
            let Value::Array(items) = assignment.value else {
                self.at = start;
                return Ok(());
            };
            let name = format!("{}=", assignment.name);
            words.push(Word(vec![Part::Literal {
                text: name,
                quoted: true,
            }]));
            words.extend(items);
        }
    }

    /// `name=`, `name+=` or `name[i]=` with its value.
    fn assignment(&mut self) -> Parsed<Option<Assignment>> {
        let start = self.at;
        let Some(name) = self.name() else {
            return Ok(None);
        };
        let index = if self.peek() == Some('[') {
            let open = self.at + 1;
            while self.peek().is_some_and(|c| c != ']' && !c.is_whitespace()) {
                self.at += 1;
            }
            let index = self.text(open, self.at);
            if !self.eat("]") {
                self.at = start;
                return Ok(None);
            }
            Some(index)
        } else {
            None
        };
        let append = self.starts_with("+=");
        if !self.eat("+=") && !self.eat("=") {
            self.at = start;
            return Ok(None);
        }
        let value = if self.eat("(") {
            let mut items = Vec::new();
            loop {
                self.skip_lines();
                if self.eat(")") {
                    break;
                }
                match self.word()? {
                    Some(word) => items.push(word),
                    None => return Err(self.error("syntax error: an array is not closed")),
                }
            }
            Value::Array(items)
        } else {
            Value::Word(self.word()?.unwrap_or_default())
        };
        Ok(Some(Assignment {
            name,
            index,
            append,
            value,
        }))
    }

    pub(super) fn name(&mut self) -> Option<String> {
        let start = self.at;
        if !self
            .peek()
            .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        {
            return None;
        }
        while self
            .peek()
            .is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
        {
            self.at += 1;
        }
        Some(self.text(start, self.at))
    }

    fn redirect(&mut self) -> Parsed<Option<Redirect>> {
        let start = self.at;
        let mut descriptor = None;
        if self.peek().is_some_and(|c| c.is_ascii_digit())
            && matches!(self.peek_at(1), Some('<' | '>'))
        {
            descriptor = self.peek().and_then(|c| c.to_digit(10));
            self.at += 1;
        }
        let number =
            |default: u8| descriptor.map_or(default, |d| u8::try_from(d).unwrap_or(default));
        if self.eat("&>>") || self.eat("&>") {
            let append = self.text(start, self.at).ends_with(">>");
            let target = self.required_word()?;
            return Ok(Some(Redirect {
                descriptor: 1,
                kind: RedirectKind::WriteBoth { target, append },
            }));
        }
        if self.eat("<<<") {
            let mut word = self.required_word()?;
            word.0.push(Part::Literal {
                text: "\n".to_owned(),
                quoted: true,
            });
            return Ok(Some(Redirect {
                descriptor: number(0),
                kind: RedirectKind::Text(word),
            }));
        }
        if self.eat("<<") {
            let strip_tabs = self.eat("-");
            return self.heredoc(number(0), strip_tabs).map(Some);
        }
        if self.starts_with("<(") || self.starts_with(">(") {
            return Err(self.error("process substitution is not modelled"));
        }
        let (default, write, append) = if self.eat(">>") {
            (1, true, true)
        } else if self.eat(">|") || self.eat(">&") || self.eat(">") {
            (1, true, false)
        } else if self.eat("<&") || self.eat("<") {
            (0, false, false)
        } else {
            self.at = start;
            return Ok(None);
        };
        let operator = self.text(start, self.at);
        let target = self.required_word()?;
        let kind = if operator.ends_with('&') {
            match target.literal() {
                Some(text) if text == "-" || text.parse::<u8>().is_ok() => {
                    RedirectKind::Duplicate(text)
                }
                _ => RedirectKind::WriteBoth { target, append },
            }
        } else if write {
            RedirectKind::Write { target, append }
        } else {
            RedirectKind::Read(target)
        };
        Ok(Some(Redirect {
            descriptor: number(default),
            kind,
        }))
    }

    fn required_word(&mut self) -> Parsed<Word> {
        self.skip_blanks();
        self.word()?
            .ok_or_else(|| self.error("syntax error: a redirection names no file"))
    }

    /// Reads the body ahead, so that the tree holds it; the line break of this line jumps over it.
    fn heredoc(&mut self, descriptor: u8, strip_tabs: bool) -> Parsed<Redirect> {
        self.skip_blanks();
        let start = self.at;
        let word = self.required_word()?;
        let written = self.text(start, self.at);
        let quoted = written.contains(['\'', '"', '\\']);
        let delimiter = word.literal().unwrap_or(written);
        let rest = self.characters.get(self.at..).unwrap_or_default();
        let line_end = rest
            .iter()
            .position(|c| *c == '\n')
            .map_or(self.characters.len(), |n| self.at + n);
        let mut at = self.jumps.get(&line_end).copied().unwrap_or(line_end + 1);
        let mut body = String::new();
        while let Some(rest) = self.characters.get(at..).filter(|rest| !rest.is_empty()) {
            let length = rest.iter().position(|c| *c == '\n').unwrap_or(rest.len());
            let line = self.text(at, at + length);
            at += length + 1;
            let line = if strip_tabs {
                line.trim_start_matches('\t')
            } else {
                &line
            };
            if line.trim_end_matches('\r') == delimiter {
                break;
            }
            body.push_str(line);
            body.push('\n');
        }
        self.jumps.insert(line_end, at.min(self.characters.len()));
        let body = if quoted {
            Word(vec![Part::Literal {
                text: body,
                quoted: true,
            }])
        } else {
            let mut inner = Self::new(&body);
            inner.depth = self.depth;
            inner.heredoc_body()?
        };
        Ok(Redirect {
            descriptor,
            kind: RedirectKind::Text(body),
        })
    }
}
