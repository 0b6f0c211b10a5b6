//! What expressions evaluate to, within bounds of work, depth and size.
//!
//! Source: hashicorp/hcl, `hclsyntax/expression.go` and `ops.go`, whose texts these are. What names
//! stand for is the definition's to say; what is not known makes unknown what is made of it.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::functions;
use super::syntax::{Expression, ExpressionKind as Kind, Fault, For, Part, Range, Step};
use super::value::Value;

/// Expressions in each other at most, through variables and functions too.
const MAX_DEPTH: usize = 100;

/// Expressions evaluated and bytes of text made, of one set of files.
const MAX_WORK: usize = 4_000_000;

/// Names of a function, a matrix or a `for`, the innermost last.
pub(super) type Scope = Vec<(String, Value)>;

/// What names outside of an expression stand for.
pub(super) trait Names {
    /// A variable, or a kind of block as a map of its blocks.
    fn variable(&self, name: &str, at: Range) -> Result<Value, Fault>;
    /// `target.NAME.FIELD`, without evaluating what else the target has.
    fn field(&self, kind: &str, label: &str, name: &str, at: Range)
    -> Option<Result<Value, Fault>>;
    /// A function of the files; `None` where there is none of this name.
    fn function(
        &self,
        name: &str,
        arguments: &[Value],
        at: &[Range],
        call: Range,
    ) -> Option<Result<Value, Fault>>;
    fn evaluator(&self) -> &Evaluator;
    /// Where HCL says that an expression begins.
    fn first(&self, expression: &Expression) -> Range;
}

/// What was spent.
#[derive(Debug, Default)]
pub(super) struct Evaluator {
    depth: Cell<usize>,
    work: Cell<usize>,
}

impl Evaluator {
    /// Counts work; the fault stands where it became too much.
    pub(super) fn spend(&self, work: usize, at: Range) -> Result<(), Fault> {
        self.work.set(self.work.get().saturating_add(work));
        if self.work.get() > MAX_WORK {
            let text = "polyarch stops evaluating here; buildx would go on.";
            return Err(Fault::new("Too much work", text, at));
        }
        Ok(())
    }
}

pub(super) fn evaluate(
    names: &dyn Names,
    scope: &Scope,
    expression: &Expression,
) -> Result<Value, Fault> {
    let evaluator = names.evaluator();
    evaluator.spend(1, expression.range)?;
    if evaluator.depth.get() >= MAX_DEPTH {
        let text = "polyarch evaluates at most 100 expressions in each other.";
        return Err(Fault::new("Too much nesting", text, expression.range));
    }
    evaluator.depth.set(evaluator.depth.get() + 1);
    let found = one(names, scope, expression);
    evaluator.depth.set(evaluator.depth.get() - 1);
    found
}

fn one(names: &dyn Names, scope: &Scope, expression: &Expression) -> Result<Value, Fault> {
    let of = |inner: &Expression| evaluate(names, scope, inner);
    let range = expression.range;
    match &expression.kind {
        Kind::Literal(value) => {
            if let Value::Text(text) = value {
                names.evaluator().spend(text.len() / 8, range)?;
            }
            Ok(value.clone())
        }
        Kind::Wrapped(inner) => of(inner),
        Kind::Template(parts) => template(names, scope, parts, range),
        Kind::Variable(name) => match local(scope, name) {
            Some(value) => Ok(value.clone()),
            None => names.variable(name, range),
        },
        Kind::Attribute(base, name) => {
            if let Some(found) = block_field(names, scope, base, name, range) {
                return found;
            }
            attribute(&of(base)?, name, range.behind(base.range))
        }
        Kind::Index(base, key) => index(&of(base)?, &of(key)?, range.behind(base.range)),
        Kind::Splat(base, steps) => splat(names, scope, of(base)?, steps, range),
        Kind::Call {
            name,
            arguments,
            spread,
        } => functions::call(names, scope, name, arguments, *spread, range),
        Kind::Not(inner) => match of(inner)? {
            Value::Unknown(why) => Ok(Value::Unknown(why)),
            value => Ok(Value::Bool(!operand(
                value.to_bool(),
                "unary",
                inner.range,
            )?)),
        },
        Kind::Negate(inner) => match of(inner)? {
            Value::Unknown(why) => Ok(Value::Unknown(why)),
            value => Ok(Value::Number(-operand(
                value.to_number(),
                "unary",
                inner.range,
            )?)),
        },
        Kind::Binary(sign, left, right) => binary(sign, (of(left)?, left), (of(right)?, right)),
        Kind::Conditional(all) => conditional(names, scope, all),
        Kind::List(items) => Ok(Value::List(items.iter().map(of).collect::<Result<_, _>>()?)),
        Kind::Map(entries) => {
            let mut map = BTreeMap::new();
            for (key, value) in entries {
                map.insert(map_key(&of(key)?, key.range)?, of(value)?);
            }
            Ok(Value::Map(map))
        }
        Kind::For(found) => for_expression(names, scope, found),
    }
}

