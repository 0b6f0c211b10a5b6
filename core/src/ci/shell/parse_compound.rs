//! `if`, loops, `case`, groups, functions and the two kinds of tests.

use super::ast::{CommandKind, Word};
use super::parse::{Parsed, Parser};

impl Parser {
    /// Whether the reserved word stands here as a word of its own.
    pub(super) fn at_word(&self, word: &str) -> bool {
        let length = word.chars().count();
        self.starts_with(word)
            && self
                .peek_at(length)
                .is_none_or(|c| c.is_whitespace() || ";&|()<>".contains(c))
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.at_word(word);
        if found {
            self.at += word.chars().count();
        }
        found
    }

    fn expect_word(&mut self, word: &str) -> Parsed<()> {
        self.skip_lines();
        if self.eat_word(word) {
            Ok(())
        } else {
            Err(self.error(&format!("syntax error: `{word}' is missing")))
        }
    }

    /// A compound command if one starts here.
    pub(super) fn compound(&mut self) -> Parsed<Option<CommandKind>> {
        if self.starts_with("((") {
            let start = self.at;
            if let Some(text) = self.arithmetic_text() {
                return Ok(Some(CommandKind::Arithmetic(text)));
            }
            self.at = start;
        }
        if self.eat("(") {
            let list = self.list(&[])?;
            self.close(")")?;
            return Ok(Some(CommandKind::Subshell(list)));
        }
        if self.eat_word("{") {
            let list = self.list(&["}"])?;
            self.expect_word("}")?;
            return Ok(Some(CommandKind::Group(list)));
        }
        if self.eat_word("if") {
            return self.conditional().map(Some);
        }
        for (word, until) in [("while", false), ("until", true)] {
            if self.eat_word(word) {
                let condition = self.list(&["do"])?;
                let body = self.do_group()?;
                return Ok(Some(CommandKind::Loop {
                    until,
                    condition,
                    body,
                }));
            }
        }
        if self.eat_word("for") {
            return self.for_loop().map(Some);
        }
        if self.eat_word("case") {
            return self.case().map(Some);
        }
        if self.eat_word("[[") {
            return self.test().map(Some);
        }
        self.function()
    }

    fn close(&mut self, text: &str) -> Parsed<()> {
        self.skip_lines();
        if self.eat(text) {
            Ok(())
        } else {
            Err(self.error(&format!("syntax error: `{text}' is missing")))
        }
    }

    fn do_group(&mut self) -> Parsed<super::ast::List> {
        self.expect_word("do")?;
        let body = self.list(&["done"])?;
        self.expect_word("done")?;
        Ok(body)
    }

    fn conditional(&mut self) -> Parsed<CommandKind> {
        let mut arms = Vec::new();
        let mut otherwise = None;
        loop {
            let condition = self.list(&["then"])?;
            self.expect_word("then")?;
            arms.push((condition, self.list(&["elif", "else", "fi"])?));
            self.skip_lines();
            if self.eat_word("elif") {
                continue;
            }
            if self.eat_word("else") {
                otherwise = Some(self.list(&["fi"])?);
            }
            self.expect_word("fi")?;
            return Ok(CommandKind::If { arms, otherwise });
        }
    }

    fn for_loop(&mut self) -> Parsed<CommandKind> {
        self.skip_blanks();
        if self.starts_with("((") {
            let text = self
                .arithmetic_text()
                .ok_or_else(|| self.error("syntax error: `))' is missing"))?;
            let mut parts = text.splitn(3, ';').map(|part| part.trim().to_owned());
            let mut next = || parts.next().unwrap_or_default();
            let (start, condition, step) = (next(), next(), next());
            self.skip_blanks();
            self.eat(";");
            let body = self.do_group()?;
            return Ok(CommandKind::ArithmeticFor {
                start,
                condition,
                step,
                body,
            });
        }
        let name = self
            .name()
            .ok_or_else(|| self.error("syntax error: `for' has no variable"))?;
        self.skip_lines();
        let words = if self.eat_word("in") {
            let mut words = Vec::new();
            loop {
                self.skip_blanks();
                match self.word()? {
                    Some(word) => words.push(word),
                    None => break,
                }
            }
            Some(words)
        } else {
            None
        };
        self.skip_blanks();
        self.eat(";");
        let body = self.do_group()?;
        Ok(CommandKind::For { name, words, body })
    }

