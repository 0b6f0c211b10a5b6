//! Points in time: written, added to, taken apart. What time it is, only the build knows.

use super::{Entry, Failure, Outcome, from_integer, integer, real, text};
use crate::ci::bake::value::Value;

pub(super) const ENTRIES: &[Entry] = &[
    Entry("formatdate", "format:s time:s", |a| {
        let time = Time::read(text(&a[1])).map_err(|why| Failure::Argument(1, why))?;
        time.format(text(&a[0])).map(Value::Text)
    }),
    Entry("formattimestamp", "format:s time:a", |a| {
        let time = match &a[1] {
            Value::Number(seconds) => Time {
                seconds: integer(*seconds),
                offset: 0,
            },
            Value::Text(written) => Time::read(written)
                .map_err(|_| Failure::Argument(1, "timestamp string must be RFC3339".to_owned()))?,
            _ => {
                let why = "must be a string timestamp or a unix timestamp number";
                return Err(Failure::Argument(1, why.to_owned()));
            }
        };
        if text(&a[0]) == "X" {
            return Ok(Value::Text(time.seconds.to_string()));
        }
        time.format(text(&a[0])).map(Value::Text)
    }),
    Entry("timeadd", "timestamp:s duration:s", |a| {
        let mut time = Time::read(text(&a[0])).map_err(|why| Failure::Argument(0, why))?;
        let added = duration(text(&a[1])).ok_or_else(|| {
            Failure::Argument(1, format!("time: invalid duration {:?}", text(&a[1])))
        })?;
        time.seconds = time.seconds.saturating_add(added);
        Ok(Value::Text(time.rfc3339()))
    }),
    Entry("unixtimestampparse", "unix_timestamp:n", |a| {
        if real(&a[0]).fract() != 0.0 {
            return Err(Failure::Argument(
                0,
                "unix timestamp must be an integer".to_owned(),
            ));
        }
        parsed(&Time {
            seconds: integer(real(&a[0])),
            offset: 0,
        })
    }),
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

struct Time {
    /// Since 1970, in UTC.
    seconds: i64,
    /// Of the zone, in minutes.
    offset: i64,
}

/// A day of the calendar.
struct Date {
    year: i64,
    month: i64,
    day: i64,
}

impl Time {
    /// `2006-01-02T15:04:05Z`, or with an offset.
    fn read(written: &str) -> Result<Self, String> {
        let wrong = || format!("not a valid RFC3339 timestamp: {written:?}");
        let number = |from: usize, to: usize| -> Option<i64> {
            let part = written.get(from..to)?;
            part.bytes()
                .all(|b| b.is_ascii_digit())
                .then(|| part.parse().ok())?
        };
        let read = || {
            let marks = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")];
            if !marks
                .iter()
                .all(|(at, mark)| written.get(*at..=*at) == Some(mark))
            {
                return None;
            }
            let days = days_of(number(0, 4)?, number(5, 7)?, number(8, 10)?);
            let clock = number(11, 13)? * 3600 + number(14, 16)? * 60 + number(17, 19)?;
            let zone = written.get(19..)?;
            let zone = zone.strip_prefix('.').map_or(zone, |rest| {
                rest.trim_start_matches(|c: char| c.is_ascii_digit())
            });
            let offset = match zone {
                "Z" => 0,
                zone => {
                    let sign = match zone.get(..1)? {
                        "+" => 1,
                        "-" => -1,
                        _ => return None,
                    };
                    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
                    sign * (hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?)
                }
            };
            Some(Self {
                seconds: days * 86_400 + clock - offset * 60,
                offset,
            })
        };
        read().ok_or_else(wrong)
    }

    fn local(&self) -> i64 {
        self.seconds.saturating_add(self.offset * 60)
    }

    fn date(&self) -> Date {
        date_of(self.local().div_euclid(86_400))
    }

    /// Hour, minute, second.
    fn clock(&self) -> (i64, i64, i64) {
        let second = self.local().rem_euclid(86_400);
        (second / 3600, second / 60 % 60, second % 60)
    }

    fn weekday(&self) -> usize {
        usize::try_from((self.local().div_euclid(86_400) + 4).rem_euclid(7)).unwrap_or_default()
    }

    fn zone(&self, colon: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs();
        format!("{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
    }

    fn rfc3339(&self) -> String {
        let (date, (hour, minute, second)) = (self.date(), self.clock());
        let zone = if self.offset == 0 {
            "Z".to_owned()
        } else {
            self.zone(":")
        };
        format!(
            "{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}{zone}",
            date.year, date.month, date.day
        )
    }

    /// A pattern of cty: runs of letters, and text in single quotes.
    fn format(&self, pattern: &str) -> Result<String, Failure> {
        let mut out = String::new();
        let mut characters = pattern.chars().peekable();
        while let Some(c) = characters.next() {
            if c == '\'' {
                if characters.peek() == Some(&'\'') {
                    characters.next();
                    out.push('\'');
                    continue;
                }
                loop {
                    match characters.next() {
                        Some('\'') if characters.peek() == Some(&'\'') => {
                            characters.next();
                            out.push('\'');
                        }
                        Some('\'') => break,
                        Some(quoted) => out.push(quoted),
                        None => {
                            let why = "unterminated literal '";
                            return Err(Failure::Argument(0, why.to_owned()));
                        }
                    }
                }
                continue;
            }
            if !c.is_ascii_alphabetic() {
                out.push(c);
                continue;
            }
            let mut count = 1;
            while characters.peek() == Some(&c) {
                characters.next();
                count += 1;
            }
            let verb = self.verb(c, count).ok_or_else(|| {
                let shown = c.to_string().repeat(count.min(20));
                Failure::Argument(0, format!("invalid date format verb {shown:?}"))
            })?;
            out.push_str(&verb);
        }
        Ok(out)
    }

    fn verb(&self, c: char, count: usize) -> Option<String> {
        let (date, (hour, minute, second)) = (self.date(), self.clock());
        let month = MONTHS[usize::try_from(date.month - 1).unwrap_or_default().min(11)];
        let day = DAYS[self.weekday()];
        let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
        let half = if hour < 12 { "AM" } else { "PM" };
        Some(match (c, count) {
            ('Y', 4) => format!("{:04}", date.year),
            ('Y', 2) => format!("{:02}", date.year % 100),
            ('M', 1) => date.month.to_string(),
            ('M', 2) => format!("{:02}", date.month),
            ('M', 3) => month[..3].to_owned(),
            ('M', 4) => month.to_owned(),
            ('D', 1) => date.day.to_string(),
            ('D', 2) => format!("{:02}", date.day),
            ('E', 3) => day[..3].to_owned(),
            ('E', 4) => day.to_owned(),
            ('h', 1) => hour.to_string(),
            ('h', 2) => format!("{hour:02}"),
            ('H', 1) => twelve.to_string(),
            ('H', 2) => format!("{twelve:02}"),
            ('A', 2) => half.to_owned(),
            ('a', 2) => half.to_lowercase(),
            ('m', 1) => minute.to_string(),
            ('m', 2) => format!("{minute:02}"),
            ('s', 1) => second.to_string(),
            ('s', 2) => format!("{second:02}"),
            ('Z', 1 | 5) if self.offset == 0 && count == 1 => "Z".to_owned(),
            ('Z', 3) if self.offset == 0 => "UTC".to_owned(),
            ('Z', 4 | 3) => self.zone(""),
            ('Z', 1 | 5) => self.zone(":"),
            _ => return None,
        })
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the form of all functions")]
fn parsed(time: &Time) -> Outcome {
    let (date, (hour, minute, second)) = (time.date(), time.clock());
    let today = time.local().div_euclid(86_400);
    let year_day = today - days_of(date.year, 1, 1) + 1;
    // The week belongs to the year that its Thursday is in.
    let weekday = i64::try_from(time.weekday()).unwrap_or_default();
    let thursday = today - (weekday + 6).rem_euclid(7) + 3;
    let iso_year = date_of(thursday).year;
    let iso_week = (thursday - days_of(iso_year, 1, 1)) / 7 + 1;
    let month = MONTHS[usize::try_from(date.month - 1).unwrap_or_default().min(11)];
    let numbers = [
        ("year", date.year),
        ("year_day", year_day),
        ("day", date.day),
        ("month", date.month),
        ("weekday", weekday),
        ("hour", hour),
        ("minute", minute),
        ("second", second),
        ("iso_year", iso_year),
        ("iso_week", iso_week),
    ];
    let texts = [
        ("month_name", month.to_owned()),
        ("weekday_name", DAYS[time.weekday()].to_owned()),
        ("rfc3339", time.rfc3339()),
    ];
    let numbers = numbers.map(|(name, number)| (name.to_owned(), from_integer(number)));
    let texts = texts.map(|(name, text)| (name.to_owned(), Value::Text(text)));
    Ok(Value::Map(numbers.into_iter().chain(texts).collect()))
}

/// Days since 1970 of a day of the Gregorian calendar.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn date_of(days: i64) -> Date {
    let shifted = days + 719_468;
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let part = (5 * of_year + 2) / 153;
    let month = if part < 10 { part + 3 } else { part - 9 };
    Date {
        year: year + shifted.div_euclid(146_097) * 400 + i64::from(month <= 2),
        month,
        day: of_year - (153 * part + 2) / 5 + 1,
    }
}

/// `1h30m`, in seconds; parts of a second are lost.
fn duration(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut seconds = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let length = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..length].parse().ok()?;
        rest = &rest[length..];
        let unit = rest
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(rest.len());
        seconds += number
            * match &rest[..unit] {
                "h" => 3600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 1e-3,
                "us" | "µs" => 1e-6,
                "ns" => 1e-9,
                _ => return None,
            };
        rest = &rest[unit..];
    }
    Some(integer(sign * seconds))
}
