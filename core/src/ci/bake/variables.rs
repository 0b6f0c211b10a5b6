//! The values of variables: defaults, types, what the environment overrides, and validation.
//!
//! Source: docker/buildx `bake/hclparser/hclparser.go`.

use std::collections::BTreeMap;

use super::definition::Definition;
use super::evaluate::{Scope, evaluate};
use super::functions::fields;
use super::syntax::{Block, ExpressionKind, Fault, Range};
use super::types::Type;
use super::value::{self, Value};

/// The value of a `variable` block.
pub(super) fn value(all: &Definition<'_>, name: &str, block: &Block) -> Result<Value, Fault> {
    let written = block.body.attribute("type");
    let is_null = |kind: &ExpressionKind| matches!(kind, ExpressionKind::Literal(Value::Null));
    let written = written.filter(|found| !is_null(&found.value.kind));
    let kind = match written {
        Some(found) => Type::read(&found.value)?,
        None => Type::Any,
    };
    let default = block.body.attribute("default");
    let at = block.inside();
    let value = match default {
        None => None,
        Some(default) => {
            let value = evaluate(all, &Scope::new(), &default.value)?;
            Some(kind.convert(&value).map_err(|why| {
                let text = format!(
                    "invalid type {} for variable {name} default value: {why}",
                    kind.name()
                );
                Fault::new("Invalid value", text, at)
            })?)
        }
    };
    overridden(all, name, value, &kind, written.is_some(), at)
}

/// What the environment makes of a default.
pub(super) fn overridden(
    all: &Definition<'_>,
    name: &str,
    default: Option<Value>,
    kind: &Type,
    typed: bool,
    at: Range,
) -> Result<Value, Fault> {
    let Some((given, is_json)) = given(all, name, typed) else {
        return Ok(default.unwrap_or(if typed { Value::Null } else { Value::text("") }));
    };
    let invalid = |text: String| Fault::new("Invalid value", text, at);
    if typed && is_json {
        let json = serde_json::from_str(&given).map_err(|_| {
            invalid(format!(
                "failed to convert variable {name} from JSON: invalid JSON"
            ))
        })?;
        let value = kind.convert(&Value::from_json(&json));
        return value.map_err(|why| {
            invalid(format!(
                "failed to convert variable {name} from JSON: {why}"
            ))
        });
    }
    match kind {
        Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_) => {
            from_fields(name, &given, kind).map_err(|why| {
                invalid(format!("failed to convert variable {name} from CSV: {why}"))
            })
        }
        kind if typed && kind.is_primitive() => primitive(name, &given, kind).map_err(invalid),
        kind if typed => Err(invalid(format!(
            "unsupported type {} for variable {name}",
            kind.name()
        ))),
        _ => match default {
            None | Some(Value::Null | Value::Text(_) | Value::Unknown(_)) => Ok(Value::Text(given)),
            Some(Value::Bool(_)) => primitive(name, &given, &Type::Bool).map_err(invalid),
            Some(Value::Number(_)) => primitive(name, &given, &Type::Number).map_err(invalid),
            Some(other) => Err(invalid(format!(
                "unsupported type {} for variable {name}",
                other.kind()
            ))),
        },
    }
}

/// What the environment has under the name, and whether it is JSON: `NAME_JSON` comes first for a
/// variable with a type.
fn given(all: &Definition<'_>, name: &str, favours_json: bool) -> Option<(String, bool)> {
    let plain = (all.lookup)(name);
    if plain.is_none() || favours_json {
        let json = format!("{name}_JSON");
        if !all.variables.contains_key(json.as_str())
            && let Some(found) = (all.lookup)(&json)
        {
            return Some((found, true));
        }
    }
    plain.map(|found| (found, false))
}

fn primitive(name: &str, given: &str, kind: &Type) -> Result<Value, String> {
    match kind {
        Type::Bool => match given {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Value::Bool(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Value::Bool(false)),
            _ => Err(format!(
                "failed to parse {name} as bool: strconv.ParseBool: parsing {given:?}: invalid \
                 syntax"
            )),
        },
        Type::Number => value::number(given).map(Value::Number).ok_or_else(|| {
            format!(
                "failed to parse {name} as number: strconv.ParseFloat: parsing {given:?}: invalid \
                 syntax"
            )
        }),
        _ => Ok(Value::text(given)),
    }
}

/// Comma-separated values as a collection; those of a map are `key:value`.
fn from_fields(name: &str, given: &str, kind: &Type) -> Result<Value, String> {
    let all = fields(given).ok_or_else(|| {
        format!("failed to parse {given} as CSV: parse error on line 1: extraneous or missing \" in quoted-field")
    })?;
    let unsupported = || format!("unsupported type {} for CSV specification", kind.name());
    let one = |field: &str, inner: &Type| {
        if !inner.is_primitive() {
            return Err(unsupported());
        }
        primitive(name, field, inner)
            .map_err(|why| format!("failed to parse element of type {}: {why}", kind.name()))
    };
    match kind {
        Type::List(inner) | Type::Set(inner) => {
            let items = all.iter().map(|field| one(field, inner));
            kind.convert(&Value::List(items.collect::<Result<_, _>>()?))
        }
        Type::Tuple(types) if types.len() == all.len() => {
            let items = all
                .iter()
                .zip(types)
                .map(|(field, inner)| one(field, inner));
            Ok(Value::List(items.collect::<Result<_, _>>()?))
        }
        Type::Tuple(types) => Err(format!(
            "{} expects {} elements but only {} provided",
            kind.name(),
            types.len(),
            all.len()
        )),
        Type::Map(inner) => {
            let mut map = BTreeMap::new();
            for field in &all {
                let parts: Vec<&str> = field.split(':').collect();
                let [key, value] = parts.as_slice() else {
                    return Err(format!(
                        "expected one k/v pair but got {} pieces from {field}",
                        parts.len()
                    ));
                };
                map.insert((*key).to_owned(), one(value, inner)?);
            }
            Ok(Value::Map(map))
        }
        _ => Err(unsupported()),
    }
}

/// The `validation` blocks of a variable.
pub(super) fn validate(all: &Definition<'_>, block: &Block) -> Result<(), Fault> {
    for rule in block
        .body
        .blocks
        .iter()
        .filter(|block| block.kind == "validation")
    {
        let of = |name: &str| {
            rule.body.attribute(name).ok_or_else(|| {
                let text =
                    format!("The argument {name:?} is required, but no definition was found.");
                Fault::new("Missing required argument", text, rule.range)
            })
        };
        let (condition, message) = (of("condition")?, of("error_message")?);
        let at = condition.value.range;
        let invalid = |text: String| Fault::new("Invalid condition result", text, at);
        let holds = match evaluate(all, &Scope::new(), &condition.value)? {
            // What is not known may hold.
            Value::Unknown(_) => continue,
            Value::Null => {
                let text = "Condition expression must return either true or false, not null.";
                return Err(invalid(text.to_owned()));
            }
            value => value
                .to_bool()
                .map_err(|why| invalid(format!("Invalid condition result value: {why}")))?,
        };
        if !holds {
            let text = match evaluate(all, &Scope::new(), &message.value)? {
                Value::Text(text) => text,
                _ => "This check failed, but has an invalid error message.".to_owned(),
            };
            return Err(Fault::new("Validation failed", text, at));
        }
    }
    Ok(())
}
