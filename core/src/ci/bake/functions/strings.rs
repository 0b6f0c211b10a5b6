//! Texts: case, parts, replacement, joining and splitting.

use super::{Entry, Failure, Outcome, integer, items, real, text, whole};
use crate::ci::bake::value::Value;

pub(super) const ENTRIES: &[Entry] = &[
    Entry("upper", "str:s", |a| done(text(&a[0]).to_uppercase())),
    Entry("lower", "str:s", |a| done(text(&a[0]).to_lowercase())),
    Entry("title", "str:s", |a| done(title(text(&a[0])))),
    Entry("chomp", "str:s", |a| {
        done(text(&a[0]).trim_end_matches(['\n', '\r']))
    }),
    Entry("trimspace", "str:s", |a| done(text(&a[0]).trim())),
    Entry("trim", "str:s cutset:s", |a| {
        done(text(&a[0]).trim_matches(|c| text(&a[1]).contains(c)))
    }),
    Entry("trimprefix", "str:s prefix:s", |a| {
        let all = text(&a[0]);
        done(all.strip_prefix(text(&a[1])).unwrap_or(all))
    }),
    Entry("trimsuffix", "str:s suffix:s", |a| {
        let all = text(&a[0]);
        done(all.strip_suffix(text(&a[1])).unwrap_or(all))
    }),
    Entry("strlen", "str:s", |a| {
        Ok(Value::count(text(&a[0]).chars().count()))
    }),
    Entry("reverse", "str:s", |a| {
        done(text(&a[0]).chars().rev().collect::<String>())
    }),
    Entry("substr", "str:s offset:n length:n", substring),
    Entry("replace", "str:s substr:s replace:s", |a| {
        done(text(&a[0]).replace(text(&a[1]), text(&a[2])))
    }),
    Entry("indent", "spaces:n str:s", |a| {
        let spaces = " ".repeat(whole(real(&a[0])).min(1000));
        done(text(&a[1]).replace('\n', &format!("\n{spaces}")))
    }),
    Entry("split", "separator:s str:s", |a| {
        Ok(split(text(&a[0]), text(&a[1])))
    }),
    Entry("join", "separator:s lists*:l", join),
    Entry("basename", "path:s", |a| done(base(text(&a[0])))),
    Entry("dirname", "path:s", |a| done(directory(text(&a[0])))),
    Entry("sanitize", "name:s", |a| {
        let kept = |c: char| {
            if c.is_ascii_alphanumeric() || "_-".contains(c) {
                c
            } else {
                '_'
            }
        };
        done(text(&a[0]).chars().map(kept).collect::<String>())
    }),
];

#[expect(clippy::unnecessary_wraps, reason = "the form of all functions")]
fn done(text: impl Into<String>) -> Outcome {
    Ok(Value::text(text))
}

/// The first letter of each word in capitals; words end at what is neither letter, digit nor `_`.
fn title(text: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    for c in text.chars() {
        let starts = !(before.is_alphanumeric() || before == '_' || before == '\'');
        if starts {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        before = c;
    }
    out
}

fn split(separator: &str, text: &str) -> Value {
    if separator.is_empty() {
        return Value::List(text.chars().map(|c| Value::text(c.to_string())).collect());
    }
    Value::List(text.split(separator).map(Value::text).collect())
}

/// All elements of all lists.
fn join(arguments: &[Value]) -> Outcome {
    let mut parts = Vec::new();
    for (n, list) in arguments.iter().enumerate().skip(1) {
        for (position, item) in items(list).iter().enumerate() {
            match item {
                Value::Null => {
                    let why = format!(
                        "element {position} of list {} is null; cannot concatenate null values",
                        n - 1
                    );
                    return Err(Failure::Argument(n, why));
                }
                item => parts.push(item.to_text().map_err(|_| {
                    let why = format!("list of string required, but have {}", list.kind());
                    Failure::Argument(n, why)
                })?),
            }
        }
    }
    if arguments.len() < 2 {
        return Err(Failure::Call("at least one list is required".to_owned()));
    }
    done(parts.join(text(&arguments[0])))
}

/// From an offset, which counts from the end where it is below zero; a length below zero is all.
fn substring(arguments: &[Value]) -> Outcome {
    let characters: Vec<char> = text(&arguments[0]).chars().collect();
    let offset = integer(real(&arguments[1]));
    let length = integer(real(&arguments[2]));
    let behind = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
    let start = if offset < 0 {
        characters.len().saturating_sub(behind)
    } else {
        behind
    };
    let tail = characters.get(start..).unwrap_or_default();
    let count = usize::try_from(length)
        .unwrap_or(tail.len())
        .min(tail.len());
    done(tail[..count].iter().collect::<String>())
}

fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let bare = path.trim_end_matches('/');
    if bare.is_empty() {
        return "/";
    }
    bare.rsplit('/').next().unwrap_or(bare)
}

fn directory(path: &str) -> String {
    let folder = path.rfind('/').map_or("", |at| &path[..=at]);
    crate::dockerfile::context::clean(folder)
}
