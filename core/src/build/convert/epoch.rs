//! `SOURCE_DATE_EPOCH`: a number, the context, a named context, or a stage that fetches one source
//! (`dockerfile2llb/epoch.go`). What only a download can tell stays unknown here.

use crate::dockerfile::{Instruction, Kind, Transfer, quote};

use super::super::env::Env;
use super::super::remote::{self, Source};
use super::super::values;
use super::names::location;
use super::{Converter, Outcome};

const NAME: &str = "SOURCE_DATE_EPOCH";

impl Converter<'_> {
    /// Settles the value and takes one that tells nothing away.
    pub(super) fn resolve_epoch(&mut self) -> Outcome<()> {
        let given = self.build_args.get(NAME).cloned();
        let global = self.globals.get(NAME).filter(|value| !value.is_empty());
        let Some(value) = given.or_else(|| global.map(str::to_owned)) else {
            return Ok(());
        };
        self.epoch = self.epoch_of(&value)?;
        let text = self.epoch.map(|seconds| seconds.to_string());
        if self.build_args.contains_key(NAME) {
            match &text {
                Some(text) => self.build_args.insert(NAME.to_owned(), text.clone()),
                None => self.build_args.remove(NAME),
            };
        }
        if self.globals.get(NAME).is_some() {
            match &text {
                Some(text) => self.globals.set(NAME, text),
                None => self.globals.remove(NAME),
            }
        }
        Ok(())
    }

    fn epoch_of(&self, value: &str) -> Outcome<Option<i64>> {
        if value.is_empty() || value == "context" {
            return Ok(None);
        }
        if let Ok(seconds) = value.parse::<i64>() {
            return Ok(Some(seconds));
        }
        if self.input.request.contexts.contains_key(value) {
            return Ok(None);
        }
        let mut at = self.input.dockerfile.preamble().len();
        for stage in self.input.dockerfile.stages() {
            let from = at;
            at += stage.len();
            let Some((first, body)) = stage.split_first() else {
                continue;
            };
            let Kind::From(kind) = &first.kind else {
                continue;
            };
            let name = kind.stage_name().unwrap_or_default();
            if name.eq_ignore_ascii_case(value) {
                self.epoch_stage(&kind.image.text, body)
                    .map_err(|refusal| refusal.at(location(from, first)))?;
                return Ok(None);
            }
        }
        Err(format!("invalid {NAME}: {value}").into())
    }

    /// A stage that dates the build has one remote source and nothing else.
    fn epoch_stage(&self, image: &str, body: &[Instruction]) -> Outcome<()> {
        let mut env = self.globals.clone();
        env.remove(NAME);
        let image = self.lexer.word(image, &env).map_err(|error| {
            let image = quote(image);
            format!("failed to process source stage base name {image}: {error}")
        })?;
        if image != super::from::SCRATCH {
            return Err("SOURCE_DATE_EPOCH stage must use FROM scratch".into());
        }
        let mut found = false;
        for instruction in body {
            match &instruction.kind {
                Kind::Arg(arguments) => {
                    for argument in arguments {
                        let key = &argument.key.text;
                        let value = match (self.build_args.get(key), &argument.value) {
                            (Some(given), _) => given.clone(),
                            (None, Some(default)) => self.lexer.word(&default.text, &env)?,
                            (None, None) => continue,
                        };
                        env.set(key, &value);
                    }
                }
                Kind::Add(_) if found => {
                    return Err(
                        "SOURCE_DATE_EPOCH stage must contain exactly one remote ADD".into(),
                    );
                }
                Kind::Add(add) => {
                    self.epoch_source(add, &env)?;
                    found = true;
                }
                _ => {
                    let name = &instruction.keyword.text;
                    return Err(format!("SOURCE_DATE_EPOCH stage does not meet source-only requirements: unsupported {name} instruction").into());
                }
            }
        }
        if found {
            return Ok(());
        }
        Err("SOURCE_DATE_EPOCH stage must contain exactly one remote ADD".into())
    }

    fn epoch_source(&self, add: &Transfer, env: &Env) -> Outcome<()> {
        let ([source], true) = (add.sources.as_slice(), add.files.is_empty()) else {
            return Err(
                "SOURCE_DATE_EPOCH stage must contain exactly one remote ADD source".into(),
            );
        };
        match remote::source(&self.lexer.word(&source.text, env)?)? {
            Source::Path => {
                Err("SOURCE_DATE_EPOCH stage source must be a single HTTP(S) or Git ADD".into())
            }
            Source::Http { .. } => {
                let checksum = add.checksum.as_ref().map_or("", |word| &word.text);
                let checksum = self.lexer.word(checksum, env)?;
                if !checksum.is_empty() {
                    values::check_digest(&checksum)?;
                }
                Ok(())
            }
            Source::Git(_) => Ok(()),
        }
    }
}

/// Seconds since 1970 as RFC 3339 in UTC.
pub(super) fn rfc3339(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The date of a day counted from 1970, by the Gregorian calendar's 400-year cycle.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days.saturating_add(719_468);
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let leap = day_of_era / 1460 - day_of_era / 36_524 + day_of_era / 146_096;
    let year_of_era = (day_of_era - leap) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn dates_are_right_around_leap_days() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_700_000_000, "2023-11-14T22:13:20Z"),
            (-1, "1969-12-31T23:59:59Z"),
        ] {
            assert_eq!(rfc3339(seconds), expected);
        }
    }
}
