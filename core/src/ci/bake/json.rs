//! The JSON form of a bake file: objects are blocks, texts are templates.
//!
//! Source: hashicorp/hcl `json/spec.md`. Places within the file are not told.

use serde_json::Value as Json;

use super::parse_template::whole;
use super::syntax::{Attribute, Block, Body, Expression, ExpressionKind as Kind, Fault, Range};
use super::value::Value;

/// Objects and lists in each other at most.
const MAX_DEPTH: usize = 60;

const KINDS: [&str; 4] = ["variable", "function", "group", "target"];

pub(super) fn parse(file: usize, text: &str) -> Result<Body, Fault> {
    let range = Range {
        file,
        ..Range::default()
    };
    let invalid = |summary: &str, detail: String| Fault::new(summary, detail, range);
    let json: Json = serde_json::from_str(text).map_err(|error| {
        let detail = format!("The file is no JSON: {error}.");
        invalid("Invalid JSON", detail)
    })?;
    let Json::Object(all) = json else {
        let detail = "The root value in JSON must be either an object or an array of objects.";
        return Err(invalid("Root value must be object", detail.to_owned()));
    };
    let mut body = Body::default();
    for (kind, value) in &all {
        if !KINDS.contains(&kind.as_str()) {
            body.attributes.push(attribute(kind, value, range)?);
            continue;
        }
        for (label, inner) in objects(value) {
            for inner in bodies(inner) {
                body.blocks.push(Block {
                    kind: kind.clone(),
                    labels: vec![(label.clone(), range)],
                    range,
                    open: range,
                    single_line: false,
                    body: body_of(kind, inner, range)?,
                });
            }
        }
    }
    Ok(body)
}

/// The members of an object, or of all objects of a list.
fn objects(value: &Json) -> Vec<(&String, &Json)> {
    match value {
        Json::Object(map) => map.iter().collect(),
        Json::Array(items) => items.iter().filter_map(Json::as_object).flatten().collect(),
        _ => Vec::new(),
    }
}

/// A body, or several of one name.
fn bodies(value: &Json) -> Vec<&Json> {
    match value {
        Json::Array(items) => items.iter().collect(),
        other => vec![other],
    }
}

fn body_of(kind: &str, value: &Json, range: Range) -> Result<Body, Fault> {
    let mut body = Body::default();
    for (name, value) in objects(value) {
        if kind == "variable" && name == "validation" {
            for inner in bodies(value) {
                body.blocks.push(Block {
                    kind: name.clone(),
                    labels: Vec::new(),
                    range,
                    open: range,
                    single_line: false,
                    body: body_of(name, inner, range)?,
                });
            }
            continue;
        }
        let mut found = attribute(name, value, range)?;
        // Types and names of parameters are words, not texts.
        if matches!(
            (kind, name.as_str()),
            ("variable", "type") | ("function", "params" | "variadic_params")
        ) {
            found.value = words(value, range)?;
        }
        body.attributes.push(found);
    }
    Ok(body)
}

fn attribute(name: &str, value: &Json, range: Range) -> Result<Attribute, Fault> {
    Ok(Attribute {
        name: name.to_owned(),
        name_range: range,
        range,
        value: expression(value, range, 0)?,
    })
}

fn words(value: &Json, range: Range) -> Result<Expression, Fault> {
    match value {
        Json::String(text) => {
            let mut parser = super::parse::Parser::new(range.file, text);
            parser.expression()
        }
        Json::Array(items) => {
            let items = items.iter().map(|item| words(item, range));
            let kind = Kind::List(items.collect::<Result<_, _>>()?);
            Ok(Expression { range, kind })
        }
        other => expression(other, range, 0),
    }
}

fn expression(value: &Json, range: Range, depth: usize) -> Result<Expression, Fault> {
    if depth > MAX_DEPTH {
        let text = "polyarch reads at most 60 levels of objects and lists.";
        return Err(Fault::new("Too much nesting", text, range));
    }
    let kind = match value {
        Json::String(text) => {
            let mut found = whole(range.file, text)?;
            found.range = range;
            return Ok(found);
        }
        Json::Array(items) => {
            let items = items.iter().map(|item| expression(item, range, depth + 1));
            Kind::List(items.collect::<Result<_, _>>()?)
        }
        Json::Object(map) => {
            let entries = map.iter().map(|(key, value)| {
                let mut key = whole(range.file, key)?;
                key.range = range;
                Ok((key, expression(value, range, depth + 1)?))
            });
            Kind::Map(entries.collect::<Result<_, Fault>>()?)
        }
        plain => Kind::Literal(Value::from_json(plain)),
    };
    Ok(Expression { range, kind })
}
