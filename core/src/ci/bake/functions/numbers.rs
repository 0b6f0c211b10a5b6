//! Arithmetic, comparison and logic as functions.

use super::{Entry, Failure, Outcome, from_integer, integer, real};
use crate::ci::bake::value::Value;

pub(super) const ENTRIES: &[Entry] = &[
    Entry("absolute", "num:n", |a| done(real(&a[0]).abs())),
    Entry("add", "a:n b:n", |a| done(real(&a[0]) + real(&a[1]))),
    Entry("subtract", "a:n b:n", |a| done(real(&a[0]) - real(&a[1]))),
    Entry("multiply", "a:n b:n", |a| done(real(&a[0]) * real(&a[1]))),
    Entry("divide", "a:n b:n", |a| {
        divided(real(&a[0]), real(&a[1]), false)
    }),
    Entry("modulo", "a:n b:n", |a| {
        divided(real(&a[0]), real(&a[1]), true)
    }),
    Entry("negate", "num:n", |a| done(-real(&a[0]))),
    Entry("ceil", "num:n", |a| done(real(&a[0]).ceil())),
    Entry("floor", "num:n", |a| done(real(&a[0]).floor())),
    Entry("int", "num:n", |a| done(real(&a[0]).trunc())),
    Entry("log", "num:n base:n", |a| {
        done(real(&a[0]).ln() / real(&a[1]).ln())
    }),
    Entry("pow", "num:n power:n", |a| {
        done(real(&a[0]).powf(real(&a[1])))
    }),
    Entry("signum", "num:n", |a| {
        let number = real(&a[0]);
        done(if number == 0.0 { 0.0 } else { number.signum() })
    }),
    Entry("max", "numbers*:n", |a| best(a, f64::max)),
    Entry("min", "numbers*:n", |a| best(a, f64::min)),
    Entry("greaterthan", "a:n b:n", |a| is(real(&a[0]) > real(&a[1]))),
    Entry("greaterthanorequalto", "a:n b:n", |a| {
        is(real(&a[0]) >= real(&a[1]))
    }),
    Entry("lessthan", "a:n b:n", |a| is(real(&a[0]) < real(&a[1]))),
    Entry("lessthanorequalto", "a:n b:n", |a| {
        is(real(&a[0]) <= real(&a[1]))
    }),
    Entry("equal", "a:A b:A", |a| is(a[0] == a[1])),
    Entry("notequal", "a:A b:A", |a| is(a[0] != a[1])),
    Entry("and", "a:b b:b", |a| {
        is(a[0] == Value::Bool(true) && a[1] == Value::Bool(true))
    }),
    Entry("or", "a:b b:b", |a| {
        is(a[0] == Value::Bool(true) || a[1] == Value::Bool(true))
    }),
    Entry("not", "val:b", |a| is(a[0] == Value::Bool(false))),
    Entry("parseint", "number:a base:n", parse_int),
    Entry("range", "params*:n", range),
];

fn done(number: f64) -> Outcome {
    if number.is_finite() {
        return Ok(Value::Number(number));
    }
    Err(Failure::Unknown("a number that is not finite".to_owned()))
}

#[expect(clippy::unnecessary_wraps, reason = "the form of all functions")]
fn is(value: bool) -> Outcome {
    Ok(Value::Bool(value))
}

fn divided(a: f64, b: f64, rest: bool) -> Outcome {
    if b == 0.0 {
        return Err(Failure::Call("divide by zero".to_owned()));
    }
    done(if rest { a % b } else { a / b })
}

fn best(all: &[Value], better: fn(f64, f64) -> f64) -> Outcome {
    let best = all.iter().map(real).reduce(better);
    best.map_or_else(
        || Err(Failure::Call("must pass at least one number".to_owned())),
        done,
    )
}

fn parse_int(arguments: &[Value]) -> Outcome {
    let Value::Text(number) = &arguments[0] else {
        return Err(Failure::Argument(
            0,
            format!(
                "first argument must be a string, not {}",
                arguments[0].kind()
            ),
        ));
    };
    let base = integer(real(&arguments[1]));
    let valid = u32::try_from(base)
        .ok()
        .filter(|base| (2..=62).contains(base));
    let Some(base) = valid else {
        let why = "base must be a whole number between 2 and 62 inclusive";
        return Err(Failure::Argument(1, why.to_owned()));
    };
    if base > 36 {
        return Err(Failure::Unknown(format!(
            "parseint() with base {base} is not modelled"
        )));
    }
    i64::from_str_radix(number, base)
        .map(from_integer)
        .map_err(|_| {
            let why = format!("cannot parse {number:?} as a base {base} integer");
            Failure::Argument(0, why)
        })
}

/// `range(end)`, `range(start, end)`, `range(start, end, step)`: at most 1024 numbers.
fn range(arguments: &[Value]) -> Outcome {
    let numbers: Vec<f64> = arguments.iter().map(real).collect();
    let (start, end, step) = match numbers.as_slice() {
        [end] => (0.0, *end, if *end < 0.0 { -1.0 } else { 1.0 }),
        [start, end] => (*start, *end, if end < start { -1.0 } else { 1.0 }),
        [start, end, step] => (*start, *end, *step),
        [] => {
            return Err(Failure::Call(
                "must have one, two, or three arguments".to_owned(),
            ));
        }
        _ => {
            return Err(Failure::Call(
                "must have one, two, or three arguments".to_owned(),
            ));
        }
    };
    if step == 0.0 {
        return Err(Failure::Argument(2, "step must not be zero".to_owned()));
    }
    if (end < start && step > 0.0) || (end > start && step < 0.0) {
        let which = if step > 0.0 { "negative" } else { "positive" };
        let order = if step > 0.0 { "less" } else { "greater" };
        let why = format!("when end is {order} than start, step must be {which}");
        return Err(Failure::Argument(2, why));
    }
    let mut found = Vec::new();
    let mut number = start;
    while (step > 0.0 && number < end) || (step < 0.0 && number > end) {
        if found.len() >= 1024 {
            let why = "more than 1024 values were generated; either decrease the difference \
                       between start and end or use a smaller step";
            return Err(Failure::Call(why.to_owned()));
        }
        found.push(Value::Number(number));
        number += step;
    }
    Ok(Value::List(found))
}
