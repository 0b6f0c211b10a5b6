//! `--set TARGET.KEY=VALUE`, and the flags that stand for one.
//!
//! Source: docker/buildx `bake/bake.go` (`newOverrides`, `AddOverrides`), whose texts these are.

use std::collections::BTreeMap;

use super::entries::{Entry, EntryKind};
use super::target::{Field, Target, Unread};

/// What is set of one key of one target.
#[derive(Debug, Clone, Default)]
pub(super) struct Override {
    value: String,
    all: Vec<String>,
    adds: bool,
}

/// By target, then by key with all that follows it (`args.NAME`).
pub(super) type Overrides = BTreeMap<String, BTreeMap<String, Override>>;

/// Reads them; `names` are the targets of the files.
pub(super) fn read(
    given: &[String],
    names: &[&str],
    variables: &dyn Fn(&str) -> Option<String>,
) -> Result<Overrides, String> {
    let mut found = Overrides::new();
    for text in given {
        let (path, value) = match text.split_once('=') {
            Some((path, value)) => (path, Some(value)),
            None => (text.as_str(), None),
        };
        let (key, adds) = match path.strip_suffix('+') {
            Some(key) => (key, true),
            None => (path, false),
        };
        let parts: Vec<&str> = key.splitn(3, '.').collect();
        if parts.len() < 2 {
            return Err(format!("invalid override key {key}, expected target.name"));
        }
        if value.is_none() && parts[1] != "args" {
            return Err(format!(
                "invalid override {text}, expected target.name=value"
            ));
        }
        for name in matching(parts[0], names)? {
            let full = parts[1..].join(".");
            let entry = found
                .entry(name.to_owned())
                .or_default()
                .entry(full)
                .or_default();
            match parts[1] {
                "output" | "cache-to" | "cache-from" | "tags" | "platform" | "secrets" | "ssh"
                | "attest" | "entitlements" | "network" | "annotations" | "policy" => {
                    entry.adds = adds;
                    entry.all.extend(value.map(str::to_owned));
                    // `network` is among them in buildx, so that setting it takes it away.
                    continue;
                }
                kind @ ("resources" | "secret") => {
                    if parts.len() != 3 {
                        return Err(format!("invalid key {path}, {kind} requires name"));
                    }
                    if adds {
                        return Err(format!(
                            "invalid key {path}, {kind} does not support append"
                        ));
                    }
                }
                kind @ ("args" | "contexts") if parts.len() != 3 => {
                    return Err(format!("invalid key {path}, {kind} requires name"));
                }
                _ => {}
            }
            match value {
                Some(value) => value.clone_into(&mut entry.value),
                None => {
                    if let Some(value) = variables(parts[2]) {
                        entry.value = value;
                    } else {
                        // A build argument without a value and without a variable is not set.
                        let key = parts[1..].join(".");
                        found.entry(name.to_owned()).or_default().remove(&key);
                    }
                }
            }
        }
    }
    Ok(found)
}

fn matching<'n>(pattern: &str, names: &[&'n str]) -> Result<Vec<&'n str>, String> {
    let exact = names.iter().find(|name| **name == pattern);
    let mut found: Vec<&str> = exact.copied().into_iter().collect();
    if found.is_empty() {
        found = names
            .iter()
            .copied()
            .filter(|name| super::matches(pattern, name))
            .collect();
    }
    if found.is_empty() {
        return Err(format!("could not find any target matching '{pattern}'"));
    }
    Ok(found)
}

/// Changes a target. `push` and `load` look at the outputs, so that they come last.
pub(super) fn apply(
    target: &mut Target,
    overrides: &BTreeMap<String, Override>,
) -> Result<(), String> {
    let is_late = |key: &str| matches!(key, "push" | "load");
    let early = overrides.iter().filter(|(key, _)| !is_late(key));
    let late = overrides.iter().filter(|(key, _)| is_late(key));
    for (path, set) in early.chain(late) {
        let (key, name) = match path.split_once('.') {
            Some((key, name)) => (key, Some(name)),
            None => (path.as_str(), None),
        };
        one(target, key, name, set)?;
        // What is set is known.
        let field = if path == "platform" {
            "platforms"
        } else {
            path
        };
        let stays = |unread: &Unread| unread.is_ignored || unread.field != field;
        target.unread.retain(stays);
    }
    Ok(())
}

