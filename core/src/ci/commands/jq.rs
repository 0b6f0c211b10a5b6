//! `jq`, as far as CI scripts use it: paths, `map`, `select`, `join`, `length`, string addition.
//!
//! Any other filter gives nothing and marks the step.

use serde_json::Value;

use super::text::input;
use crate::ci::shell::Shell;

const MAX_VALUES: usize = 2_000;

pub(super) fn run(shell: &mut Shell<'_, '_>, arguments: &[String]) -> i32 {
    let words: Vec<&String> = arguments.iter().filter(|a| !a.starts_with('-')).collect();
    let filter = words.first().map_or(".", |w| w.as_str()).to_owned();
    let names: Vec<String> = words.iter().skip(1).map(|w| (*w).clone()).collect();
    let text = if names.is_empty() {
        shell.read_all()
    } else {
        input(shell, &names)
    };
    let raw = arguments
        .iter()
        .any(|a| a.starts_with('-') && !a.starts_with("--") && a.contains('r'));
    let document = serde_json::from_str::<Value>(&text);
    let found = document
        .ok()
        .and_then(|document| evaluate(&filter, &document, 0));
    let Some(values) = found else {
        shell.world.exact = false;
        shell
            .world
            .reason(format!("the jq filter {filter} is not simulated"));
        return 0;
    };
    for value in values {
        let line = match &value {
            Value::String(text) if raw => text.clone(),
            other => other.to_string(),
        };
        shell.out(&format!("{line}\n"));
    }
    0
}

/// The values that a filter gives for one.
fn evaluate(filter: &str, value: &Value, depth: usize) -> Option<Vec<Value>> {
    if depth > 20 {
        return None;
    }
    let mut values = vec![value.clone()];
    for part in split(filter, '|')? {
        let mut next = Vec::new();
        for value in &values {
            next.extend(step(part.trim(), value, depth)?);
        }
        if next.len() > MAX_VALUES {
            return None;
        }
        values = next;
    }
    Some(values)
}

fn step(text: &str, value: &Value, depth: usize) -> Option<Vec<Value>> {
    if let Some(inner) = argument(text, "map") {
        let items = value.as_array()?;
        let mut all = Vec::new();
        for item in items {
            all.extend(evaluate(inner, item, depth + 1)?);
        }
        return Some(vec![Value::Array(all)]);
    }
    if let Some(inner) = argument(text, "select") {
        let (left, operator, right) = comparison(inner)?;
        let left = evaluate(left, value, depth + 1)?.pop()?;
        let right = evaluate(right, value, depth + 1)?.pop()?;
        let holds = (left == right) == (operator == "==");
        return Some(if holds {
            vec![value.clone()]
        } else {
            Vec::new()
        });
    }
    if let Some(inner) = argument(text, "join") {
        let separator = evaluate(inner, value, depth + 1)?.pop()?;
        let items: Vec<&str> = value.as_array()?.iter().filter_map(Value::as_str).collect();
        return Some(vec![Value::String(items.join(separator.as_str()?))]);
    }
    if text == "length" {
        let length = match value {
            Value::Array(items) => items.len(),
            Value::Object(map) => map.len(),
            Value::String(text) => text.chars().count(),
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        };
        return Some(vec![Value::from(length)]);
    }
    if let Some(inner) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        return Some(vec![Value::Array(evaluate(inner, value, depth + 1)?)]);
    }
    let parts = split(text, '+')?;
    if parts.len() > 1 {
        let mut sum = String::new();
        for part in parts {
            sum.push_str(evaluate(part.trim(), value, depth + 1)?.pop()?.as_str()?);
        }
        return Some(vec![Value::String(sum)]);
    }
    if let Some(literal) = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
        return (!literal.contains(['\\', '"'])).then(|| vec![Value::String(literal.to_owned())]);
    }
    path(text, value)
}

/// `.a.b`, `."a.b"`, `.a[]`, `.a[0]`.
fn path(text: &str, value: &Value) -> Option<Vec<Value>> {
    let mut rest = text.strip_prefix('.')?;
    let mut values = vec![value.clone()];
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let (index, after) = inside.split_once(']')?;
            values = values.iter().flat_map(|v| indexed(v, index)).collect();
            rest = after.strip_prefix('.').unwrap_or(after);
            continue;
        }
        let (name, after) = if let Some(quoted) = rest.strip_prefix('"') {
            quoted.split_once('"')?
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            rest.split_at(end)
        };
        if name.is_empty() || name.contains([' ', '(', '=', '$', ',']) {
            return None;
        }
        values = values
            .iter()
            .map(|v| v.get(name).cloned().unwrap_or(Value::Null))
            .collect();
        rest = after.strip_prefix('.').unwrap_or(after);
    }
    Some(values)
}

fn indexed(value: &Value, index: &str) -> Vec<Value> {
    match (value, index) {
        (Value::Array(items), "") => items.clone(),
        (Value::Object(map), "") => map.values().cloned().collect(),
        (value, text) => match text.parse::<usize>() {
            Ok(at) => vec![value.get(at).cloned().unwrap_or(Value::Null)],
            Err(_) => vec![
                value
                    .get(text.trim_matches('"'))
                    .cloned()
                    .unwrap_or(Value::Null),
            ],
        },
    }
}

fn argument<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.strip_prefix(name)?
        .trim_start()
        .strip_prefix('(')?
        .strip_suffix(')')
}

fn comparison(text: &str) -> Option<(&str, &str, &str)> {
    ["==", "!="].into_iter().find_map(|operator| {
        let (left, right) = text.split_once(operator)?;
        Some((left.trim(), operator, right.trim()))
    })
}

/// Splits where the mark stands outside quotes and brackets; `None` if they do not match.
fn split(text: &str, mark: char) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut quoted) = (0, 0_i32, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth -= 1,
            _ if c == mark && depth == 0 && !quoted => {
                parts.push(text.get(start..at)?);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text.get(start..)?);
    (depth == 0 && !quoted).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters() {
        let document = serde_json::json!({"tags": ["a", "b"], "m": [{"p": {"os": "linux"}}, {"p": {"os": "unknown"}}], "x.y": 1});
        for (filter, expected) in [
            (".tags | map(\"-t \" + .) | join(\" \")", r#"["-t a -t b"]"#),
            (".m | length", "[2]"),
            ("[.m[] | select(.p.os != \"unknown\")] | length", "[1]"),
            (".\"x.y\"", "[1]"),
            (".tags[0]", r#"["a"]"#),
            (".tags[]", r#"["a","b"]"#),
            ("def f: .; f", "-"),
        ] {
            let got = evaluate(filter, &document, 0)
                .map_or("-".to_owned(), |v| Value::Array(v).to_string());
            assert_eq!(got, expected, "{filter}");
        }
    }
}