fn local<'a>(scope: &'a Scope, name: &str) -> Option<&'a Value> {
    let found = scope.iter().rev().find(|(known, _)| known == name);
    found.map(|(_, value)| value)
}

/// `target.NAME.FIELD` and `target["NAME"].FIELD`.
fn block_field(
    names: &dyn Names,
    scope: &Scope,
    base: &Expression,
    field: &str,
    range: Range,
) -> Option<Result<Value, Fault>> {
    let (Kind::Attribute(root, label), label_of_index) = (&base.kind, None::<String>) else {
        return None;
    };
    let Kind::Variable(kind) = &root.kind else {
        return None;
    };
    let label = label_of_index.as_deref().unwrap_or(label);
    if local(scope, kind).is_some() {
        return None;
    }
    names.field(kind, label, field, range)
}

fn operand<T>(found: Result<T, String>, side: &str, at: Range) -> Result<T, Fault> {
    found.map_err(|why| {
        Fault::new(
            "Invalid operand",
            format!("Unsuitable value for {side} operand: {why}."),
            at,
        )
    })
}

fn binary(
    sign: &'static str,
    (left, left_at): (Value, &Expression),
    (right, right_at): (Value, &Expression),
) -> Result<Value, Fault> {
    if let Some(why) = left.unknown().or(right.unknown()) {
        return Ok(Value::Unknown(why.to_owned()));
    }
    match sign {
        "==" => return Ok(Value::Bool(left == right)),
        "!=" => return Ok(Value::Bool(left != right)),
        "&&" | "||" => {
            let left = operand(left.to_bool(), "left", left_at.range)?;
            let right = operand(right.to_bool(), "right", right_at.range)?;
            let value = if sign == "&&" {
                left && right
            } else {
                left || right
            };
            return Ok(Value::Bool(value));
        }
        _ => {}
    }
    let a = operand(left.to_number(), "left", left_at.range)?;
    let b = operand(right.to_number(), "right", right_at.range)?;
    let number = match sign {
        "<" => return Ok(Value::Bool(a < b)),
        ">" => return Ok(Value::Bool(a > b)),
        "<=" => return Ok(Value::Bool(a <= b)),
        ">=" => return Ok(Value::Bool(a >= b)),
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        _ if b == 0.0 => a,
        _ => a % b,
    };
    if number.is_nan() {
        let why = "Error during operation: can't divide zero by zero or infinity by infinity.";
        let range = left_at.range.to(right_at.range);
        return Err(Fault::new("Operation failed", why, range));
    }
    Ok(Value::Number(number))
}