fn one(target: &mut Target, key: &str, name: Option<&str>, set: &Override) -> Result<(), String> {
    let value = &set.value;
    let entries = |kind, what: &str| -> Result<Vec<Entry>, String> {
        let mut all = Vec::new();
        for text in &set.all {
            all.extend(Entry::read(kind, text).map_err(|why| {
                if what.is_empty() {
                    why
                } else {
                    format!("invalid value for {what}: {why}")
                }
            })?);
        }
        Ok(all)
    };
    match key {
        "context" => target.set("context", Field::Text(value.clone())),
        "dockerfile" => target.set("dockerfile", Field::Text(value.clone())),
        "target" => target.set("target", Field::Text(value.clone())),
        "call" => target.set("call", Field::Text(value.clone())),
        "shm-size" => target.set("shm-size", Field::Text(value.clone())),
        "network" => target.set("network", Field::Text(value.clone())),
        "args" => pair(target, "args", name, value, "name")?,
        "contexts" => pair(target, "contexts", name, value, "name")?,
        "labels" => pair(target, "labels", name, value, "name")?,
        "resources" => pair(target, "resources", name, value, "name")?,
        "extra-hosts" => pair(target, "extra-hosts", name, value, "hostname")?,
        "tags" => texts(target, "tags", set, set.adds),
        "platform" => texts(target, "platforms", set, set.adds),
        "annotations" => texts(target, "annotations", set, true),
        "entitlements" => texts(target, "entitlements", set, true),
        "no-cache-filter" => texts(target, "no-cache-filter", set, set.adds),
        "ulimits" => texts(target, "ulimits", set, set.adds),
        "cache-from" => put(
            target,
            "cache-from",
            entries(EntryKind::Cache, "")?,
            set.adds,
        ),
        "cache-to" => put(target, "cache-to", entries(EntryKind::Cache, "")?, set.adds),
        "output" => put(
            target,
            "output",
            entries(EntryKind::Output, "outputs")?,
            set.adds,
        ),
        "secrets" => put(
            target,
            "secret",
            entries(EntryKind::Secret, "outputs")?,
            set.adds,
        ),
        "ssh" => put(target, "ssh", entries(EntryKind::Ssh, "outputs")?, set.adds),
        "attest" => put(
            target,
            "attest",
            entries(EntryKind::Attest, "attest")?,
            true,
        ),
        "policy" => put(target, "policy", entries(EntryKind::Policy, "")?, set.adds),
        "secret" => secret(target, name.unwrap_or_default(), value)?,
        "no-cache" => target.set("no-cache", Field::Flag(flag("no-cache", value)?)),
        "pull" => target.set("pull", Field::Flag(flag("pull", value)?)),
        "push" => push(target, flag("push", value)?),
        "load" => load(target, flag("load", value)?),
        other => return Err(format!("unknown key: {other}")),
    }
    Ok(())
}

fn pair(
    target: &mut Target,
    field: &'static str,
    name: Option<&str>,
    value: &str,
    what: &str,
) -> Result<(), String> {
    let Some(name) = name else {
        let given = if field == "extra-hosts" {
            "ip"
        } else {
            "value"
        };
        return Err(format!(
            "invalid format for {field}, expecting {field}.<{what}>=<{given}>"
        ));
    };
    let mut pairs = target.pairs(field);
    pairs.insert(name.to_owned(), value.to_owned());
    target.set(field, Field::Pairs(pairs));
    Ok(())
}

fn texts(target: &mut Target, field: &'static str, set: &Override, adds: bool) {
    let mut all = if adds {
        target.texts(field)
    } else {
        Vec::new()
    };
    all.extend(set.all.iter().cloned());
    target.set(field, Field::Texts(all));
}

fn put(target: &mut Target, field: &'static str, entries: Vec<Entry>, adds: bool) {
    let mut all = if adds {
        target.entries(field).to_vec()
    } else {
        Vec::new()
    };
    all.extend(entries);
    target.set(field, Field::Entries(Entry::normalized(all)));
}

/// Where a secret comes from; that there is one, only the files say.
fn secret(target: &mut Target, id: &str, value: &str) -> Result<(), String> {
    let mut all = target.entries("secret").to_vec();
    let Some(known) = all.iter_mut().find(|entry| entry.get("id") == Some(id)) else {
        return Err(format!(
            "secret {id:?} must be declared before it can be overridden"
        ));
    };
    let next = Entry::read(EntryKind::Secret, value)?;
    if let Some(other) = next
        .first()
        .and_then(|entry| entry.get("id"))
        .filter(|other| *other != id)
    {
        return Err(format!(
            "secret override id {other:?} does not match declared secret {id:?}"
        ));
    }
    known.attributes.retain(|key, _| key == "id");
    for entry in next {
        known.attributes.extend(entry.attributes);
    }
    target.set("secret", Field::Entries(all));
    Ok(())
}

fn flag(key: &str, value: &str) -> Result<bool, String> {
    match value {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(format!("invalid value {value} for boolean key {key}")),
    }
}

fn push(target: &mut Target, wanted: bool) {
    let mut all = target.entries("output").to_vec();
    let is = |entry: &Entry, kind: &str| entry.get("type") == Some(kind);
    if wanted {
        let only_docker = all.iter().all(|entry| is(entry, "docker"));
        for entry in all.iter_mut().filter(|entry| is(entry, "image")) {
            entry
                .attributes
                .insert("push".to_owned(), "true".to_owned());
        }
        if only_docker {
            all.extend(Entry::read(EntryKind::Output, "type=image,push=true").unwrap_or_default());
        }
    } else {
        let mut at = 0;
        while at < all.len() {
            if is(&all[at], "registry") {
                all.swap_remove(at);
                continue;
            }
            if is(&all[at], "image") {
                all[at]
                    .attributes
                    .insert("push".to_owned(), "false".to_owned());
            }
            at += 1;
        }
    }
    target.set("output", Field::Entries(all));
}

fn load(target: &mut Target, wanted: bool) {
    let mut all = target.entries("output").to_vec();
    let is_elsewhere = |entry: &Entry| match entry.get("type") {
        Some("docker") => entry.get("dest").is_none(),
        kind => !matches!(kind, Some("image" | "registry" | "oci")),
    };
    if wanted && !all.iter().any(is_elsewhere) {
        all.extend(Entry::read(EntryKind::Output, "type=docker").unwrap_or_default());
        target.set("output", Field::Entries(all));
    }
}
