//! `rules: if:` and what follows from a job's rules.
//!
//! Grammar: GitLab's `ci/pipeline/expression`: variables, strings, `null`, `==`, `!=`, `=~`, `!~`,
//! `&&`, `||`, parentheses.

use super::model::{Job, Refs};
use crate::ci::regex;

/// Whether a job runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// With variables that the matching rule adds.
    Runs(Vec<(String, String)>),
    /// Waits for a person.
    Manual(Vec<(String, String)>),
    Never,
}

/// Goes through the rules; the first that fits decides.
pub fn decide(job: &Job, variable: &dyn Fn(&str) -> Option<String>) -> Decision {
    let decision =
        |when: Option<&str>, variables: &[(String, String)]| match when.or(job.when.as_deref()) {
            Some("never") => Decision::Never,
            Some("manual") => Decision::Manual(variables.to_vec()),
            _ => Decision::Runs(variables.to_vec()),
        };
    if job.rules.is_empty() {
        let kept = job.only.as_ref().is_none_or(|refs| asked(refs, variable));
        let left_out = job
            .except
            .as_ref()
            .is_some_and(|refs| asked(refs, variable));
        if !kept || left_out {
            return Decision::Never;
        }
        return decision(None, &[]);
    }
    for rule in &job.rules {
        let holds = rule
            .condition
            .as_deref()
            .is_none_or(|text| evaluate(text, variable));
        if holds {
            return decision(rule.when.as_deref(), &rule.variables);
        }
    }
    Decision::Never
}

/// Whether a pipeline is one of those that `only` or `except` name: a ref and a condition, as far
/// as each is given. Changed files are not looked at.
fn asked(refs: &Refs, variable: &dyn Fn(&str) -> Option<String>) -> bool {
    let set = |name: &str| variable(name).filter(|v| !v.is_empty());
    let tag = set("CI_COMMIT_TAG");
    let is_merge = set("CI_MERGE_REQUEST_IID").is_some();
    let is_branch = tag.is_none() && !is_merge;
    let name = set("CI_COMMIT_REF_NAME").unwrap_or_default();
    let source = set("CI_PIPELINE_SOURCE").unwrap_or_default();
    let fits = |text: &String| {
        // `main@group/project` is `main` of one project.
        let text = text.split('@').next().unwrap_or_default();
        match text {
            "branches" => is_branch,
            "tags" => tag.is_some(),
            "merge_requests" => is_merge,
            "pushes" => source == "push",
            "web" | "api" | "triggers" | "schedules" | "pipelines" | "chat" | "external" => false,
            pattern if pattern.starts_with('/') => {
                let condition = format!("$CI_COMMIT_REF_NAME =~ {pattern}");
                !is_merge && evaluate(&condition, variable)
            }
            exact => !is_merge && exact == name,
        }
    };
    let by_ref = refs.refs.is_empty() || refs.refs.iter().any(fits);
    let mut conditions = refs.variables.iter();
    by_ref && (refs.variables.is_empty() || conditions.any(|text| evaluate(text, variable)))
}

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Null,
    Text(String),
    Pattern(String),
    Truth(bool),
}

impl Value {
    fn is_true(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Text(text) => !text.is_empty(),
            Self::Pattern(_) => true,
            Self::Truth(value) => *value,
        }
    }
}

fn evaluate(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> bool {
    let mut parser = Parser {
        characters: text.chars().collect(),
        at: 0,
        depth: 0,
        variable,
    };
    parser.or().is_true()
}

struct Parser<'a> {
    characters: Vec<char>,
    at: usize,
    depth: usize,
    variable: &'a dyn Fn(&str) -> Option<String>,
}

