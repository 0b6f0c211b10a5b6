//! `Retry-After`: how long a server asks to be left alone (RFC 9110, 10.2.3).

use std::time::{Duration, SystemTime};

/// Seconds, or an HTTP date as seen from `now`; anything else (`1.889377ms`, words, negative
/// numbers) is as if the header were absent. More seconds than a number holds are as many as it
/// holds, and a date that is over asks for no patience.
pub fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date_and_nonsense_is_nothing() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        for (value, expected) in [
            ("0", Some(0)),
            (" 5 ", Some(5)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10)),
            ("Sun, 06 Nov 1994 08:49:27 GMT", Some(0)),
            ("Sunday, 06-Nov-94 08:49:47 GMT", Some(10)),
            ("99999999999999999999999999", Some(u64::MAX)),
            ("1.889377ms", None),
            ("-1", None),
            ("soon", None),
            ("", None),
        ] {
            let seconds = retry_after(value, now).map(|d| d.as_secs());
            assert_eq!(seconds, expected, "{value:?}");
        }
    }
}