fn conditional(
    names: &dyn Names,
    scope: &Scope,
    [condition, then, otherwise]: &[Expression; 3],
) -> Result<Value, Fault> {
    let decided = match evaluate(names, scope, condition)? {
        Value::Unknown(why) => return Ok(Value::Unknown(why)),
        Value::Null => {
            return Err(Fault::new(
                "Null condition",
                "The condition value is null. Conditions must either be true or false.",
                condition.range,
            ));
        }
        value => value.to_bool().map_err(|_| {
            Fault::new(
                "Incorrect condition type",
                "The condition expression must be of type bool.",
                condition.range,
            )
        })?,
    };
    let (chosen, other) = if decided {
        (then, otherwise)
    } else {
        (otherwise, then)
    };
    let value = evaluate(names, scope, chosen)?;
    // Both sides have one type: text, where one of them is text. The other side's fault is none.
    let other = evaluate(names, scope, other).unwrap_or(Value::Null);
    let (yes, no) = if decided {
        (&value, &other)
    } else {
        (&other, &value)
    };
    let range = condition.range.to(otherwise.range);
    match (yes, no) {
        (Value::Bool(_), Value::Number(_)) | (Value::Number(_), Value::Bool(_)) => {
            Err(inconsistent(yes, no, range))
        }
        (Value::List(_) | Value::Map(_), Value::Text(_) | Value::Bool(_) | Value::Number(_))
        | (Value::Text(_) | Value::Bool(_) | Value::Number(_), Value::List(_) | Value::Map(_))
        | (Value::List(_), Value::Map(_))
        | (Value::Map(_), Value::List(_)) => Err(inconsistent(yes, no, range)),
        _ => Ok(unified(value, &other)),
    }
}

fn inconsistent(yes: &Value, no: &Value, range: Range) -> Fault {
    let detail = format!(
        "The true and false result expressions must have consistent types. The 'true' value is {}, \
         but the 'false' value is {}.",
        yes.kind(),
        no.kind()
    );
    Fault::new("Inconsistent conditional result types", detail, range)
}

/// Numbers and truth values become text where the other side holds text.
fn unified(value: Value, other: &Value) -> Value {
    fn holds_text(value: &Value) -> bool {
        match value {
            Value::Text(_) => true,
            Value::List(items) => items.iter().any(holds_text),
            _ => false,
        }
    }
    match (value, other) {
        (value @ (Value::Number(_) | Value::Bool(_)), Value::Text(_)) => {
            value.to_text().map_or(Value::Null, Value::Text)
        }
        (Value::List(items), Value::List(_)) if holds_text(other) => {
            let text = Value::text("");
            Value::List(items.into_iter().map(|item| unified(item, &text)).collect())
        }
        (value, _) => value,
    }
}

fn map_key(key: &Value, at: Range) -> Result<String, Fault> {
    if *key == Value::Null {
        let text = "Can't use a null value as a key.";
        return Err(Fault::new("Null value as key", text, at));
    }
    key.to_text().map_err(|why| {
        let text = format!("Can't use this value as a key: {why}.");
        Fault::new("Incorrect key type", text, at)
    })
}

pub(super) fn attribute(value: &Value, name: &str, at: Range) -> Result<Value, Fault> {
    match value {
        Value::Unknown(why) => Ok(Value::Unknown(why.clone())),
        Value::Map(entries) => entries.get(name).cloned().ok_or_else(|| {
            let text = format!("This object does not have an attribute named {name:?}.");
            Fault::new("Unsupported attribute", text, at)
        }),
        Value::Null => Err(Fault::new(
            "Attempt to get attribute from null value",
            "This value is null, so it does not have any attributes.",
            at,
        )),
        Value::List(_) => Err(Fault::new(
            "Unsupported attribute",
            "This value does not have any attributes.",
            at,
        )),
        other => Err(Fault::new(
            "Unsupported attribute",
            format!(
                "Can't access attributes on a primitive-typed value ({}).",
                other.kind()
            ),
            at,
        )),
    }
}

