//! A target: its fields, and how two of one name, or a parent and a child, become one.
//!
//! Source: docker/buildx `bake/bake.go` (`Target`, `Merge`, `normalize`).

use std::collections::BTreeMap;

use super::entries::{Entry, EntryKind};
use crate::dockerfile::context::clean;

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ci) enum Field {
    Text(String),
    Flag(bool),
    Texts(Vec<String>),
    Pairs(BTreeMap<String, String>),
    Entries(Vec<Entry>),
}

/// What kind of value a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Flag,
    Texts,
    Pairs,
    Entries(EntryKind),
}

/// How a field joins what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    Replaces,
    /// Texts and entries follow; pairs replace those of their names.
    Adds,
}

/// Fields in the order in which `--print` shows them.
pub(super) const FIELDS: [(&str, Shape, Join); 29] = [
    ("description", Shape::Text, Join::Replaces),
    ("inherits", Shape::Texts, Join::Adds),
    ("annotations", Shape::Texts, Join::Adds),
    ("attest", Shape::Entries(EntryKind::Attest), Join::Adds),
    ("context", Shape::Text, Join::Replaces),
    ("contexts", Shape::Pairs, Join::Adds),
    ("dockerfile", Shape::Text, Join::Replaces),
    ("dockerfile-inline", Shape::Text, Join::Replaces),
    ("args", Shape::Pairs, Join::Adds),
    ("labels", Shape::Pairs, Join::Adds),
    ("tags", Shape::Texts, Join::Replaces),
    ("cache-from", Shape::Entries(EntryKind::Cache), Join::Adds),
    ("cache-to", Shape::Entries(EntryKind::Cache), Join::Replaces),
    ("target", Shape::Text, Join::Replaces),
    ("secret", Shape::Entries(EntryKind::Secret), Join::Adds),
    ("ssh", Shape::Entries(EntryKind::Ssh), Join::Adds),
    ("platforms", Shape::Texts, Join::Replaces),
    ("output", Shape::Entries(EntryKind::Output), Join::Replaces),
    ("pull", Shape::Flag, Join::Replaces),
    ("no-cache", Shape::Flag, Join::Replaces),
    ("network", Shape::Text, Join::Replaces),
    ("no-cache-filter", Shape::Texts, Join::Adds),
    ("shm-size", Shape::Text, Join::Replaces),
    ("ulimits", Shape::Texts, Join::Adds),
    ("resources", Shape::Pairs, Join::Adds),
    ("call", Shape::Text, Join::Replaces),
    ("entitlements", Shape::Texts, Join::Adds),
    ("extra-hosts", Shape::Pairs, Join::Adds),
    ("policy", Shape::Entries(EntryKind::Policy), Join::Adds),
];

/// What is not known of a target, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// Such as `labels.created`.
    pub field: String,
    /// Such as `timestamp() is the time of the build`.
    pub why: String,
    /// From 1; `None` where the file's lines are not known.
    pub line: Option<usize>,
    /// Whether buildx does not read it either.
    pub is_ignored: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::ci) struct Target {
    pub name: String,
    pub fields: BTreeMap<&'static str, Field>,
    pub unread: Vec<Unread>,
    /// Line of its first block, from 1; 0 where no file says it.
    pub line: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::ci) struct Group {
    pub name: String,
    pub description: String,
    pub targets: Vec<String>,
}

/// All that files define, before anything is asked for.
#[derive(Debug, Clone, Default)]
pub(in crate::ci) struct Config {
    pub groups: Vec<Group>,
    pub targets: Vec<Target>,
}

impl Target {
    pub(in crate::ci) fn text(&self, field: &str) -> Option<&str> {
        match self.fields.get(field) {
            Some(Field::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The context, and the Dockerfile's path with it.
    pub(in crate::ci) fn places(&self) -> (String, String) {
        let typed = self.text("context").unwrap_or(".");
        let bare = typed.strip_prefix("cwd://").unwrap_or(typed);
        let is_remote = bare.contains("://") || bare.starts_with("git@");
        let context = if is_remote {
            bare.to_owned()
        } else {
            clean(bare)
        };
        let name = self.text("dockerfile").unwrap_or("Dockerfile");
        let file = match name.strip_prefix("cwd://") {
            Some(name) => clean(name),
            None if name.starts_with('/') || is_remote || name.contains("://") => name.to_owned(),
            None => clean(&format!("{context}/{name}")),
        };
        (context, file)
    }

    /// The texts of a list; entries as buildx writes them.
    pub(in crate::ci) fn texts(&self, field: &str) -> Vec<String> {
        match self.fields.get(field) {
            Some(Field::Texts(texts)) => texts.clone(),
            Some(Field::Entries(entries)) => entries.iter().map(Entry::text).collect(),
            _ => Vec::new(),
        }
    }

    pub(in crate::ci) fn pairs(&self, field: &str) -> BTreeMap<String, String> {
        match self.fields.get(field) {
            Some(Field::Pairs(pairs)) => pairs.clone(),
            _ => BTreeMap::new(),
        }
    }

    pub(in crate::ci) fn entries(&self, field: &str) -> &[Entry] {
        match self.fields.get(field) {
            Some(Field::Entries(entries)) => entries,
            _ => &[],
        }
    }

    pub(super) fn set(&mut self, field: &'static str, value: Field) {
        self.fields.insert(field, value);
    }

    /// Adds what the other says; it wins.
    pub(super) fn merge(&mut self, other: &Self) {
        for (name, _, join) in FIELDS {
            let Some(new) = other.fields.get(name) else {
                continue;
            };
            match (self.fields.get_mut(name), new, join) {
                (Some(Field::Texts(old)), Field::Texts(new), Join::Adds) => {
                    old.extend(new.iter().cloned());
                }
                (Some(Field::Pairs(old)), Field::Pairs(new), Join::Adds) => {
                    old.extend(new.clone());
                }
                (Some(Field::Entries(old)), Field::Entries(new), Join::Adds) => {
                    old.extend(new.iter().cloned());
                    let merged = Entry::normalized(std::mem::take(old));
                    *old = merged;
                }
                // An empty description is none.
                (Some(_), Field::Text(text), _) if name == "description" && text.is_empty() => {}
                _ => {
                    self.fields.insert(name, new.clone());
                }
            }
        }
        // What is said again is known again.
        self.unread.retain(|unread| {
            let field = unread.field.split('.').next().unwrap_or_default();
            let replaced = FIELDS
                .iter()
                .any(|(name, _, join)| *name == field && *join == Join::Replaces);
            !(replaced && other.fields.contains_key(field))
        });
        self.unread.extend(other.unread.iter().cloned());
        if self.line == 0 || !other.name.is_empty() && other.name == self.name {
            self.line = if self.line == 0 {
                other.line
            } else {
                self.line
            };
        }
    }

    /// Takes repetitions and empty texts out.
    pub(super) fn normalize(&mut self) {
        if self.text("network") == Some("host") {
            let mut all = self.texts("entitlements");
            all.push("network.host".to_owned());
            self.set("entitlements", Field::Texts(all));
        }
        for (name, field) in &mut self.fields {
            match field {
                Field::Texts(texts) if *name != "inherits" => {
                    let mut seen = std::collections::BTreeSet::new();
                    texts.retain(|text| !text.is_empty() && seen.insert(text.clone()));
                }
                Field::Entries(entries) => {
                    *entries = Entry::normalized(std::mem::take(entries));
                }
                Field::Pairs(pairs) if *name == "contexts" => pairs.retain(|_, to| !to.is_empty()),
                _ => {}
            }
        }
    }
}
