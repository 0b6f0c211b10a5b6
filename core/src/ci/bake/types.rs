//! Type constraints of variables and of `convert`: their names, and what becomes of values.
//!
//! Source: hashicorp/hcl `ext/typeexpr`; zclconf/go-cty `cty/convert`.

use std::collections::BTreeMap;

use super::syntax::{Expression, ExpressionKind as Kind, Fault};
use super::value::Value;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Type {
    Any,
    Text,
    Number,
    Bool,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Tuple(Vec<Type>),
    /// Each with whether it may be left out.
    Object(BTreeMap<String, (Type, bool)>),
}

impl Type {
    pub(super) fn read(expression: &Expression) -> Result<Self, Fault> {
        let at = expression.range;
        let invalid = |text: String| Fault::new("Invalid type specification", text, at);
        match &expression.kind {
            Kind::Wrapped(inner) => Self::read(inner),
            Kind::Variable(name) => Ok(match name.as_str() {
                "any" => Self::Any,
                "string" => Self::Text,
                "number" => Self::Number,
                "bool" => Self::Bool,
                "list" | "set" | "map" => {
                    return Err(invalid(format!(
                        "The {name} type constructor requires one argument specifying the element \
                         type."
                    )));
                }
                "object" => {
                    return Err(invalid(
                        "The object type constructor requires one argument specifying the \
                         attribute types and values as a map."
                            .to_owned(),
                    ));
                }
                "tuple" => {
                    return Err(invalid(
                        "The tuple type constructor requires one argument specifying the element \
                         types as a list."
                            .to_owned(),
                    ));
                }
                other => {
                    return Err(invalid(format!(
                        "The keyword {other:?} is not a valid type specification."
                    )));
                }
            }),
            Kind::Call {
                name, arguments, ..
            } => match (name.as_str(), arguments.as_slice()) {
                ("list", [one]) => Ok(Self::List(Box::new(Self::read(one)?))),
                ("set", [one]) => Ok(Self::Set(Box::new(Self::read(one)?))),
                ("map", [one]) => Ok(Self::Map(Box::new(Self::read(one)?))),
                ("tuple", [one]) => match &one.kind {
                    Kind::List(items) => Ok(Self::Tuple(
                        items.iter().map(Self::read).collect::<Result<_, _>>()?,
                    )),
                    _ => Err(invalid("Tuple type constructor requires a list of element types.".to_owned())),
                },
                ("object", [one]) => Self::object(one),
                (name, _) => Err(invalid(format!(
                    "Keyword {name:?} is not a valid type constructor."
                ))),
            },
            _ => Err(invalid(
                "A type specification is either a primitive type keyword (bool, number, string) or \
                 a complex type constructor call, like list(string)."
                    .to_owned(),
            )),
        }
    }

    fn object(expression: &Expression) -> Result<Self, Fault> {
        let Kind::Map(entries) = &expression.kind else {
            return Err(Fault::new(
                "Invalid type specification",
                "Object type constructor requires a map whose keys are attribute names and whose \
                 values are the corresponding attribute types.",
                expression.range,
            ));
        };
        let mut fields = BTreeMap::new();
        for (key, value) in entries {
            let Kind::Literal(Value::Text(name)) = &key.kind else {
                return Err(Fault::new(
                    "Invalid type specification",
                    "Object constructor map keys must be attribute names.",
                    key.range,
                ));
            };
            let (inner, optional) = match &value.kind {
                Kind::Call {
                    name, arguments, ..
                } if name == "optional" && !arguments.is_empty() => (&arguments[0], true),
                _ => (value, false),
            };
            fields.insert(name.clone(), (Self::read(inner)?, optional));
        }
        Ok(Self::Object(fields))
    }

    /// As error texts name it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Any => "dynamic".to_owned(),
            Self::Text => "string".to_owned(),
            Self::Number => "number".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::List(inner) => format!("list of {}", inner.name()),
            Self::Set(inner) => format!("set of {}", inner.name()),
            Self::Map(inner) => format!("map of {}", inner.name()),
            Self::Tuple(_) => "tuple".to_owned(),
            Self::Object(_) => "object".to_owned(),
        }
    }

    pub(super) fn is_primitive(&self) -> bool {
        matches!(self, Self::Text | Self::Number | Self::Bool)
    }

    pub(super) fn convert(&self, value: &Value) -> Result<Value, String> {
        let wrong = || format!("{} required, but have {}", self.name(), value.kind());
        match (self, value) {
            (Self::Any, _) | (_, Value::Null | Value::Unknown(_)) => Ok(value.clone()),
            (Self::Text, _) => value.to_text().map(Value::Text).map_err(|_| wrong()),
            (Self::Number, Value::Text(_)) => value.to_number().map(Value::Number),
            (Self::Number, _) => value.to_number().map(Value::Number).map_err(|_| wrong()),
            (Self::Bool, Value::Text(_)) => value.to_bool().map(Value::Bool),
            (Self::Bool, _) => value.to_bool().map(Value::Bool).map_err(|_| wrong()),
            (Self::List(inner) | Self::Set(inner), Value::List(items)) => {
                let items = items.iter().enumerate();
                let items = items.map(|(n, item)| {
                    inner
                        .convert(item)
                        .map_err(|why| element(&n.to_string(), inner, &why))
                });
                let mut items: Vec<Value> = items.collect::<Result<_, _>>()?;
                if matches!(self, Self::Set(_)) {
                    items.sort_by(|a, b| match (a, b) {
                        (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
                        _ => a.to_text().ok().cmp(&b.to_text().ok()),
                    });
                    items.dedup();
                }
                Ok(Value::List(items))
            }
            (Self::Map(inner), Value::Map(entries)) => {
                let entries = entries.iter().map(|(key, item)| {
                    let item = inner.convert(item);
                    let item = item.map_err(|why| element(&format!("{key:?}"), inner, &why))?;
                    Ok((key.clone(), item))
                });
                Ok(Value::Map(entries.collect::<Result<_, String>>()?))
            }
            (Self::Tuple(types), Value::List(items)) if types.len() == items.len() => {
                let pairs = types.iter().zip(items);
                let items = pairs.map(|(inner, item)| inner.convert(item));
                Ok(Value::List(items.collect::<Result<_, _>>()?))
            }
            (Self::Object(fields), Value::Map(entries)) => {
                let mut found = BTreeMap::new();
                for (name, (inner, optional)) in fields {
                    let item = match entries.get(name) {
                        Some(item) => inner
                            .convert(item)
                            .map_err(|why| format!("attribute {name:?}: {why}"))?,
                        None if *optional => Value::Null,
                        None => return Err(format!("attribute {name:?} is required")),
                    };
                    found.insert(name.clone(), item);
                }
                Ok(Value::Map(found))
            }
            _ => Err(wrong()),
        }
    }
}

fn element(_key: &str, _inner: &Type, why: &str) -> String {
    why.to_owned()
}