impl Parser<'_> {
    fn skip(&mut self) {
        while self
            .characters
            .get(self.at)
            .is_some_and(|c| c.is_whitespace())
        {
            self.at += 1;
        }
    }

    fn eat(&mut self, text: &str) -> bool {
        self.skip();
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
        let mut value = self.and();
        while self.eat("||") {
            let right = self.and();
            value = Value::Truth(value.is_true() || right.is_true());
        }
        value
    }

    fn and(&mut self) -> Value {
        let mut value = self.comparison();
        while self.eat("&&") {
            let right = self.comparison();
            value = Value::Truth(value.is_true() && right.is_true());
        }
        value
    }

    fn comparison(&mut self) -> Value {
        let left = self.primary();
        for operator in ["==", "!=", "=~", "!~"] {
            if self.eat(operator) {
                let right = self.primary();
                let negated = operator.starts_with('!');
                let holds = if operator.ends_with('~') {
                    matches(&left, &right)
                } else {
                    equal(&left, &right)
                };
                return Value::Truth(holds != negated);
            }
        }
        left
    }

    fn primary(&mut self) -> Value {
        self.skip();
        if self.depth > 40 {
            self.at = self.characters.len();
            return Value::Null;
        }
        match self.characters.get(self.at) {
            Some('(') => {
                self.at += 1;
                self.depth += 1;
                let value = self.or();
                self.depth -= 1;
                self.eat(")");
                value
            }
            Some('!')
                if self
                    .characters
                    .get(self.at + 1)
                    .is_none_or(|c| !"=~".contains(*c)) =>
            {
                self.at += 1;
                self.depth += 1;
                let value = self.primary();
                self.depth -= 1;
                Value::Truth(!value.is_true())
            }
            Some('$') => {
                self.at += 1;
                let braces = self.eat("{");
                let name = self.word();
                if braces {
                    self.eat("}");
                }
                (self.variable)(&name).map_or(Value::Null, Value::Text)
            }
            Some(quote @ ('"' | '\'')) => {
                let quote = *quote;
                self.at += 1;
                Value::Text(self.until(quote))
            }
            Some('/') => {
                self.at += 1;
                let mut pattern = self.until('/');
                let flags = self.word();
                if flags.contains('i') {
                    pattern = pattern.to_lowercase();
                }
                Value::Pattern(pattern)
            }
            _ => {
                let word = self.word();
                if word.is_empty() {
                    self.at = self.characters.len();
                }
                match word.as_str() {
                    "true" => Value::Text("true".to_owned()),
                    _ => Value::Null,
                }
            }
        }
    }

    fn word(&mut self) -> String {
        let start = self.at;
        while self
            .characters
            .get(self.at)
            .is_some_and(|c| c.is_alphanumeric() || *c == '_')
        {
            self.at += 1;
        }
        self.characters[start..self.at].iter().collect()
    }

    fn until(&mut self, end: char) -> String {
        let mut text = String::new();
        while let Some(c) = self.characters.get(self.at) {
            self.at += 1;
            if *c == end {
                break;
            }
            if *c == '\\' && end == '/' && self.characters.get(self.at) == Some(&'/') {
                continue;
            }
            text.push(*c);
        }
        text
    }
}

fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Text(a), Value::Text(b)) => a == b,
        _ => false,
    }
}

fn matches(left: &Value, right: &Value) -> bool {
    let Value::Text(text) = left else {
        return false;
    };
    match right {
        Value::Pattern(pattern) => regex::search(pattern, text).unwrap_or(true),
        // A variable may hold the pattern with its slashes.
        Value::Text(pattern) => {
            let inner = pattern.trim_start_matches('/').trim_end_matches('/');
            regex::search(inner, text).unwrap_or(true)
        }
        Value::Null | Value::Truth(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions() {
        let variable = |name: &str| match name {
            "BRANCH" => Some("main".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        for (text, expected) in [
            ("$BRANCH == \"main\"", true),
            ("$BRANCH != 'main' || $NOPE", false),
            ("$BRANCH =~ /^ma/ && $EMPTY == \"\"", true),
            ("$BRANCH !~ /^ma/", false),
            ("$NOPE == null", true),
            ("$EMPTY", false),
            ("($BRANCH && $NOPE) || $BRANCH", true),
            ("", false),
            (&"(".repeat(1_000), false),
        ] {
            assert_eq!(evaluate(text, &variable), expected, "{text}");
        }
    }
}
