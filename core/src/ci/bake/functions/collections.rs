//! Lists and maps.

use std::collections::BTreeMap;

use super::{Entry, Failure, Outcome, integer, items, real, text, whole};
use crate::ci::bake::evaluate::index as indexed;
use crate::ci::bake::syntax::Range;
use crate::ci::bake::value::Value;

pub(super) const ENTRIES: &[Entry] = &[
    Entry("length", "collection:c", |a| {
        Ok(Value::count(a[0].elements().map_or(0, |all| all.len())))
    }),
    Entry("keys", "inputMap:m", |a| {
        Ok(Value::List(map(&a[0]).keys().map(Value::text).collect()))
    }),
    Entry("values", "mapping:m", |a| {
        Ok(Value::List(map(&a[0]).into_values().collect()))
    }),
    Entry("element", "list:l index:n", element),
    Entry("index", "collection:c key:a", |a| {
        indexed(&a[0], &a[1], Range::default())
            .map_err(|_| Failure::Call("invalid index".to_owned()))
    }),
    Entry("indexof", "list:l value:A", index_of),
    Entry("hasindex", "collection:c key:a", |a| {
        Ok(Value::Bool(indexed(&a[0], &a[1], Range::default()).is_ok()))
    }),
    Entry("lookup", "inputMap:m key:s default:A", |a| {
        Ok(map(&a[0]).get(text(&a[1])).unwrap_or(&a[2]).clone())
    }),
    Entry("contains", "list:l value:a", |a| {
        Ok(Value::Bool(items(&a[0]).contains(&a[1])))
    }),
    Entry("concat", "seqs*:l", |a| {
        Ok(Value::List(a.iter().flat_map(items).cloned().collect()))
    }),
    Entry("compact", "list:l", |a| {
        let kept = items(&a[0])
            .iter()
            .filter(|item| **item != Value::text("") && **item != Value::Null);
        Ok(Value::List(kept.cloned().collect()))
    }),
    Entry("distinct", "list:l", |a| {
        Ok(Value::List(distinct(items(&a[0]))))
    }),
    Entry("flatten", "list:l", |a| {
        let mut all = Vec::new();
        flatten(&a[0], &mut all);
        Ok(Value::List(all))
    }),
    Entry("reverselist", "list:l", |a| {
        Ok(Value::List(items(&a[0]).iter().rev().cloned().collect()))
    }),
    Entry("sort", "list:l", |a| {
        let mut all: Vec<String> = items(&a[0])
            .iter()
            .filter_map(|item| item.to_text().ok())
            .collect();
        all.sort();
        Ok(Value::List(all.into_iter().map(Value::Text).collect()))
    }),
    Entry("slice", "list:l start_index:n end_index:n", slice),
    Entry("chunklist", "list:l size:n", chunks),
    Entry("coalesce", "vals*:A", coalesce),
    Entry("coalescelist", "vals*:A", |a| {
        let found = a
            .iter()
            .find(|value| value.elements().is_some_and(|all| !all.is_empty()));
        found
            .cloned()
            .ok_or_else(|| Failure::Call("no non-null arguments".to_owned()))
    }),
    Entry("merge", "maps*:A", merge),
    Entry("zipmap", "keys:l values:l", zip),
];

fn map(value: &Value) -> BTreeMap<String, Value> {
    match value {
        Value::Map(entries) => entries.clone(),
        _ => BTreeMap::new(),
    }
}

pub(super) fn distinct(items: &[Value]) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for item in items {
        if !found.contains(item) {
            found.push(item.clone());
        }
    }
    found
}

fn flatten(value: &Value, into: &mut Vec<Value>) {
    match value {
        Value::List(items) => items.iter().for_each(|item| flatten(item, into)),
        other => into.push(other.clone()),
    }
}

/// An index past the end begins again at the start.
fn element(arguments: &[Value]) -> Outcome {
    let all = items(&arguments[0]);
    if all.is_empty() {
        let why = "cannot use element function with an empty list";
        return Err(Failure::Argument(0, why.to_owned()));
    }
    let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let at = integer(real(&arguments[1])).rem_euclid(count);
    Ok(all[usize::try_from(at).unwrap_or_default()].clone())
}

fn index_of(arguments: &[Value]) -> Outcome {
    let all = items(&arguments[0]);
    if all.is_empty() {
        return Err(Failure::Call("cannot search an empty list".to_owned()));
    }
    let found = all.iter().position(|item| *item == arguments[1]);
    found
        .map(Value::count)
        .ok_or_else(|| Failure::Call("item not found".to_owned()))
}

fn slice(arguments: &[Value]) -> Outcome {
    let all = items(&arguments[0]);
    let (start, end) = (integer(real(&arguments[1])), integer(real(&arguments[2])));
    if start < 0 {
        let why = "start index must not be less than zero";
        return Err(Failure::Argument(1, why.to_owned()));
    }
    let (start, end) = (
        whole(real(&arguments[1])),
        usize::try_from(end).unwrap_or(0),
    );
    if start > all.len() || end > all.len() {
        let why = "end index must not be greater than the length of the list";
        return Err(Failure::Argument(2, why.to_owned()));
    }
    if start > end {
        let why = "start index must not be greater than end index";
        return Err(Failure::Argument(1, why.to_owned()));
    }
    Ok(Value::List(all[start..end].to_vec()))
}

fn chunks(arguments: &[Value]) -> Outcome {
    let all = items(&arguments[0]);
    let size = integer(real(&arguments[1]));
    if size < 0 {
        let why = "the size argument must be positive";
        return Err(Failure::Call(why.to_owned()));
    }
    let size = if size == 0 {
        all.len().max(1)
    } else {
        whole(real(&arguments[1]))
    };
    Ok(Value::List(
        all.chunks(size)
            .map(|part| Value::List(part.to_vec()))
            .collect(),
    ))
}

/// The first that is not null; an empty text is a value.
fn coalesce(arguments: &[Value]) -> Outcome {
    let found = arguments.iter().find(|value| **value != Value::Null);
    found
        .cloned()
        .ok_or_else(|| Failure::Call("no non-null arguments".to_owned()))
}

fn merge(arguments: &[Value]) -> Outcome {
    let mut all = BTreeMap::new();
    for (n, value) in arguments.iter().enumerate() {
        match value {
            Value::Map(entries) => all.extend(entries.clone()),
            Value::Null => {}
            other => {
                let why = format!("arguments must be maps or objects, got {:?}", other.kind());
                return Err(Failure::Argument(n, why));
            }
        }
    }
    Ok(Value::Map(all))
}

fn zip(arguments: &[Value]) -> Outcome {
    let (keys, values) = (items(&arguments[0]), items(&arguments[1]));
    if keys.len() != values.len() {
        return Err(Failure::Call(format!(
            "number of keys ({}) does not match number of values ({})",
            keys.len(),
            values.len()
        )));
    }
    let texts = keys.iter().map(|key| key.to_text().unwrap_or_default());
    Ok(Value::Map(texts.zip(values.iter().cloned()).collect()))
}
