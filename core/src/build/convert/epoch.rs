//! `SOURCE_DATE_EPOCH`: a number, the context, a named context, or a stage that fetches one source
//! (`dockerfile2llb/epoch.go`). What only a download can tell stays unknown here.

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
        let stages = self.input.dockerfile.stages();
        let is_stage = stages.iter().filter_map(|stage| stage.first()).any(|from| {
            let crate::dockerfile::Kind::From(from) = &from.kind else {
                return false;
            };
            from.stage_name()
                .is_some_and(|name| name.eq_ignore_ascii_case(value))
        });
        if is_stage || self.input.request.contexts.contains_key(value) {
            return Ok(None);
        }
        Err(format!("invalid {NAME}: {value}").into())
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
