//! The functions of bake files: which there are, and how arguments become what they take.
//!
//! Source: docker/buildx `bake/hclparser/stdlib.go` and the functions of zclconf/go-cty it lists.
//! What only a run can tell (the time, random numbers, the home folder) and what is not modelled
//! gives an unknown value.

mod collections;
mod encoding;
mod format;
mod numbers;
mod pattern;
mod sets;
mod strings;
mod time;
mod version;

pub(super) use encoding::fields;

use super::evaluate::{Names, Scope, evaluate};
use super::syntax::{Expression, ExpressionKind as Kind, Fault, Range};
use super::value::Value;

/// Why a function gives no value.
pub(super) enum Failure {
    /// Position of the argument, and what is wrong with it.
    Argument(usize, String),
    Call(String),
    /// Not modelled, or to be known by a run only.
    Unknown(String),
}

pub(super) type Outcome = Result<Value, Failure>;

type Implementation = fn(&[Value]) -> Outcome;

/// A function of the standard set.
///
/// Parameters are `name:kind`, with a space between them; the kind is `s` text, `n` number, `b`
/// truth value, `l` list, `m` map, `c` list or map, `a` anything, a capital for one that may be
/// null. A last one with `*` takes all further arguments.
struct Entry(&'static str, &'static str, Implementation);

const ENTRIES: &[&[Entry]] = &[
    numbers::ENTRIES,
    strings::ENTRIES,
    format::ENTRIES,
    collections::ENTRIES,
    sets::ENTRIES,
    encoding::ENTRIES,
    time::ENTRIES,
    version::ENTRIES,
    pattern::ENTRIES,
];

/// What buildx has and this does not evaluate, and why.
const UNKNOWN: &[(&str, &str)] = &[
    ("timestamp", "is the time of the build"),
    ("uuidv4", "is random"),
    ("bcrypt", "is random"),
    ("homedir", "is the folder of the user who builds"),
    ("md5", "is not modelled"),
    ("sha1", "is not modelled"),
    ("rsadecrypt", "is not modelled"),
    ("uuidv5", "is not modelled"),
    ("cidrhost", "is not modelled"),
    ("cidrnetmask", "is not modelled"),
    ("cidrsubnet", "is not modelled"),
    ("cidrsubnets", "is not modelled"),
];

fn find(name: &str) -> Option<&'static Entry> {
    ENTRIES
        .iter()
        .copied()
        .flatten()
        .find(|entry| entry.0 == name)
}

/// Whether buildx has a function of this name.
pub(super) fn exists(name: &str) -> bool {
    let unknown = UNKNOWN.iter().any(|(known, _)| *known == name);
    unknown || matches!(name, "try" | "can" | "convert") || find(name).is_some()
}

pub(super) fn call(
    names: &dyn Names,
    scope: &Scope,
    name: &str,
    arguments: &[Expression],
    spread: bool,
    range: Range,
) -> Result<Value, Fault> {
    match name {
        "try" => return attempt(names, scope, arguments, range),
        "can" => {
            let found = arguments.first().map(|first| evaluate(names, scope, first));
            return Ok(Value::Bool(found.is_some_and(|found| found.is_ok())));
        }
        "convert" if arguments.len() == 2 => {
            let value = evaluate(names, scope, &arguments[0])?;
            let wanted = super::types::Type::read(&arguments[1])?;
            return wanted.convert(&value).map_err(|why| {
                let text = format!("Invalid value for \"value\" parameter: {why}.");
                Fault::new("Invalid function argument", text, arguments[0].range)
            });
        }
        _ => {}
    }
    let entry = find(name);
    let unknown = UNKNOWN.iter().find(|(known, _)| *known == name);
    let (values, places) = values(names, scope, arguments, spread)?;
    if entry.is_none()
        && unknown.is_none()
        && let Some(found) = names.function(name, &values, &places, range)
    {
        return found;
    }
    if let Some((name, why)) = unknown {
        return Ok(Value::Unknown(format!("{name}() {why}")));
    }
    let Some(Entry(_, parameters, implementation)) = entry else {
        let text = format!("There is no function named {name:?}.{}", suggestion(name));
        let at = Range {
            end: range.start + name.len(),
            ..range
        };
        return Err(Fault::new("Call to unknown function", text, at));
    };
    let parameters = Parameters::read(parameters);
    let values = parameters.check(name, values, &places, range)?;
    if !matches!(name, "coalesce" | "jsonencode")
        && let Some(why) = values.iter().find_map(Value::unknown)
    {
        return Ok(Value::Unknown(why.to_owned()));
    }
    let size: usize = values.iter().map(size).sum();
    names.evaluator().spend(size, range)?;
    let found = implementation(&values).or_else(|failure| match failure {
        Failure::Unknown(why) => Ok(Value::Unknown(why)),
        Failure::Call(why) => {
            let text = format!("Call to function {name:?} failed: {why}.");
            let at = Range {
                end: range.start + name.len() + 1,
                ..range
            };
            Err(Fault::new("Error in function call", text, at))
        }
        Failure::Argument(n, why) => Err(parameters.invalid(n, &why, &places, range)),
    })?;
    names.evaluator().spend(self::size(&found), range)?;
    Ok(found)
}

