//! Entries of comma-separated attributes: caches, outputs, attestations, secrets, SSH keys.
//!
//! Source: docker/buildx `util/buildflags`, whose texts these are.

use std::collections::BTreeMap;

use super::functions::fields;
use super::value::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ci) enum EntryKind {
    Cache,
    Output,
    Attest,
    Secret,
    Ssh,
    Policy,
}

/// One entry; its type is the attribute `type`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ci) struct Entry {
    pub kind: EntryKind,
    pub attributes: BTreeMap<String, String>,
    /// Of an SSH key.
    pub paths: Vec<String>,
}

impl Entry {
    fn new(kind: EntryKind) -> Self {
        Self {
            kind,
            attributes: BTreeMap::new(),
            paths: Vec::new(),
        }
    }

    pub(in crate::ci) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    fn set(&mut self, name: &str, value: &str) {
        self.attributes.insert(name.to_owned(), value.to_owned());
    }

    /// Entries of one text; a cache's references can be several.
    pub(super) fn read(kind: EntryKind, text: &str) -> Result<Vec<Self>, String> {
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let all = fields(text).ok_or_else(|| {
            "parse error on line 1: extraneous or missing \" in quoted-field".to_owned()
        })?;
        if kind == EntryKind::Cache && !text.contains('=') {
            let references = all.iter().map(|reference| {
                let mut entry = Self::new(kind);
                entry.set("type", "registry");
                entry.set("ref", reference);
                entry
            });
            return Ok(references.collect());
        }
        let mut entry = Self::new(kind);
        match kind {
            EntryKind::Ssh => {
                let (id, paths) = text.split_once('=').unwrap_or((text, ""));
                entry.set("id", id);
                entry.paths = paths
                    .split(',')
                    .filter(|path| !path.is_empty())
                    .map(str::to_owned)
                    .collect();
                return Ok(vec![entry]);
            }
            EntryKind::Output if all.len() == 1 && all[0] == text && !text.starts_with("type=") => {
                entry.set("type", if text == "-" { "tar" } else { "local" });
                entry.set("dest", text);
                return Ok(vec![entry]);
            }
            _ => {}
        }
        for field in &all {
            let Some((key, value)) = field.split_once('=') else {
                return Err(match kind {
                    EntryKind::Secret => {
                        format!("invalid field '{field}' must be a key=value pair")
                    }
                    _ => format!("invalid value {field}"),
                });
            };
            let lower = key.trim().to_lowercase();
            let key = match (kind, lower.as_str()) {
                (EntryKind::Attest, "type" | "disabled") => lower.as_str(),
                (EntryKind::Attest, _) => key,
                (EntryKind::Secret, "source") => "src",
                (EntryKind::Secret, "type" | "id" | "src" | "env") => lower.as_str(),
                (EntryKind::Secret, other) => {
                    return Err(format!("unexpected key '{other}' in '{field}'"));
                }
                _ => lower.as_str(),
            };
            entry.set(key, value);
        }
        entry.checked(&format!("{text:?}")).map(|entry| vec![entry])
    }

    /// Entries of a value of HCL: a text, or a map of attributes.
    pub(super) fn of_value(kind: EntryKind, value: &Value) -> Result<Vec<Self>, String> {
        match value {
            Value::Text(text) => Self::read(kind, text),
            Value::Map(map) => {
                let mut entry = Self::new(kind);
                for (key, value) in map {
                    if *value == Value::Null {
                        continue;
                    }
                    if let (EntryKind::Ssh, "paths", Value::List(paths)) =
                        (kind, key.as_str(), value)
                    {
                        entry.paths = paths
                            .iter()
                            .filter_map(|path| path.to_text().ok())
                            .collect();
                        continue;
                    }
                    entry.set(key, &value.to_text()?);
                }
                if kind == EntryKind::Secret {
                    entry
                        .attributes
                        .retain(|key, _| matches!(key.as_str(), "id" | "src" | "env"));
                }
                entry
                    .checked(&format!("{:?}", value.to_json().to_string()))
                    .map(|entry| vec![entry])
            }
            other => Err(format!("map of string required, but have {}", other.kind())),
        }
    }

