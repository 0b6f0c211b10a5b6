//! Sets, which are lists in order without repetitions.

use super::collections::distinct;
use super::{Entry, Outcome, items};
use crate::ci::bake::value::Value;

pub(super) const ENTRIES: &[Entry] = &[
    Entry("sethaselement", "set:l elem:a", |a| {
        Ok(Value::Bool(items(&a[0]).contains(&a[1])))
    }),
    Entry("setunion", "first_set:l other_sets*:l", |a| {
        set(&a.iter().flat_map(items).cloned().collect::<Vec<_>>())
    }),
    Entry("setintersection", "first_set:l other_sets*:l", |a| {
        let kept = |item: &&Value| a.iter().all(|other| items(other).contains(item));
        set(&items(&a[0])
            .iter()
            .filter(kept)
            .cloned()
            .collect::<Vec<_>>())
    }),
    Entry("setsubtract", "a:l b:l", |a| {
        let kept = |item: &&Value| !items(&a[1]).contains(item);
        set(&items(&a[0])
            .iter()
            .filter(kept)
            .cloned()
            .collect::<Vec<_>>())
    }),
    Entry("setsymmetricdifference", "first_set:l other_sets*:l", |a| {
        let all = a.iter().flat_map(items);
        let kept =
            |item: &&Value| a.iter().filter(|other| items(other).contains(item)).count() % 2 == 1;
        set(&all.filter(kept).cloned().collect::<Vec<_>>())
    }),
    Entry("setproduct", "sets*:l", product),
];

/// In the order of cty: numbers by value, texts by letter.
#[expect(clippy::unnecessary_wraps, reason = "the form of all functions")]
fn set(items: &[Value]) -> Outcome {
    let mut all = distinct(items);
    all.sort_by(|a, b| match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
        _ => a
            .to_text()
            .unwrap_or_default()
            .cmp(&b.to_text().unwrap_or_default()),
    });
    Ok(Value::List(all))
}

/// All combinations, the last list changing first; too many are cut, which the budget tells.
fn product(arguments: &[Value]) -> Outcome {
    let count = arguments.iter().map(|set| items(set).len());
    let total = count.fold(1_usize, usize::saturating_mul);
    if total > 10_000 {
        let why = format!("setproduct() with {total} combinations is not modelled");
        return Err(super::Failure::Unknown(why));
    }
    let mut all = vec![Vec::new()];
    for set in arguments {
        let extended = all.iter().flat_map(|before: &Vec<Value>| {
            items(set).iter().map(move |item| {
                let mut next = before.clone();
                next.push(item.clone());
                next
            })
        });
        all = extended.collect();
    }
    Ok(Value::List(all.into_iter().map(Value::List).collect()))
}
