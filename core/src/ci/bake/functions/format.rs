//! `format` and `formatlist`: the verbs of cty, which are nearly those of Go.

use super::{Entry, Failure, Outcome, integer, text};
use crate::ci::bake::value::{Value, number_text};

pub(super) const ENTRIES: &[Entry] = &[
    Entry("format", "format:s args*:A", |a| {
        formatted(text(&a[0]), &a[1..]).map(Value::Text)
    }),
    Entry("formatlist", "format:s args*:A", list),
];

/// One text for each position of the lists among the arguments.
fn list(arguments: &[Value]) -> Outcome {
    let lengths = arguments[1..].iter().filter_map(|argument| match argument {
        Value::List(items) => Some(items.len()),
        _ => None,
    });
    let lengths: Vec<usize> = lengths.collect();
    let count = lengths.first().copied().unwrap_or(1);
    if let Some(n) = lengths.iter().position(|length| *length != count) {
        let why = format!(
            "argument {} has length {}, which is inconsistent with argument 1 of length {count}",
            n + 1,
            lengths[n]
        );
        return Err(Failure::Argument(n + 1, why));
    }
    let mut all = Vec::new();
    for n in 0..count {
        let row: Vec<Value> = arguments[1..]
            .iter()
            .map(|argument| match argument {
                Value::List(items) => items[n].clone(),
                other => other.clone(),
            })
            .collect();
        all.push(Value::Text(formatted(text(&arguments[0]), &row)?));
    }
    Ok(Value::List(all))
}

/// What stands between `%` and the verb.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the verb")]
struct Verb {
    left: bool,
    zero: bool,
    plus: bool,
    sharp: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

fn formatted(pattern: &str, arguments: &[Value]) -> Result<String, Failure> {
    let mut out = String::new();
    let mut rest = pattern;
    let mut next = 0;
    let mut highest = 0;
    while let Some((before, behind)) = rest.split_once('%') {
        out.push_str(before);
        let offset = pattern.len() - behind.len() - 1;
        let (verb, tail) = flags(behind);
        let (index, tail) = chosen(tail);
        let Some(letter) = tail.chars().next() else {
            let why = format!("unrecognized format character at offset {offset}");
            return Err(Failure::Argument(0, why));
        };
        rest = &tail[letter.len_utf8()..];
        if letter == '%' {
            out.push('%');
            continue;
        }
        let at = index.unwrap_or(next);
        next = at + 1;
        highest = highest.max(next);
        let Some(argument) = arguments.get(at) else {
            let why = format!(
                "not enough arguments for {:?} at {offset}: need index {} but have {} total",
                &pattern[offset..pattern.len() - rest.len()],
                at + 1,
                arguments.len()
            );
            return Err(Failure::Call(why));
        };
        let shown = shown(letter, &verb, argument).map_err(|why| match why {
            Some(why) => Failure::Argument(
                at + 1,
                format!(
                    "unsupported value for {:?} at {offset}: {why}",
                    &pattern[offset..pattern.len() - rest.len()]
                ),
            ),
            None => Failure::Unknown(format!("format() with %{letter} is not modelled")),
        })?;
        out.push_str(&padded(shown, letter, &verb));
    }
    out.push_str(rest);
    if highest < arguments.len() {
        let why = format!("too many arguments; only {highest} used by format string");
        return Err(Failure::Argument(highest + 1, why));
    }
    Ok(out)
}

fn flags(text: &str) -> (Verb, &str) {
    let mut verb = Verb::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match c {
            '-' => verb.left = true,
            '0' => verb.zero = true,
            '+' => verb.plus = true,
            '#' => verb.sharp = true,
            ' ' => {}
            _ => break,
        }
        rest = &rest[1..];
    }
    let (width, tail) = digits(rest);
    verb.width = width;
    rest = tail;
    if let Some(tail) = rest.strip_prefix('.') {
        let (precision, tail) = digits(tail);
        verb.precision = Some(precision.unwrap_or(0));
        rest = tail;
    }
    (verb, rest)
}

/// `[n]` before the letter: which argument, from 1.
fn chosen(text: &str) -> (Option<usize>, &str) {
    let inside = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    match inside.and_then(|(n, rest)| Some((n.parse::<usize>().ok()?, rest))) {
        Some((n, rest)) => (n.checked_sub(1), rest),
        None => (None, text),
    }
}

fn digits(text: &str) -> (Option<usize>, &str) {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    // No width is wider than what anybody reads.
    (
        text[..length].parse().ok().map(|n: usize| n.min(10_000)),
        &text[length..],
    )
}

/// The error is `None` where the verb is not modelled.
fn shown(letter: char, verb: &Verb, argument: &Value) -> Result<String, Option<String>> {
    match letter {
        'v' => Ok(match argument {
            Value::Text(text) if !verb.sharp => text.clone(),
            Value::Number(number) if !verb.sharp => number_text(*number),
            other => other.to_json().to_string(),
        }),
        's' => argument.to_text().map_err(Some),
        'q' => {
            let text = argument.to_text().map_err(Some)?;
            Ok(serde_json::Value::from(text).to_string())
        }
        't' => argument
            .to_bool()
            .map(|value| value.to_string())
            .map_err(Some),
        'd' | 'b' | 'o' | 'x' | 'X' => {
            let number = integer(argument.to_number().map_err(Some)?);
            let sign = if number < 0 {
                "-"
            } else if verb.plus {
                "+"
            } else {
                ""
            };
            let plain = number.unsigned_abs();
            Ok(match letter {
                'b' => format!("{sign}{plain:b}"),
                'o' => format!("{sign}{plain:o}"),
                'x' => format!("{sign}{plain:x}"),
                'X' => format!("{sign}{plain:X}"),
                _ => format!("{sign}{plain}"),
            })
        }
        'f' | 'F' => {
            let number = argument.to_number().map_err(Some)?;
            Ok(format!("{number:.*}", verb.precision.unwrap_or(6).min(300)))
        }
        _ => Err(None),
    }
}

fn padded(text: String, letter: char, verb: &Verb) -> String {
    let text = match verb.precision {
        Some(count) if matches!(letter, 's' | 'q' | 'v') => text.chars().take(count).collect(),
        _ => text,
    };
    let missing = verb.width.unwrap_or(0).saturating_sub(text.chars().count());
    if verb.left {
        return text + &" ".repeat(missing);
    }
    if !verb.zero {
        return " ".repeat(missing) + &text;
    }
    let sign = usize::from(text.starts_with(['-', '+']));
    format!("{}{}{}", &text[..sign], "0".repeat(missing), &text[sign..])
}