    fn case(&mut self) -> Parsed<CommandKind> {
        self.skip_blanks();
        let word = self
            .word()?
            .ok_or_else(|| self.error("syntax error: `case' has no word"))?;
        self.expect_word("in")?;
        let mut arms = Vec::new();
        loop {
            self.skip_lines();
            if self.eat_word("esac") {
                return Ok(CommandKind::Case { word, arms });
            }
            self.eat("(");
            let mut patterns = Vec::new();
            loop {
                self.skip_blanks();
                match self.word()? {
                    Some(pattern) => patterns.push(pattern),
                    None => return Err(self.error("syntax error: `case' has no pattern")),
                }
                self.skip_blanks();
                if !self.eat("|") {
                    break;
                }
            }
            self.close(")")?;
            let body = self.list(&["esac"])?;
            self.skip_lines();
            if !self.eat(";;&") && !self.eat(";;") && !self.at_word("esac") {
                return Err(self.error("syntax error: `;;' is missing"));
            }
            arms.push((patterns, body));
        }
    }

    fn test(&mut self) -> Parsed<CommandKind> {
        let mut words: Vec<Word> = Vec::new();
        loop {
            self.skip_lines();
            if self.eat_word("]]") {
                return Ok(CommandKind::Test(words));
            }
            let operator = ["&&", "||", "(", ")", "<", ">"]
                .into_iter()
                .find(|o| self.starts_with(o));
            let after_match = words.last().and_then(Word::literal).as_deref() == Some("=~");
            let operator = operator.filter(|_| !after_match);
            if let Some(operator) = operator {
                self.at += operator.len();
                words.push(super::parse_word::literal(operator));
                continue;
            }
            let word = if after_match {
                self.regex_word()?
            } else {
                self.word()?
            };
            match word {
                Some(word) => words.push(word),
                None => return Err(self.error("syntax error: `]]' is missing")),
            }
        }
    }

    /// `name() …` or `function name …`.
    fn function(&mut self) -> Parsed<Option<CommandKind>> {
        let start = self.at;
        let keyword = self.eat_word("function");
        self.skip_blanks();
        let name_start = self.at;
        while self
            .peek()
            .is_some_and(|c| c.is_ascii_alphanumeric() || "_-.:".contains(c))
        {
            self.at += 1;
        }
        let name = self.text(name_start, self.at);
        self.skip_blanks();
        let parentheses = !name.is_empty() && self.eat("(") && {
            self.skip_blanks();
            self.eat(")")
        };
        if !parentheses && (!keyword || name.is_empty()) {
            self.at = start;
            return Ok(None);
        }
        self.skip_lines();
        let line = self.line();
        let Some(kind) = self.nested(Self::compound)? else {
            return Err(self.error("syntax error: a function has no body"));
        };
        let body = Box::new(super::ast::Command {
            kind,
            redirects: Vec::new(),
            line,
        });
        Ok(Some(CommandKind::Function { name, body }))
    }

    /// The text between `((` and the matching `))`.
    pub(super) fn arithmetic_text(&mut self) -> Option<String> {
        if !self.eat("((") {
            return None;
        }
        let start = self.at;
        let mut depth = 0_usize;
        while let Some(c) = self.peek() {
            match c {
                '(' => depth += 1,
                ')' if depth == 0 => {
                    if self.peek_at(1) != Some(')') {
                        return None;
                    }
                    let text = self.text(start, self.at);
                    self.at += 2;
                    return Some(text);
                }
                ')' => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
        None
    }
}
