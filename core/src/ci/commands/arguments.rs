//! Command lines in the manner of pflag: `--name value`, `--name=value`, `-n value`, `-nvalue`.

use std::collections::BTreeMap;

/// Flags by long name, and what is left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::ci) struct Arguments {
    values: BTreeMap<&'static str, Vec<String>>,
    pub rest: Vec<String>,
    /// The first flag that is not known, as typed.
    pub unknown: Option<String>,
    /// A flag at the end without its value.
    pub incomplete: Option<String>,
}

/// A flag: long name without dashes, short name or a blank, and whether a value follows.
pub(in crate::ci) type Flag = (&'static str, char, bool);

impl Arguments {
    /// `interspersed` is false where everything behind the first word belongs to that word.
    pub(in crate::ci) fn parse(words: &[String], flags: &[Flag], interspersed: bool) -> Self {
        let mut parsed = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if word == "--" {
                parsed.rest.extend(words.by_ref().cloned());
            } else if let Some(long) = word.strip_prefix("--") {
                parsed.long(long, flags, &mut words);
            } else if word.len() > 1 && word.starts_with('-') {
                parsed.short(word, flags, &mut words);
            } else {
                parsed.rest.push(word.clone());
                if !interspersed {
                    parsed.rest.extend(words.by_ref().cloned());
                }
            }
        }
        parsed
    }

    fn long(&mut self, long: &str, flags: &[Flag], words: &mut std::slice::Iter<'_, String>) {
        let (name, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (long, None),
        };
        let Some((known, _, takes_value)) = flags.iter().find(|(known, _, _)| *known == name)
        else {
            self.unknown.get_or_insert_with(|| format!("--{name}"));
            return;
        };
        let value = match (value, takes_value) {
            (Some(value), _) => value,
            (None, false) => "true".to_owned(),
            (None, true) => {
                if let Some(value) = words.next() {
                    value.clone()
                } else {
                    self.incomplete.get_or_insert_with(|| format!("--{name}"));
                    return;
                }
            }
        };
        self.values.entry(known).or_default().push(value);
    }

    fn short(&mut self, word: &str, flags: &[Flag], words: &mut std::slice::Iter<'_, String>) {
        let mut rest = word.get(1..).unwrap_or_default();
        while let Some(letter) = rest.chars().next() {
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            let Some((known, _, takes_value)) = flags.iter().find(|(_, short, _)| *short == letter)
            else {
                self.unknown.get_or_insert_with(|| format!("-{letter}"));
                return;
            };
            if !takes_value {
                self.values
                    .entry(known)
                    .or_default()
                    .push("true".to_owned());
                continue;
            }
            let value = if rest.is_empty() {
                words.next().cloned()
            } else {
                Some(rest.strip_prefix('=').unwrap_or(rest).to_owned())
            };
            match value {
                Some(value) => self.values.entry(known).or_default().push(value),
                None => {
                    self.incomplete.get_or_insert_with(|| format!("-{letter}"));
                }
            }
            return;
        }
    }

    /// The last value of a flag.
    pub(in crate::ci) fn get(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)
            .and_then(|v| v.last())
            .map(String::as_str)
    }

    pub(in crate::ci) fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// A switch that is there and not `=false`.
    pub(in crate::ci) fn is_set(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|v| !matches!(v, "false" | "0" | "f" | "F" | "False"))
    }

    pub(in crate::ci) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }
}
