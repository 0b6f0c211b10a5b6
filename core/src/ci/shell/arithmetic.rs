//! `$((…))`: integers, variables, the usual operators and assignment.
//!
//! Anything else, and division by zero, gives `None`.

/// Reads and writes variables during evaluation.
pub(super) trait Scope {
    fn number(&self, name: &str) -> i64;
    fn set(&mut self, name: &str, value: i64);
}

const MAX_DEPTH: usize = 40;

/// Evaluates a text in which `$name` has been expanded.
pub(super) fn evaluate(text: &str, scope: &mut dyn Scope) -> Option<i64> {
    let mut parser = Parser {
        characters: text.chars().filter(|c| !c.is_whitespace()).collect(),
        at: 0,
        depth: 0,
        scope,
    };
    if parser.characters.is_empty() {
        return Some(0);
    }
    let mut value = parser.ternary()?;
    while parser.eat(",") {
        value = parser.ternary()?;
    }
    (parser.at == parser.characters.len()).then_some(value)
}

struct Parser<'a> {
    characters: Vec<char>,
    at: usize,
    depth: usize,
    scope: &'a mut dyn Scope,
}

/// Binary operators from the loosest to the tightest.
const LEVELS: [&[&str]; 9] = [
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<=", ">=", "<", ">"],
    &["+", "-"],
    &["*", "/", "%"],
];

impl Parser<'_> {
    fn eat(&mut self, text: &str) -> bool {
        let found = text
            .chars()
            .enumerate()
            .all(|(n, c)| self.characters.get(self.at + n) == Some(&c));
        if found {
            self.at += text.len();
        }
        found
    }

    fn ternary(&mut self) -> Option<i64> {
        if self.depth > MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let condition = self.binary(0)?;
        let value = if self.eat("?") {
            let yes = self.ternary()?;
            if !self.eat(":") {
                return None;
            }
            let no = self.ternary()?;
            if condition == 0 { no } else { yes }
        } else {
            condition
        };
        self.depth -= 1;
        Some(value)
    }

    fn binary(&mut self, level: usize) -> Option<i64> {
        let Some(operators) = LEVELS.get(level) else {
            return self.unary();
        };
        let mut left = self.binary(level + 1)?;
        loop {
            let Some(operator) = operators.iter().find(|o| self.is_operator(o)) else {
                return Some(left);
            };
            self.at += operator.len();
            let right = self.binary(level + 1)?;
            left = apply(operator, left, right)?;
        }
    }

    /// `|` is none where `||` stands, nor `+` where `+=` does.
    fn is_operator(&self, operator: &str) -> bool {
        let here: String = self.characters.iter().skip(self.at).take(2).collect();
        here.starts_with(operator)
            && (operator.len() == 2 || !matches!(here.as_str(), "||" | "&&" | "+=" | "-="))
    }

    fn unary(&mut self) -> Option<i64> {
        if self.depth > MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let value = self.unary_inner();
        self.depth -= 1;
        value
    }

    fn unary_inner(&mut self) -> Option<i64> {
        for (sign, step) in [("++", 1), ("--", -1)] {
            if self.eat(sign) {
                let name = self.name()?;
                let value = self.scope.number(&name).wrapping_add(step);
                self.scope.set(&name, value);
                return Some(value);
            }
        }
        if self.eat("-") {
            return self.unary().map(i64::wrapping_neg);
        }
        if self.eat("+") {
            return self.unary();
        }
        if self.eat("!") {
            return self.unary().map(|v| i64::from(v == 0));
        }
        if self.eat("(") {
            let value = self.ternary()?;
            return self.eat(")").then_some(value);
        }
        let start = self.at;
        while self
            .characters
            .get(self.at)
            .is_some_and(char::is_ascii_digit)
        {
            self.at += 1;
        }
        if self.at > start {
            let digits: String = self.characters[start..self.at].iter().collect();
            return digits.parse().ok();
        }
        let name = self.name()?;
        self.variable(&name)
    }

    fn variable(&mut self, name: &str) -> Option<i64> {
        let value = self.scope.number(name);
        for (sign, step) in [("++", 1), ("--", -1)] {
            if self.eat(sign) {
                self.scope.set(name, value.wrapping_add(step));
                return Some(value);
            }
        }
        for operator in ["+", "-", "*", "/", "%"] {
            if self.eat(&format!("{operator}=")) {
                let right = self.ternary()?;
                let value = apply(operator, value, right)?;
                self.scope.set(name, value);
                return Some(value);
            }
        }
        let is_assignment = self.characters.get(self.at) == Some(&'=')
            && self.characters.get(self.at + 1) != Some(&'=');
        if is_assignment {
            self.at += 1;
            let right = self.ternary()?;
            self.scope.set(name, right);
            return Some(right);
        }
        Some(value)
    }

    fn name(&mut self) -> Option<String> {
        let start = self.at;
        while self
            .characters
            .get(self.at)
            .is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_')
        {
            self.at += 1;
        }
        (self.at > start).then(|| self.characters[start..self.at].iter().collect())
    }
}

fn apply(operator: &str, left: i64, right: i64) -> Option<i64> {
    Some(match operator {
        "||" => i64::from(left != 0 || right != 0),
        "&&" => i64::from(left != 0 && right != 0),
        "|" => left | right,
        "^" => left ^ right,
        "&" => left & right,
        "==" => i64::from(left == right),
        "!=" => i64::from(left != right),
        "<=" => i64::from(left <= right),
        ">=" => i64::from(left >= right),
        "<" => i64::from(left < right),
        ">" => i64::from(left > right),
        "+" => left.wrapping_add(right),
        "-" => left.wrapping_sub(right),
        "*" => left.wrapping_mul(right),
        "/" => left.checked_div(right)?,
        "%" => left.checked_rem(right)?,
        _ => return None,
    })
}
