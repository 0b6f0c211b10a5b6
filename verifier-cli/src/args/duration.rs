//! Durations as people write them: `500ms`, `30s`, `2m`, `1h30m`, and plain seconds.

use std::time::Duration;

const EXPECTED: &str = "expected a time such as 500ms, 30s, 2m or 1h30m";

/// Longer is a slip of the keyboard.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

/// Parses one or several numbers with units; not zero.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let mut whole = Duration::ZERO;
    let mut rest = text.trim();
    if !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()) {
        whole = seconds(rest, 1)?;
        rest = "";
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at(digits);
        let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, after) = after.split_at(letters);
        let part = match unit {
            "ms" => number.parse().ok().map(Duration::from_millis),
            "s" => Some(seconds(number, 1)?),
            "m" => Some(seconds(number, 60)?),
            "h" => Some(seconds(number, 3600)?),
            _ => None,
        };
        whole = whole.saturating_add(part.ok_or(EXPECTED)?);
        rest = after;
    }
    if whole.is_zero() || whole > LONGEST {
        return Err(format!("{EXPECTED}, more than nothing and at most a week"));
    }
    Ok(whole)
}

fn seconds(number: &str, each: u64) -> Result<Duration, String> {
    let count: u64 = number.parse().map_err(|_| EXPECTED)?;
    Ok(Duration::from_secs(count.saturating_mul(each)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_written() {
        for (text, millis) in [
            ("500ms", Some(500)),
            ("30s", Some(30_000)),
            ("30", Some(30_000)),
            ("2m", Some(120_000)),
            ("1h30m", Some(5_400_000)),
            ("1m 5s", None),
            ("0", None),
            ("0s", None),
            ("", None),
            ("s", None),
            ("5x", None),
            ("-5s", None),
            ("1.5s", None),
            ("99999999999999999999s", None),
            ("9999999h", None),
        ] {
            let got = parse(text).ok().map(|d| d.as_millis());
            assert_eq!(got, millis, "{text:?}");
        }
    }
}
