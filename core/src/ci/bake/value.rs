//! What expressions evaluate to, and how one kind becomes another.
//!
//! Source: zclconf/go-cty. Sets are lists without repetitions in order, tuples are lists, objects
//! are maps; numbers have the precision of a double, where cty has 512 bits.

use std::collections::BTreeMap;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
    /// What only a run can tell, or what is not modelled: which it is.
    Unknown(String),
}

impl Value {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number; it is a count, so that no digit is lost.
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of things that fit into memory"
    )]
    pub(super) fn count(count: usize) -> Self {
        Self::Number(count as f64)
    }

    /// The name that error texts give to its type.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null | Self::Unknown(_) => "dynamic",
            Self::Bool(_) => "bool",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::List(_) => "tuple",
            Self::Map(_) => "object",
        }
    }

    /// Why it is not known, looked for in its elements too.
    pub(super) fn unknown(&self) -> Option<&str> {
        match self {
            Self::Unknown(why) => Some(why),
            Self::List(items) => items.iter().find_map(Self::unknown),
            Self::Map(entries) => entries.values().find_map(Self::unknown),
            _ => None,
        }
    }

    /// As text: numbers and truth values convert, others give the error text.
    pub(super) fn to_text(&self) -> Result<String, String> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Number(number) => Ok(number_text(*number)),
            Self::Bool(value) => Ok(value.to_string()),
            Self::Null => Err("must not be null".to_owned()),
            other => Err(format!("string required, but have {}", other.kind())),
        }
    }

    pub(super) fn to_bool(&self) -> Result<bool, String> {
        match self {
            Self::Bool(value) => Ok(*value),
            Self::Text(text) => match text.as_str() {
                "true" | "1" => Ok(true),
                "false" | "0" => Ok(false),
                "True" | "TRUE" | "False" | "FALSE" => Err(format!(
                    "a bool is required; to convert from string, use lowercase \"{}\"",
                    text.to_lowercase()
                )),
                _ => Err("a bool is required".to_owned()),
            },
            Self::Null => Err("must not be null".to_owned()),
            other => Err(format!("bool required, but have {}", other.kind())),
        }
    }

    pub(super) fn to_number(&self) -> Result<f64, String> {
        match self {
            Self::Number(number) => Ok(*number),
            Self::Text(text) => number(text).ok_or_else(|| "a number is required".to_owned()),
            Self::Null => Err("must not be null".to_owned()),
            other => Err(format!("number required, but have {}", other.kind())),
        }
    }

    /// The elements of a list, or the values of a map.
    pub(super) fn elements(&self) -> Option<Vec<Self>> {
        match self {
            Self::List(items) => Some(items.clone()),
            Self::Map(entries) => Some(entries.values().cloned().collect()),
            _ => None,
        }
    }

    /// As `jsonencode` writes it.
    pub(super) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null | Self::Unknown(_) => serde_json::Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Number(number) => serde_json::from_str(&number_text(*number)).unwrap_or_default(),
            Self::Text(text) => text.as_str().into(),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Map(entries) => entries
                .iter()
                .map(|(key, value)| (key.clone(), value.to_json()))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        }
    }

    pub(super) fn from_json(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(*value),
            serde_json::Value::Number(number) => Self::Number(number.as_f64().unwrap_or_default()),
            serde_json::Value::String(text) => Self::text(text.as_str()),
            serde_json::Value::Array(items) => {
                Self::List(items.iter().map(Self::from_json).collect())
            }
            serde_json::Value::Object(entries) => Self::Map(
                entries
                    .iter()
                    .map(|(key, value)| (key.clone(), Self::from_json(value)))
                    .collect(),
            ),
        }
    }
}

/// A number as text holds it; neither infinite nor none.
pub(super) fn number(text: &str) -> Option<f64> {
    let plain = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E'));
    let found: f64 = text.parse().ok().filter(|_| plain)?;
    found.is_finite().then_some(found)
}

/// A number as text: the shortest digits that give it back, never with an exponent.
pub(super) fn number_text(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    number.to_string()
}
