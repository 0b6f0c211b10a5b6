//! `semvercmp`: whether a version keeps to a constraint.
//!
//! Source: Masterminds/semver, as far as its operators go: `=`, `!=`, `<`, `>`, `<=`, `>=`, `~`,
//! `^`, commas, `||`. Ranges with a dash and wildcards are not modelled.

use super::{Entry, Failure, Outcome, text};
use crate::ci::bake::value::Value;

pub(super) const ENTRIES: &[Entry] = &[Entry("semvercmp", "version:s contraint:s", compare)];

struct Version {
    numbers: [u64; 3],
    /// How many of them were written.
    given: usize,
    prerelease: String,
}

fn compare(arguments: &[Value]) -> Outcome {
    let version = read(text(&arguments[0]))
        .ok_or_else(|| Failure::Call("invalid semantic version".to_owned()))?;
    let mut any = false;
    for group in text(&arguments[1]).split("||") {
        let mut all = true;
        // A space behind an operator is part of the constraint.
        let mut operator = String::new();
        for part in group.split([',', ' ']).filter(|part| !part.is_empty()) {
            operator.push_str(part);
            if part.ends_with(['=', '!', '<', '>', '~', '^']) {
                continue;
            }
            all &= keeps(&version, &std::mem::take(&mut operator))?;
        }
        any |= all;
    }
    Ok(Value::Bool(any))
}

fn keeps(version: &Version, constraint: &str) -> Result<bool, Failure> {
    let length = constraint.len()
        - constraint
            .trim_start_matches(['=', '!', '<', '>', '~', '^'])
            .len();
    let (operator, bare) = constraint.split_at(length);
    let Some(wanted) = read(bare) else {
        return Err(Failure::Unknown(format!(
            "semvercmp() with {constraint:?} is not modelled"
        )));
    };
    if !version.prerelease.is_empty() && wanted.prerelease.is_empty() && operator != "!=" {
        return Ok(false);
    }
    let order = order(version, &wanted);
    let below = |count: usize| {
        let same = version.numbers[..count] == wanted.numbers[..count];
        same && order.is_ge()
    };
    // A part that is not written stands for any.
    let prefix = version.numbers[..wanted.given] == wanted.numbers[..wanted.given];
    Ok(match operator {
        "" | "=" | "==" if wanted.given < 3 => prefix,
        "" | "=" | "==" => order.is_eq(),
        "!=" if wanted.given < 3 => !prefix,
        "!=" => order.is_ne(),
        "<" => order.is_lt(),
        ">" if wanted.given < 3 => order.is_gt() && !prefix,
        ">" => order.is_gt(),
        "<=" | "=<" => order.is_le() || (wanted.given < 3 && prefix),
        ">=" | "=>" => order.is_ge(),
        "~" | "~>" => below(if wanted.given == 1 { 1 } else { 2 }),
        "^" => match wanted.numbers {
            [0, 0, _] if wanted.given == 3 => below(3),
            [0, _, _] if wanted.given > 1 => below(2),
            _ => below(1),
        },
        _ => {
            return Err(Failure::Call(format!("improper constraint: {constraint}")));
        }
    })
}

fn order(a: &Version, b: &Version) -> std::cmp::Ordering {
    let numbers = a.numbers.cmp(&b.numbers);
    numbers.then_with(
        || match (a.prerelease.is_empty(), b.prerelease.is_empty()) {
            (true, true) => std::cmp::Ordering::Equal,
            (true, false) => std::cmp::Ordering::Greater,
            (false, true) => std::cmp::Ordering::Less,
            (false, false) => parts(&a.prerelease).cmp(&parts(&b.prerelease)),
        },
    )
}

/// Numbers come before words, as the specification orders them.
fn parts(prerelease: &str) -> Vec<(bool, u64, &str)> {
    let part = |part| match str::parse(part) {
        Ok(number) => (false, number, ""),
        Err(_) => (true, 0, part),
    };
    prerelease.split('.').map(part).collect()
}

fn read(text: &str) -> Option<Version> {
    let bare = text.trim().trim_start_matches('v');
    let bare = bare.split('+').next()?;
    let (numbers, prerelease) = bare.split_once('-').unwrap_or((bare, ""));
    let mut found = Version {
        numbers: [0; 3],
        given: 0,
        prerelease: prerelease.to_owned(),
    };
    for part in numbers.split('.') {
        *found.numbers.get_mut(found.given)? = part.parse().ok()?;
        found.given += 1;
    }
    Some(found)
}