pub(super) fn index(value: &Value, key: &Value, at: Range) -> Result<Value, Fault> {
    let no = "The given key does not identify an element in this collection value";
    let invalid = |text: String| Err(Fault::new("Invalid index", text, at));
    if let Some(why) = key.unknown() {
        return Ok(Value::Unknown(why.to_owned()));
    }
    match (value, key) {
        (Value::Unknown(why), _) => Ok(Value::Unknown(why.clone())),
        (Value::Null, _) => Err(Fault::new(
            "Attempt to index null value",
            "This value is null, so it does not have any indices.",
            at,
        )),
        (_, Value::Null) => invalid("Can't use a null value as an indexing key.".to_owned()),
        (Value::List(items), key) => match key.to_number() {
            Err(why) => invalid(format!("{no}: {why}.")),
            Ok(number) if number.fract() != 0.0 => invalid(format!(
                "{no}: indexing a sequence requires a whole number, but the given index has a \
                 fractional part."
            )),
            Ok(number) if number < 0.0 => invalid(format!(
                "{no}: a negative number is not a valid index for a sequence."
            )),
            Ok(number) => match items.get(functions::whole(number)) {
                Some(item) => Ok(item.clone()),
                None => invalid(format!("{no}.")),
            },
        },
        (Value::Map(entries), key) => match key.to_text() {
            Ok(key) => match entries.get(&key) {
                Some(found) => Ok(found.clone()),
                None => invalid(format!("{no}.")),
            },
            Err(why) => invalid(format!("{no}: {why}.")),
        },
        _ => invalid("This value does not have any indices.".to_owned()),
    }
}

fn splat(
    names: &dyn Names,
    scope: &Scope,
    base: Value,
    steps: &[Step],
    at: Range,
) -> Result<Value, Fault> {
    let items = match base {
        Value::Unknown(why) => return Ok(Value::Unknown(why)),
        Value::Null => Vec::new(),
        Value::List(items) => items,
        other => vec![other],
    };
    let mut found = Vec::new();
    for mut item in items {
        names.evaluator().spend(1, at)?;
        for step in steps {
            item = match step {
                Step::Attribute(name) => attribute(&item, name, at)?,
                Step::Index(key) => index(&item, &evaluate(names, scope, key)?, at)?,
            };
        }
        found.push(item);
    }
    Ok(Value::List(found))
}

/// Keys and values, of a list its positions.
fn pairs(collection: Value, at: Range) -> Result<Result<Vec<(Value, Value)>, String>, Fault> {
    Ok(match collection {
        Value::Unknown(why) => Err(why),
        Value::List(items) => Ok(items
            .into_iter()
            .enumerate()
            .map(|(n, item)| (Value::count(n), item))
            .collect()),
        Value::Map(entries) => Ok(entries
            .into_iter()
            .map(|(key, value)| (Value::Text(key), value))
            .collect()),
        Value::Null => {
            return Err(Fault::new(
                "Iteration over null value",
                "A null value cannot be used as the collection in a 'for' expression.",
                at,
            ));
        }
        other => {
            return Err(Fault::new(
                "Iteration over non-iterable value",
                format!(
                    "A value of type {} cannot be used as the collection in a 'for' expression.",
                    other.kind()
                ),
                at,
            ));
        }
    })
}

fn with(
    scope: &Scope,
    (key_name, key): (Option<&String>, Value),
    (value_name, value): (&str, Value),
) -> Scope {
    let mut inner = scope.clone();
    if let Some(name) = key_name {
        inner.push((name.clone(), key));
    }
    inner.push((value_name.to_owned(), value));
    inner
}

