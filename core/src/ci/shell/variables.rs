//! The variables of a shell: values, arrays, exports, positional parameters.

use std::collections::{BTreeMap, BTreeSet};

/// Longest value kept; what goes beyond is cut, so that loops cannot eat memory.
const MAX_VALUE: usize = 64 << 10;

/// Everything that a subshell gets a copy of.
#[derive(Debug, Clone, Default)]
pub struct Variables {
    values: BTreeMap<String, String>,
    arrays: BTreeMap<String, Vec<String>>,
    exported: BTreeSet<String>,
    /// `$1` and on.
    pub positional: Vec<String>,
    /// Counts changes, so that a loop that changes nothing is noticed.
    pub revision: u64,
}

impl Variables {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).or_else(|| {
            self.arrays
                .get(name)
                .and_then(|items| items.first())
                .map(String::as_str)
        })
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let mut value = value.into();
        if value.len() > MAX_VALUE {
            let mut end = MAX_VALUE;
            while !value.is_char_boundary(end) {
                end -= 1;
            }
            value.truncate(end);
        }
        if self.values.get(name) != Some(&value) {
            self.revision += 1;
            self.values.insert(name.to_owned(), value);
        }
        self.arrays.remove(name);
    }

    pub fn set_exported(&mut self, name: &str, value: impl Into<String>) {
        self.set(name, value);
        self.export(name);
    }

    pub fn export(&mut self, name: &str) {
        self.exported.insert(name.to_owned());
    }

    pub fn unset(&mut self, name: &str) {
        let was = self.values.remove(name).is_some() | self.arrays.remove(name).is_some();
        self.exported.remove(name);
        self.revision += u64::from(was);
    }

    pub fn array(&self, name: &str) -> Option<&[String]> {
        self.arrays.get(name).map(Vec::as_slice)
    }

    pub fn set_array(&mut self, name: &str, items: Vec<String>) {
        if self.arrays.get(name) != Some(&items) {
            self.revision += 1;
        }
        self.values.remove(name);
        self.arrays.insert(name.to_owned(), items);
    }

    /// Makes every value unknown that differs from `before`.
    pub(super) fn forget_changes(&mut self, before: &Self) {
        let names: BTreeSet<String> = self
            .values
            .keys()
            .chain(before.values.keys())
            .filter(|name| self.values.get(*name) != before.values.get(*name))
            .cloned()
            .collect();
        for name in names {
            self.set(&name, crate::ci::trace::UNKNOWN.to_string());
        }
        self.positional.clone_from(&before.positional);
    }

    /// The value if programs see it.
    pub fn exported(&self, name: &str) -> Option<&str> {
        if self.exported.contains(name) {
            self.get(name)
        } else {
            None
        }
    }

    /// Name and value of what programs see.
    pub fn environment(&self) -> impl Iterator<Item = (&str, &str)> {
        self.exported
            .iter()
            .filter_map(|name| Some((name.as_str(), self.get(name)?)))
    }
}
