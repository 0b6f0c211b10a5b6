//! Reads expressions of HCL: operators by precedence, terms, and what follows a term.
//!
//! Source: hashicorp/hcl, `hclsyntax/parser.go`.

use super::parse::{Parser, name_length};
use super::syntax::{Expression, ExpressionKind as Kind, Fault, For, Range, Step};
use super::value::{self, Value};

/// Operators of one kind, or steps behind a term, at most.
const MAX_CHAIN: usize = 200;

/// Operators that bind alike, the weakest first; longer ones before their beginnings.
const OPERATORS: [&[&str]; 6] = [
    &["||"],
    &["&&"],
    &["==", "!="],
    &["<=", ">=", "<", ">"],
    &["+", "-"],
    &["*", "/", "%"],
];

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Result<Expression, Fault> {
        self.deeper(self.lines, Self::conditional)
    }

    fn conditional(&mut self) -> Result<Expression, Fault> {
        let condition = self.binary(0)?;
        self.space();
        if !self.eat("?") {
            return Ok(condition);
        }
        let then = self.expression()?;
        self.space();
        if !self.eat(":") {
            return Err(Fault::new(
                "Missing false expression in conditional",
                "The conditional operator (...?...:...) requires a false expression, delimited by \
                 a colon.",
                self.next_token(),
            ));
        }
        let otherwise = self.expression()?;
        Ok(Expression {
            range: condition.range.to(otherwise.range),
            kind: Kind::Conditional(Box::new([condition, then, otherwise])),
        })
    }

    fn binary(&mut self, level: usize) -> Result<Expression, Fault> {
        let Some(operators) = OPERATORS.get(level) else {
            return self.unary();
        };
        let mut left = self.binary(level + 1)?;
        for _ in 0..MAX_CHAIN {
            self.space();
            let rest = self.rest();
            // `=>` is no comparison, and two equals signs are no assignment.
            let found = operators.iter().find(|sign| rest.starts_with(**sign));
            let Some(sign) = found else {
                return Ok(left);
            };
            self.at += sign.len();
            let right = self.binary(level + 1)?;
            left = Expression {
                range: left.range.to(right.range),
                kind: Kind::Binary(sign, Box::new(left), Box::new(right)),
            };
        }
        Err(self.too_long())
    }

    fn too_long(&self) -> Fault {
        Fault::new(
            "Too long an expression",
            "polyarch reads at most 200 operators or steps in a row.",
            self.here(),
        )
    }

    fn unary(&mut self) -> Result<Expression, Fault> {
        self.space();
        let start = self.at;
        let is_not = self.rest().starts_with('!') && !self.rest().starts_with("!=");
        if is_not || self.rest().starts_with('-') {
            self.at += 1;
            let inner = Box::new(self.deeper(self.lines, Self::unary)?);
            let kind = if is_not {
                Kind::Not(inner)
            } else {
                Kind::Negate(inner)
            };
            let range = self.range(start);
            return Ok(Expression { range, kind });
        }
        let term = self.term()?;
        self.traversals(term)
    }

    fn term(&mut self) -> Result<Expression, Fault> {
        let start = self.at;
        let kind = match self.peek() {
            Some('"') => return self.template(),
            Some('<') if self.rest().starts_with("<<") => return self.heredoc(),
            Some('0'..='9') => self.number()?,
            Some('(') => {
                self.bump();
                let inner = self.deeper(false, Self::expression)?;
                self.lines();
                if !self.eat(")") {
                    return Err(Fault::new(
                        "Unbalanced parentheses",
                        "Expected a closing parenthesis to terminate the expression.",
                        self.next_token(),
                    ));
                }
                Kind::Wrapped(Box::new(inner))
            }
            Some('[') => {
                self.bump();
                self.deeper(false, |parser| parser.list(start))?
            }
            Some('{') => {
                self.bump();
                self.deeper(true, |parser| parser.map(start))?
            }
            None => {
                return Err(Fault::new(
                    "Missing expression",
                    "Expected the start of an expression, but found the end of the file.",
                    self.here(),
                ));
            }
            Some(_) => match self.word() {
                Some((name, range)) => self.named(name, range)?,
                None => {
                    return Err(Fault::new(
                        "Invalid expression",
                        "Expected the start of an expression, but found an invalid expression \
                         token.",
                        self.here(),
                    ));
                }
            },
        };
        let range = self.range(start);
        Ok(Expression { range, kind })
    }

    fn number(&mut self) -> Result<Kind, Fault> {
        let start = self.at;
        let bytes = self.rest().as_bytes();
        let digits = |from: usize| {
            let tail = bytes.get(from..).unwrap_or_default();
            tail.iter().take_while(|byte| byte.is_ascii_digit()).count()
        };
        let mut length = digits(0);
        if bytes.get(length) == Some(&b'.') && digits(length + 1) > 0 {
            length += 1 + digits(length + 1);
        }
        if matches!(bytes.get(length), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
            let count = digits(length + 1 + sign);
            length += if count > 0 { 1 + sign + count } else { 0 };
        }
        self.at += length;
        match value::number(&self.text[start..self.at]) {
            Some(number) => Ok(Kind::Literal(Value::Number(number))),
            None => Err(Fault::new(
                "Invalid number literal",
                "Failed to recognize the value of this number literal.",
                self.range(start),
            )),
        }
    }

    fn named(&mut self, name: String, range: Range) -> Result<Kind, Fault> {
        let start = self.at;
        self.space();
        if self.eat("(") {
            return self.deeper(false, |parser| parser.call(name, range));
        }
        self.at = start;
        Ok(match name.as_str() {
            "true" => Kind::Literal(Value::Bool(true)),
            "false" => Kind::Literal(Value::Bool(false)),
            "null" => Kind::Literal(Value::Null),
            _ => Kind::Variable(name),
        })
    }

    fn call(&mut self, name: String, range: Range) -> Result<Kind, Fault> {
        let mut arguments = Vec::new();
        let mut spread = false;
        loop {
            self.lines();
            if self.eat(")") {
                break;
            }
            if self.peek().is_none() {
                return Err(Fault::new(
                    "Unterminated function call",
                    "There is no closing parenthesis for this function call before the end of the \
                     file. This may be caused by incorrect parenthesis nesting elsewhere in this \
                     file.",
                    range,
                ));
            }
            arguments.push(self.expression()?);
            self.lines();
            if self.eat("...") {
                spread = true;
                self.lines();
                if self.eat(")") {
                    break;
                }
                return Err(Fault::new(
                    "Missing closing parenthesis",
                    "An expanded function argument (with ...) must be immediately followed by \
                     closing parentheses.",
                    self.next_token(),
                ));
            }
            if !self.eat(",") && self.peek().is_some_and(|c| c != ')') {
                return Err(Fault::new(
                    "Missing argument separator",
                    "A comma is required to separate each function argument from the next.",
                    self.next_token(),
                ));
            }
        }
        Ok(Kind::Call {
            name,
            arguments,
            spread,
        })
    }

    fn is_for(&self) -> bool {
        let rest = self.rest();
        name_length(rest) == 3 && rest.starts_with("for")
    }

    fn list(&mut self, start: usize) -> Result<Kind, Fault> {
        self.lines();
        if self.is_for() {
            return self.for_expression(']');
        }
        let mut items = Vec::new();
        loop {
            self.lines();
            if self.eat("]") {
                return Ok(Kind::List(items));
            }
            if self.peek().is_none() {
                return Err(Fault::new(
                    "Unterminated tuple constructor expression",
                    "There is no corresponding closing bracket before the end of the file. This \
                     may be caused by incorrect bracket nesting elsewhere in this file.",
                    Range {
                        end: start + 1,
                        ..self.range(start)
                    },
                ));
            }
            items.push(self.expression()?);
            self.lines();
            if !self.eat(",") && self.peek().is_some_and(|c| c != ']') {
                return Err(Fault::new(
                    "Missing item separator",
                    "Expected a comma to mark the beginning of the next item.",
                    self.next_token(),
                ));
            }
        }
    }

    fn map(&mut self, start: usize) -> Result<Kind, Fault> {
        self.lines();
        if self.is_for() {
            let before = std::mem::replace(&mut self.lines, false);
            let found = self.for_expression('}');
            self.lines = before;
            return found;
        }
        let mut entries = Vec::new();
        let open = Range {
            end: start + 1,
            ..self.range(start)
        };
        loop {
            self.lines();
            if self.eat("}") {
                return Ok(Kind::Map(entries));
            }
            if self.peek().is_none() {
                return Err(unclosed_map(open));
            }
            let key = self.key()?;
            self.space();
            if !self.eat("=") && !self.eat(":") {
                return Err(match self.peek() {
                    None => unclosed_map(open),
                    Some('\n' | '\r' | '}') => Fault::new(
                        "Missing attribute value",
                        "Expected an attribute value, introduced by an equals sign (\"=\").",
                        self.here(),
                    ),
                    Some(_) => Fault::new(
                        "Missing key/value separator",
                        "Expected an equals sign (\"=\") to mark the beginning of the attribute \
                         value.",
                        self.next_token(),
                    ),
                });
            }
            self.space();
            let value = self.expression()?;
            entries.push((key, value));
            self.space();
            match self.peek() {
                Some(',') => self.bump(),
                Some('}' | '\n' | '\r') => {}
                None => return Err(unclosed_map(open)),
                Some(_) => {
                    return Err(Fault::new(
                        "Missing attribute separator",
                        "Expected a newline or comma to mark the beginning of the next attribute.",
                        self.next_token(),
                    ));
                }
            }
        }
    }

    /// A key of a map: a bare word is its own name.
    fn key(&mut self) -> Result<Expression, Fault> {
        let start = self.at;
        if let Some((name, range)) = self.word() {
            self.space();
            let rest = self.rest();
            if (rest.starts_with('=') && !rest.starts_with("==")) || rest.starts_with(':') {
                let kind = Kind::Literal(Value::Text(name));
                return Ok(Expression { range, kind });
            }
        }
        self.at = start;
        let key = self.expression()?;
        if let Kind::Attribute(base, _) = &key.kind
            && matches!(base.kind, Kind::Variable(_) | Kind::Attribute(..))
        {
            return Err(Fault::new(
                "Ambiguous attribute key",
                "If this expression is intended to be a reference, wrap it in parentheses. If \
                 it's instead intended as a literal name containing periods, wrap it in quotes to \
                 create a string literal.",
                key.range,
            ));
        }
        Ok(key)
    }

    fn for_expression(&mut self, close: char) -> Result<Kind, Fault> {
        self.word();
        let (key_name, value_name, collection) = self.for_header()?;
        self.lines();
        if !self.eat(":") {
            return Err(invalid_for(
                "For expression requires a colon after the collection expression.",
                self.next_token(),
            ));
        }
        let mut value = self.expression()?;
        let mut key = None;
        self.lines();
        if self.eat("=>") {
            key = Some(std::mem::replace(&mut value, self.expression()?));
            self.lines();
        }
        let grouped = self.eat("...");
        self.lines();
        let mut condition = None;
        if name_length(self.rest()) == 2 && self.eat("if") {
            condition = Some(self.expression()?);
            self.lines();
        }
        let range = self.next_token();
        if self.peek() != Some(close) {
            let text = "Extra characters after the end of the 'for' expression.";
            return Err(invalid_for(text, range));
        }
        self.bump();
        if close == ']' && key.is_some() {
            let text = "Key expression is not valid when building a tuple.";
            return Err(invalid_for(text, value.range));
        }
        if close == '}' && key.is_none() {
            let text = "Key expression is required when building an object.";
            return Err(invalid_for(text, value.range));
        }
        Ok(Kind::For(Box::new(For {
            key_name,
            value_name,
            collection,
            key,
            value,
            condition,
            grouped,
        })))
    }

    /// `k, v in collection`, of an expression or a directive.
    pub(super) fn for_header(&mut self) -> Result<(Option<String>, String, Expression), Fault> {
        self.lines();
        let Some((first, _)) = self.word() else {
            let text = "For expression requires variable name after 'for'.";
            return Err(invalid_for(text, self.next_token()));
        };
        self.lines();
        let mut names = (None, first);
        if self.eat(",") {
            self.lines();
            let Some((second, _)) = self.word() else {
                let text = "For expression requires value variable name after comma.";
                return Err(invalid_for(text, self.next_token()));
            };
            names = (Some(names.1), second);
            self.lines();
        }
        if name_length(self.rest()) != 2 || !self.eat("in") {
            let text = "For expression requires the 'in' keyword after its name declarations.";
            return Err(invalid_for(text, self.next_token()));
        }
        Ok((names.0, names.1, self.expression()?))
    }

    /// Indices, attributes and splats behind a term.
    fn traversals(&mut self, term: Expression) -> Result<Expression, Fault> {
        let mut found = term;
        let start = found.range.start;
        for _ in 0..MAX_CHAIN {
            let rest = self.rest();
            if rest.starts_with(".*") || rest.starts_with("[*]") {
                self.at += if rest.starts_with('.') { 2 } else { 3 };
                let is_full = rest.starts_with('[');
                let mut steps = Vec::new();
                while let Some(step) = self.step(is_full)? {
                    steps.push(step);
                }
                let kind = Kind::Splat(Box::new(found), steps);
                let range = self.range(start);
                found = Expression { range, kind };
            } else if let Some(step) = self.step(true)? {
                let base = Box::new(found);
                let kind = match step {
                    Step::Attribute(name) => Kind::Attribute(base, name),
                    Step::Index(index) => Kind::Index(base, Box::new(index)),
                };
                let range = self.range(start);
                found = Expression { range, kind };
            } else {
                return Ok(found);
            }
        }
        Err(self.too_long())
    }

    fn step(&mut self, indices: bool) -> Result<Option<Step>, Fault> {
        let start = self.at;
        if self.rest().starts_with('.') && !self.rest().starts_with("..") {
            if self.rest().starts_with(".*") {
                return Ok(None);
            }
            self.bump();
            if self.peek().is_some_and(|c| c.is_ascii_digit()) {
                let kind = self.number()?;
                let range = self.range(start);
                return Ok(Some(Step::Index(Expression { range, kind })));
            }
            return match self.word() {
                Some((name, _)) => Ok(Some(Step::Attribute(name))),
                None => Err(Fault::new(
                    "Invalid attribute name",
                    "An attribute name is required after a dot.",
                    self.next_token(),
                )),
            };
        }
        if !indices || !self.rest().starts_with('[') || self.rest().starts_with("[*]") {
            return Ok(None);
        }
        self.bump();
        let index = self.deeper(false, Self::expression)?;
        self.lines();
        if self.eat("]") {
            return Ok(Some(Step::Index(index)));
        }
        Err(Fault::new(
            "Missing close bracket on index",
            "The index operator must end with a closing bracket (\"]\").",
            self.next_token(),
        ))
    }
}

fn invalid_for(text: &str, range: Range) -> Fault {
    Fault::new("Invalid 'for' expression", text, range)
}

fn unclosed_map(open: Range) -> Fault {
    Fault::new(
        "Unterminated object constructor expression",
        "There is no corresponding closing brace before the end of the file. This may be caused by \
         incorrect brace nesting elsewhere in this file.",
        open,
    )
}