    fn checked(mut self, text: &str) -> Result<Self, String> {
        let has_type = self.get("type").is_some_and(|kind| !kind.is_empty());
        match self.kind {
            EntryKind::Cache if !has_type => Err(format!("type required for {text}")),
            EntryKind::Output if !has_type => Err("type is required for output".to_owned()),
            EntryKind::Attest if !has_type => Err("attestation type not specified".to_owned()),
            EntryKind::Attest => {
                let disabled = self.attributes.remove("disabled");
                match disabled.as_deref() {
                    Some("1" | "t" | "T" | "true" | "TRUE" | "True") => {
                        self.set("disabled", "true");
                    }
                    Some("0" | "f" | "F" | "false" | "FALSE" | "False") | None => {}
                    Some(other) => {
                        return Err(format!(
                            "invalid value disabled={other}: strconv.ParseBool: parsing {other:?}: \
                             invalid syntax"
                        ));
                    }
                }
                Ok(self)
            }
            EntryKind::Secret => {
                let kind = self.attributes.remove("type");
                match kind.as_deref() {
                    Some("env") if self.get("env").is_none() => {
                        if let Some(source) = self.attributes.remove("src") {
                            self.set("env", &source);
                        }
                    }
                    None | Some("env" | "file") => {}
                    Some(other) => return Err(format!("unsupported secret type {other:?}")),
                }
                self.attributes.retain(|_, value| !value.is_empty());
                Ok(self)
            }
            _ => Ok(self),
        }
    }

    /// What it is known by: later ones with it replace earlier ones.
    fn key(&self) -> Option<&str> {
        match self.kind {
            EntryKind::Attest => self.get("type"),
            EntryKind::Secret | EntryKind::Ssh => Some(self.get("id").unwrap_or_default()),
            EntryKind::Cache | EntryKind::Output | EntryKind::Policy => None,
        }
    }

    /// Without repetitions, in buildx's order, which is not always the one of the file.
    pub(super) fn normalized(entries: Vec<Self>) -> Vec<Self> {
        let keyed = entries.first().is_some_and(|entry| entry.key().is_some());
        if keyed {
            let mut all: Vec<Self> = Vec::new();
            for entry in entries {
                match all.iter_mut().find(|known| known.key() == entry.key()) {
                    Some(known) => *known = entry,
                    None => all.push(entry),
                }
            }
            return all;
        }
        if entries
            .first()
            .is_some_and(|entry| entry.kind == EntryKind::Policy)
        {
            return entries;
        }
        let mut all = entries;
        let mut at = all.len().saturating_sub(1);
        while at > 0 {
            at -= 1;
            // The repetition changes places with the last one, which is then cut off.
            if let Some(again) = (at + 1..all.len()).find(|other| all[*other] == all[at]) {
                all.swap_remove(again);
            }
        }
        all
    }

    /// As buildx takes it on the command line.
    pub(in crate::ci) fn text(&self) -> String {
        if self.kind == EntryKind::Ssh {
            let id = self.get("id").unwrap_or_default();
            return if self.paths.is_empty() {
                id.to_owned()
            } else {
                format!("{id}={}", self.paths.join(","))
            };
        }
        let is_reference = self.kind == EntryKind::Cache
            && self.get("type") == Some("registry")
            && self.attributes.len() == 2;
        if let (true, Some(reference)) = (is_reference, self.get("ref")) {
            return reference.to_owned();
        }
        let first = ["type", "id", "dest", "src", "disabled"];
        let leading = first.iter().filter_map(|key| Some((*key, self.get(key)?)));
        let others = self
            .attributes
            .iter()
            .filter(|(key, _)| !first.contains(&key.as_str()));
        let all = leading.chain(others.map(|(key, value)| (key.as_str(), value.as_str())));
        let all = all.map(|(key, value)| {
            let pair = format!("{key}={value}");
            if pair.contains([',', '"']) {
                format!("\"{}\"", pair.replace('"', "\"\""))
            } else {
                pair
            }
        });
        all.collect::<Vec<_>>().join(",")
    }

    /// As `--print` shows it.
    pub(super) fn json(&self) -> serde_json::Value {
        let mut map = serde_json::Map::new();
        let of = |key: &str| self.get(key).filter(|value| !value.is_empty());
        match self.kind {
            EntryKind::Secret => {
                for key in ["id", "src", "env"] {
                    map.extend(of(key).map(|value| (key.to_owned(), value.into())));
                }
            }
            EntryKind::Ssh => {
                map.extend(of("id").map(|value| ("id".to_owned(), value.into())));
                if !self.paths.is_empty() {
                    map.insert("paths".to_owned(), self.paths.clone().into());
                }
            }
            _ => {
                for (key, value) in &self.attributes {
                    let value = if key == "disabled" && self.kind == EntryKind::Attest {
                        true.into()
                    } else {
                        value.as_str().into()
                    };
                    map.insert(key.clone(), value);
                }
            }
        }
        map.into()
    }
}
