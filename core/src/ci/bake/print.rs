//! `docker buildx bake --print`: what is built, as JSON.

use serde_json::{Map, Value};

use super::resolve::Resolved;
use super::target::{FIELDS, Field, Target};

/// The document with a line feed at its end.
pub(in crate::ci) fn print(found: &Resolved) -> String {
    let mut all = Map::new();
    let mut groups: Vec<_> = found.groups.iter().collect();
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    let groups: Map<String, Value> = groups
        .into_iter()
        .map(|group| {
            let mut map = Map::new();
            if !group.description.is_empty() {
                map.insert("description".to_owned(), group.description.as_str().into());
            }
            map.insert("targets".to_owned(), group.targets.clone().into());
            (group.name.clone(), map.into())
        })
        .collect();
    if !groups.is_empty() {
        all.insert("group".to_owned(), groups.into());
    }
    let mut targets: Vec<&Target> = found.targets.iter().collect();
    targets.sort_by(|a, b| a.name.cmp(&b.name));
    let targets: Map<String, Value> = targets
        .into_iter()
        .map(|target| (target.name.clone(), of_target(target)))
        .collect();
    all.insert("target".to_owned(), targets.into());
    let text = serde_json::to_string_pretty(&Value::Object(all)).unwrap_or_default();
    escaped(text) + "\n"
}

/// JSON as Go writes it, fit for HTML.
pub(super) fn escaped(json: String) -> String {
    let all = [
        ('<', "\\u003c"),
        ('>', "\\u003e"),
        ('&', "\\u0026"),
        ('\u{2028}', "\\u2028"),
        ('\u{2029}', "\\u2029"),
    ];
    all.iter()
        .fold(json, |text, (c, escape)| text.replace(*c, escape))
}

fn of_target(target: &Target) -> Value {
    let mut map = Map::new();
    for (name, ..) in FIELDS {
        let Some(field) = target.fields.get(name) else {
            continue;
        };
        // What could be read again as a template is escaped.
        let escapes = matches!(
            name,
            "annotations" | "dockerfile-inline" | "labels" | "args" | "extra-hosts"
        );
        let shown = |text: &str| -> Value {
            if escapes {
                text.replace("${", "$${").replace("%{", "%%{").into()
            } else {
                text.into()
            }
        };
        let value: Value = match field {
            Field::Text(text) if name == "description" && text.is_empty() => continue,
            Field::Text(_) if name == "context" => target.places().0.into(),
            Field::Text(text) => shown(text),
            Field::Flag(flag) => (*flag).into(),
            Field::Texts(texts) if texts.is_empty() => continue,
            Field::Texts(texts) => texts.iter().map(|text| shown(text)).collect(),
            Field::Pairs(pairs) if pairs.is_empty() => continue,
            Field::Pairs(pairs) => {
                let pairs = pairs.iter().map(|(key, value)| (key.clone(), shown(value)));
                Value::Object(pairs.collect())
            }
            Field::Entries(entries) if entries.is_empty() => continue,
            Field::Entries(entries) => entries.iter().map(super::entries::Entry::json).collect(),
        };
        map.insert(name.to_owned(), value);
    }
    map.into()
}
