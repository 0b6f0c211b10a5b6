//! The environment of a stage: an ordered list in which setting a name again moves it to the end
//! (BuildKit's `llb.EnvList`), and an identity that equal lists share.

use std::collections::BTreeMap;

use crate::dockerfile::words::Variables;

/// Numbers equal environments equally, for all platforms of a build.
#[derive(Debug, Default)]
pub(super) struct EnvTable {
    known: BTreeMap<(usize, String, String), usize>,
}

/// Variables in the order in which they were last set.
#[derive(Debug, Clone, Default)]
pub(super) struct Env {
    values: BTreeMap<String, (usize, String)>,
    order: BTreeMap<usize, String>,
    next: usize,
    /// The number of the entries set before `numbered`.
    head: usize,
    numbered: usize,
}

impl EnvTable {
    fn number(&mut self, head: usize, key: &str, value: &str) -> usize {
        let next = self.known.len() + 1;
        let entry = (head, key.to_owned(), value.to_owned());
        *self.known.entry(entry).or_insert(next)
    }
}

impl Env {
    /// Sets a variable and moves it to the end.
    pub(super) fn set(&mut self, key: &str, value: &str) {
        let at = self.next;
        self.next += 1;
        match self.values.get_mut(key) {
            Some(entry) => {
                let before = std::mem::replace(entry, (at, value.to_owned())).0;
                self.forget(before);
            }
            None => {
                self.values.insert(key.to_owned(), (at, value.to_owned()));
            }
        }
        self.order.insert(at, key.to_owned());
    }

    /// Removes a variable.
    pub(super) fn remove(&mut self, key: &str) {
        if let Some((at, _)) = self.values.remove(key) {
            self.forget(at);
        }
    }

    fn forget(&mut self, at: usize) {
        self.order.remove(&at);
        if at < self.numbered {
            self.head = 0;
            self.numbered = 0;
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(|(_, value)| value.as_str())
    }

    /// When a variable was set: later ones have larger numbers.
    pub(super) fn age(&self, key: &str) -> Option<usize> {
        self.values.get(key).map(|(at, _)| *at)
    }

    /// Names in the order in which they were last set.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.order.values().map(String::as_str)
    }

    /// The number that equal environments share.
    pub(super) fn identity(&mut self, table: &mut EnvTable) -> usize {
        for key in self.order.range(self.numbered..).map(|(_, key)| key) {
            let value = self.values.get(key).map_or("", |(_, value)| value);
            self.head = table.number(self.head, key, value);
        }
        self.numbered = self.next;
        self.head
    }
}

impl Variables for Env {
    fn get(&self, name: &str) -> Option<&str> {
        Env::get(self, name)
    }
}

/// `KEY=value` in two; a text without `=` is a name with an empty value.
pub(super) fn key_value(text: &str) -> (&str, &str) {
    text.split_once('=').unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_lists_have_equal_numbers_and_order_counts() {
        let mut table = EnvTable::default();
        let mut number = |pairs: &[(&str, &str)]| {
            let mut env = Env::default();
            for (key, value) in pairs {
                env.set(key, value);
            }
            env.identity(&mut table)
        };
        let ab = number(&[("A", "1"), ("B", "2")]);
        assert_eq!(number(&[("A", "0"), ("A", "1"), ("B", "2")]), ab);
        assert_ne!(number(&[("B", "2"), ("A", "1")]), ab);
        assert_ne!(number(&[("A", "1")]), ab);
        let mut env = Env::default();
        env.set("A", "1");
        env.set("B", "2");
        env.set("A", "3");
        assert_eq!(env.keys().collect::<Vec<_>>(), ["B", "A"]);
    }
}