/// The first argument that has a value.
fn attempt(
    names: &dyn Names,
    scope: &Scope,
    arguments: &[Expression],
    range: Range,
) -> Result<Value, Fault> {
    for argument in arguments {
        if let Ok(value) = evaluate(names, scope, argument) {
            return Ok(value);
        }
    }
    Err(Fault::new(
        "Error in function call",
        "Call to function \"try\" failed: no expression succeeded.",
        range,
    ))
}

fn values(
    names: &dyn Names,
    scope: &Scope,
    arguments: &[Expression],
    spread: bool,
) -> Result<(Vec<Value>, Vec<Range>), Fault> {
    let mut values = Vec::new();
    let mut places = Vec::new();
    for (n, argument) in arguments.iter().enumerate() {
        let value = evaluate(names, scope, argument)?;
        if !spread || n + 1 < arguments.len() {
            values.push(value);
            places.push(names.first(argument));
            continue;
        }
        let invalid = |text| Fault::new("Invalid expanding argument value", text, argument.range);
        match value {
            Value::List(items) => {
                places.extend(items.iter().map(|_| argument.range));
                values.extend(items);
            }
            Value::Null => {
                return Err(invalid(
                    "The expanding argument (indicated by ...) must not be null.",
                ));
            }
            Value::Unknown(why) => values.push(Value::Unknown(why)),
            _ => {
                return Err(invalid(
                    "The expanding argument (indicated by ...) must be of a tuple, list, or set \
                     type.",
                ));
            }
        }
    }
    Ok((values, places))
}