fn for_expression(names: &dyn Names, scope: &Scope, found: &For) -> Result<Value, Fault> {
    let collection = evaluate(names, scope, &found.collection)?;
    let pairs = match pairs(collection, found.collection.range)? {
        Ok(pairs) => pairs,
        Err(why) => return Ok(Value::Unknown(why)),
    };
    let mut list = Vec::new();
    let mut map: BTreeMap<String, Value> = BTreeMap::new();
    for (key, value) in pairs {
        let inner = with(
            scope,
            (found.key_name.as_ref(), key),
            (&found.value_name, value),
        );
        if let Some(condition) = &found.condition {
            match evaluate(names, &inner, condition)? {
                Value::Unknown(why) => return Ok(Value::Unknown(why)),
                value => {
                    let wanted = value.to_bool().map_err(|why| {
                        let text = format!("The 'if' clause value is invalid: {why}.");
                        Fault::new("Invalid 'for' condition", text, condition.range)
                    })?;
                    if !wanted {
                        continue;
                    }
                }
            }
        }
        let Some(key) = &found.key else {
            list.push(evaluate(names, &inner, &found.value)?);
            continue;
        };
        let key_value = evaluate(names, &inner, key)?;
        if let Some(why) = key_value.unknown() {
            return Ok(Value::Unknown(why.to_owned()));
        }
        let name = key_value.to_text().map_err(|why| {
            let text = if key_value == Value::Null {
                "Key expression in 'for' expression must not produce a null value.".to_owned()
            } else {
                format!("The key expression produced an invalid result: {why}.")
            };
            Fault::new("Invalid object key", text, key.range)
        })?;
        let value = evaluate(names, &inner, &found.value)?;
        match map.get_mut(&name) {
            Some(Value::List(group)) if found.grouped => group.push(value),
            Some(_) if !found.grouped => {
                let text = format!(
                    "Two different items produced the key {name:?} in this 'for' expression. If \
                     duplicates are expected, use the ellipsis (...) after the value expression to \
                     enable grouping by key."
                );
                return Err(Fault::new("Duplicate object key", text, key.range));
            }
            _ if found.grouped => {
                map.insert(name, Value::List(vec![value]));
            }
            _ => {
                map.insert(name, value);
            }
        }
    }
    Ok(if found.key.is_some() {
        Value::Map(map)
    } else {
        Value::List(list)
    })
}

fn template(
    names: &dyn Names,
    scope: &Scope,
    parts: &[Part],
    range: Range,
) -> Result<Value, Fault> {
    let mut text = String::new();
    // A fault behind an unknown value is a fault all the same.
    let mut unknown = None;
    for part in parts {
        let found = match part {
            Part::Text(plain) => Value::text(plain.as_str()),
            Part::Value(inner) => match evaluate(names, scope, inner)? {
                Value::Unknown(why) => Value::Unknown(why),
                Value::Null => {
                    return Err(Fault::new(
                        "Invalid template interpolation value",
                        "The expression result is null. Cannot include a null value in a string \
                         template.",
                        inner.range,
                    ));
                }
                value => Value::Text(value.to_text().map_err(|why| {
                    let text =
                        format!("Cannot include the given value in a string template: {why}.");
                    Fault::new("Invalid template interpolation value", text, inner.range)
                })?),
            },
            Part::If {
                condition,
                then,
                otherwise,
            } => match evaluate(names, scope, condition)? {
                Value::Unknown(why) => Value::Unknown(why),
                value => {
                    let decided = value.to_bool().map_err(|_| {
                        let text = "The condition expression must be of type bool.";
                        Fault::new("Incorrect condition type", text, condition.range)
                    })?;
                    template(names, scope, if decided { then } else { otherwise }, range)?
                }
            },
            Part::For {
                key_name,
                value_name,
                collection,
                body,
            } => {
                let values = evaluate(names, scope, collection)?;
                match pairs(values, collection.range)? {
                    Err(why) => Value::Unknown(why),
                    Ok(pairs) => {
                        let mut all = String::new();
                        let mut why = None;
                        for (key, value) in pairs {
                            let inner = with(scope, (key_name.as_ref(), key), (value_name, value));
                            match template(names, &inner, body, range)? {
                                Value::Text(more) => all.push_str(&more),
                                other => why = Some(other),
                            }
                        }
                        why.unwrap_or(Value::Text(all))
                    }
                }
            }
        };
        match found {
            Value::Text(more) => {
                names.evaluator().spend(1 + more.len() / 4, range)?;
                text.push_str(&more);
            }
            other => unknown = Some(other),
        }
    }
    Ok(unknown.unwrap_or(Value::Text(text)))
}
