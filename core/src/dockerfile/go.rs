//! Values as Go's standard library reads them, with its error texts: numbers, booleans,
//! durations, sizes.

use std::fmt::Write as _;

use super::quote::quote;

/// Go's `strconv.ParseInt(text, 10, 32)`.
pub(super) fn int32(text: &str) -> Result<i64, String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let error = |what: &str| format!("strconv.ParseInt: parsing {}: {what}", quote(text));
    let value = unsigned(digits, 10).map_err(|fault| error(fault.text()))?;
    let value = i64::from(value);
    let value = if text.starts_with('-') { -value } else { value };
    i32::try_from(value)
        .map(i64::from)
        .map_err(|_| error("value out of range"))
}

/// Go's `strconv.ParseUint(text, base, 32)`.
pub(super) fn uint32(text: &str, base: u32) -> Option<u32> {
    unsigned(text, base).ok()
}

enum NumberFault {
    Syntax,
    Range,
}

impl NumberFault {
    fn text(&self) -> &'static str {
        match self {
            Self::Syntax => "invalid syntax",
            Self::Range => "value out of range",
        }
    }
}

/// The fault that a reader from left to right meets first.
fn unsigned(text: &str, base: u32) -> Result<u32, NumberFault> {
    if text.is_empty() {
        return Err(NumberFault::Syntax);
    }
    let mut value: u32 = 0;
    for c in text.chars() {
        let digit = c.to_digit(base).ok_or(NumberFault::Syntax)?;
        value = value
            .checked_mul(base)
            .and_then(|value| value.checked_add(digit))
            .ok_or(NumberFault::Range)?;
    }
    Ok(value)
}

/// Go's `strconv.ParseBool`.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// Go's `time.ParseDuration`, in nanoseconds.
pub(super) fn duration(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", time_quote(text));
    let negative = text.starts_with('-');
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (whole, after) = digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let end = after
            .find(|c: char| c == '.' || c.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(end).unwrap_or((after, ""));
        if unit.is_empty() && !overflows(whole) {
            return Err(format!(
                "time: missing unit in duration {}",
                time_quote(text)
            ));
        }
        let part = scaled(whole, fraction, unit).map_err(|unknown| {
            if unknown {
                let (unit, text) = (time_quote(unit), time_quote(text));
                format!("time: unknown unit {unit} in duration {text}")
            } else {
                invalid()
            }
        })?;
        total = total
            .checked_add(part)
            .filter(|total| *total <= LIMIT)
            .ok_or_else(invalid)?;
        rest = after;
    }
    if negative {
        return Ok(0_i64.checked_sub_unsigned(total).unwrap_or(i64::MIN));
    }
    i64::try_from(total).map_err(|_| invalid())
}

const LIMIT: u64 = 1 << 63;

fn digits(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn overflows(whole: &str) -> bool {
    !whole.is_empty() && whole.parse::<u64>().map_or(true, |value| value > LIMIT)
}

/// Nanoseconds; the error tells whether the unit is unknown.
fn scaled(whole: &str, fraction: &str, unit: &str) -> Result<u64, bool> {
    if overflows(whole) {
        return Err(false);
    }
    let factor: u64 = match unit {
        "ns" => 1,
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return Err(true),
    };
    let value = whole.parse::<u64>().unwrap_or(0);
    let value = value
        .checked_mul(factor)
        .filter(|value| *value <= LIMIT)
        .ok_or(false)?;
    Ok(value.saturating_add(fractional(fraction, factor)))
}

/// What a fraction of a unit is; digits beyond the range of 63 bits do not count.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "Go computes this part in float64 too, and it is below one unit"
)]
fn fractional(fraction: &str, factor: u64) -> u64 {
    let mut value: u64 = 0;
    let mut scale = 1.0_f64;
    for digit in fraction.bytes() {
        let next = value
            .checked_mul(10)
            .map(|value| value + u64::from(digit - b'0'))
            .filter(|next| *next <= LIMIT);
        let Some(next) = next else {
            break;
        };
        value = next;
        scale *= 10.0;
    }
    (value as f64 * (factor as f64 / scale)) as u64
}

/// The `time` package has a quoting of its own: bytes beyond ASCII in hexadecimal.
fn time_quote(text: &str) -> String {
    let mut out = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..=0x7f => out.push(char::from(byte)),
            // Writing to a String cannot fail.
            _ => drop(write!(out, "\\x{byte:02x}")),
        }
    }
    out.push('"');
    out
}

/// go-units' `RAMInBytes`: `64m`, `1.5 GiB`, `100`.
pub(super) fn ram_in_bytes(text: &str) -> Option<i64> {
    let at = text.rfind(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '))?;
    let (number, suffix) = if text.get(at..)?.starts_with(' ') {
        (text.get(..at)?, text.get(at + 1..)?)
    } else {
        text.split_at_checked(at + 1)?
    };
    let size = number
        .parse::<f64>()
        .ok()
        .filter(|size| size.is_finite() && *size >= 0.0)?;
    let suffix = suffix.to_lowercase();
    let power = match suffix.as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 1,
        "m" | "mb" | "mib" => 2,
        "g" | "gb" | "gib" => 3,
        "t" | "tb" | "tib" => 4,
        "p" | "pb" | "pib" => 5,
        _ => return None,
    };
    #[expect(clippy::cast_possible_truncation, reason = "Go truncates too")]
    let bytes = (size * 1024_f64.powi(power)) as i64;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, want) in [
            ("0", Ok(0)),
            ("30s", Ok(30_000_000_000)),
            ("1m30s", Ok(90_000_000_000)),
            ("1.5h", Ok(5_400_000_000_000)),
            (".5ms", Ok(500_000)),
            ("-2us", Ok(-2_000)),
            ("2µs", Ok(2_000)),
            ("10", Err("time: missing unit in duration \"10\"")),
            ("abc", Err("time: invalid duration \"abc\"")),
            ("10x", Err("time: unknown unit \"x\" in duration \"10x\"")),
            (
                "1é",
                Err("time: unknown unit \"\\xc3\\xa9\" in duration \"1\\xc3\\xa9\""),
            ),
            ("-", Err("time: invalid duration \"-\"")),
            (".s", Err("time: invalid duration \".s\"")),
            ("9999999h", Err("time: invalid duration \"9999999h\"")),
            (
                "99999999999999999999",
                Err("time: invalid duration \"99999999999999999999\""),
            ),
        ] {
            assert_eq!(duration(text), want.map_err(str::to_owned), "{text}");
        }
    }

    #[test]
    fn numbers() {
        assert_eq!(int32("-3"), Ok(-3));
        assert_eq!(int32("+3"), Ok(3));
        let syntax = "strconv.ParseInt: parsing \"3x\": invalid syntax";
        assert_eq!(int32("3x"), Err(syntax.to_owned()));
        let range = "strconv.ParseInt: parsing \"2147483648\": value out of range";
        assert_eq!(int32("2147483648"), Err(range.to_owned()));
        assert_eq!(uint32("0755", 8), Some(0o755));
        assert_eq!(uint32("9", 8), None);
        assert_eq!(uint32("-1", 10), None);
    }

    #[test]
    fn sizes() {
        for (text, want) in [
            ("100", Some(100)),
            ("64m", Some(64 << 20)),
            ("1.5 GiB", Some(3 << 29)),
            ("2KB", Some(2048)),
            ("5b", Some(5)),
            ("-1", None),
            ("x", None),
            ("1zb", None),
        ] {
            assert_eq!(ram_in_bytes(text), want, "{text}");
        }
    }
}