/// What a function takes.
pub(super) struct Parameters<'a> {
    fixed: Vec<(&'a str, char)>,
    variadic: Option<(&'a str, char)>,
}

impl<'a> Parameters<'a> {
    fn read(text: &'a str) -> Self {
        let mut found = Self {
            fixed: Vec::new(),
            variadic: None,
        };
        for parameter in text.split_whitespace() {
            let (name, kind) = parameter.split_once(':').unwrap_or((parameter, "a"));
            let kind = kind.chars().next().unwrap_or('a');
            match name.strip_suffix('*') {
                Some(name) => found.variadic = Some((name, kind)),
                None => found.fixed.push((name, kind)),
            }
        }
        found
    }

    /// Parameters of a function of the files: anything, by name.
    pub(super) fn any(fixed: &'a [String], variadic: Option<&'a str>) -> Self {
        Self {
            fixed: fixed.iter().map(|name| (name.as_str(), 'A')).collect(),
            variadic: variadic.map(|name| (name, 'A')),
        }
    }

    pub(super) fn check(
        &self,
        name: &str,
        values: Vec<Value>,
        places: &[Range],
        call: Range,
    ) -> Result<Vec<Value>, Fault> {
        let count = self.fixed.len();
        if let Some((missing, _)) = self.fixed.get(values.len()) {
            let least = if self.variadic.is_some() {
                " at least"
            } else {
                ""
            };
            let text = format!(
                "Function {name:?} expects{least} {count} argument(s). Missing value for \
                 {missing:?}."
            );
            let close = Range {
                start: call.end.saturating_sub(1),
                ..call
            };
            return Err(Fault::new("Not enough function arguments", text, close));
        }
        if self.variadic.is_none() && values.len() > count {
            let text = format!("Function {name:?} expects only {count} argument(s).");
            let at = places.get(count).copied().unwrap_or(call);
            return Err(Fault::new("Too many function arguments", text, at));
        }
        let kind_of = |n| self.fixed.get(n).copied().or(self.variadic);
        values
            .into_iter()
            .enumerate()
            .map(|(n, value)| {
                let kind = kind_of(n).map_or('a', |(_, kind)| kind);
                taken(value, kind).map_err(|why| self.invalid(n, &why, places, call))
            })
            .collect()
    }

    fn invalid(&self, n: usize, why: &str, places: &[Range], call: Range) -> Fault {
        let parameter = self.fixed.get(n).copied().or(self.variadic);
        let name = parameter.map_or("", |(name, _)| name);
        Fault::new(
            "Invalid function argument",
            format!("Invalid value for {name:?} parameter: {why}."),
            places.get(n).copied().unwrap_or(call),
        )
    }
}

/// An argument as a parameter of the kind takes it.
fn taken(value: Value, kind: char) -> Result<Value, String> {
    match (&value, kind.to_ascii_lowercase()) {
        (Value::Unknown(_), _) => Ok(value),
        (Value::Null, _) if kind.is_ascii_uppercase() => Ok(value),
        (Value::Null, _) => Err("argument must not be null".to_owned()),
        (_, 's') => value.to_text().map(Value::Text),
        (_, 'n') => value.to_number().map(Value::Number),
        (_, 'b') => value.to_bool().map(Value::Bool),
        (Value::List(_), 'l' | 'c') | (Value::Map(_), 'm' | 'c') => Ok(value),
        (_, 'l') => Err(format!(
            "list of any single type required, but have {}",
            value.kind()
        )),
        (_, 'm') => Err(format!(
            "map of any single type required, but have {}",
            value.kind()
        )),
        (_, 'c') => Err("collection must be a list, a map or a tuple".to_owned()),
        _ => Ok(value),
    }
}

/// Work that a value is worth.
fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) => 1 + text.len() / 8,
        Value::List(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Map(entries) => 1 + entries.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// Whether a name is a keyword of an expression that is no call, such as a parameter's.
pub(super) fn keyword(expression: &Expression) -> Option<&str> {
    match &expression.kind {
        Kind::Variable(name) => Some(name),
        _ => None,
    }
}

/// The function that was meant, as HCL says it.
fn suggestion(name: &str) -> String {
    let all = ENTRIES.iter().copied().flatten().map(|entry| entry.0);
    let mut all: Vec<&str> = all.chain(UNKNOWN.iter().map(|(name, _)| *name)).collect();
    all.sort_unstable();
    super::did_you_mean(name, &all)
}

/// Text of an argument that was converted.
fn text(value: &Value) -> &str {
    match value {
        Value::Text(text) => text,
        _ => "",
    }
}

fn real(value: &Value) -> f64 {
    match value {
        Value::Number(number) => *number,
        _ => 0.0,
    }
}

fn items(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        _ => &[],
    }
}

/// A whole number that counts something; below zero it is 0.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is what is wanted"
)]
pub(super) fn whole(number: f64) -> usize {
    number as usize
}

/// A whole number; what is beyond 64 bits is the nearest.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
fn integer(number: f64) -> i64 {
    number as i64
}

#[expect(clippy::cast_precision_loss, reason = "as doubles hold numbers")]
fn from_integer(number: i64) -> Value {
    Value::Number(number as f64)
}
