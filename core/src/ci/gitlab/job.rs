//! One job from its merged mapping.

use super::extends::refusal;
use super::model::{Entry, Image, Job, Refs, Refusal, Rule, ServiceImage, Unmodelled};
use super::read::{Globals, is_empty};
use crate::ci::yaml::{Kind, Mark, Node};

/// Keys of a job; any other is refused.
const KEYS: [&str; 39] = [
    "after_script",
    "allow_failure",
    "artifacts",
    "before_script",
    "cache",
    "coverage",
    "dast_configuration",
    "dependencies",
    "environment",
    "except",
    "extends",
    "hooks",
    "id_tokens",
    "identity",
    "image",
    "inherit",
    "inputs",
    "interruptible",
    "manual_confirmation",
    "needs",
    "only",
    "pages",
    "parallel",
    "publish",
    "release",
    "resource_group",
    "retry",
    "rules",
    "run",
    "script",
    "secrets",
    "services",
    "stage",
    "start_in",
    "tags",
    "timeout",
    "trigger",
    "variables",
    "when",
];

pub(super) fn read(
    name: &str,
    mark: Mark,
    node: &Node,
    globals: &Globals<'_>,
    unmodelled: &mut Vec<Unmodelled>,
) -> Result<Job, Refusal> {
    check_keys(name, node)?;
    let inherit = node.get("inherit");
    let inherits = |kind: &str, key: &str| match inherit.and_then(|i| i.get(kind)) {
        None => true,
        Some(value) => match value.as_bool() {
            Some(flag) => flag,
            None => value.texts().contains(&key),
        },
    };
    let value = |key: &str| {
        node.get(key).or_else(|| {
            if inherits("default", key) {
                globals.get(key)
            } else {
                None
            }
        })
    };
    let scripted = |key: &str| match value(key) {
        Some(list) => script(name, key, list, globals),
        None => Ok(Vec::new()),
    };
    let mut all: Vec<(String, String)> = globals
        .variables
        .iter()
        .filter(|(key, _)| inherits("variables", key))
        .cloned()
        .collect();
    all.extend(node.get("variables").map(variables).unwrap_or_default());
    for (key, _) in node.as_mapping().unwrap_or_default() {
        let what = match key.as_str() {
            Some("trigger") => format!("the child pipeline of job {name}"),
            Some("run") => format!("`run` of job {name}"),
            _ => continue,
        };
        unmodelled.push(Unmodelled {
            mark: key.mark,
            what,
        });
    }
    let artifacts = value("artifacts");
    let texts = |node: Option<&Node>| {
        node.map(|n| n.texts().into_iter().map(str::to_owned).collect())
            .unwrap_or_default()
    };
    Ok(Job {
        name: name.to_owned(),
        base: name.to_owned(),
        mark,
        stage: node
            .get("stage")
            .and_then(Node::as_str)
            .unwrap_or("test")
            .to_owned(),
        image: value("image").map(image),
        services: value("services")
            .and_then(Node::as_sequence)
            .unwrap_or_default()
            .iter()
            .map(service)
            .collect(),
        variables: all,
        before_script: scripted("before_script")?,
        script: scripted("script")?,
        after_script: scripted("after_script")?,
        artifacts: texts(artifacts.and_then(|a| a.get("paths"))),
        dotenv: texts(
            artifacts
                .and_then(|a| a.get("reports"))
                .and_then(|r| r.get("dotenv")),
        ),
        needs: node.get("needs").map(needs),
        only: node.get("only").map(Refs::of),
        except: node.get("except").map(Refs::of),
        rules: node
            .get("rules")
            .and_then(Node::as_sequence)
            .unwrap_or_default()
            .iter()
            .map(rule)
            .collect(),
        when: node.get("when").and_then(Node::as_str).map(str::to_owned),
        allow_failure: node
            .get("allow_failure")
            .and_then(Node::as_bool)
            .unwrap_or(false),
        tags: texts(value("tags")),
        timeout: value("timeout").and_then(Node::as_str).and_then(seconds),
    })
}

fn check_keys(name: &str, node: &Node) -> Result<(), Refusal> {
    for (key, _) in node.as_mapping().unwrap_or_default() {
        let text = key.as_str().unwrap_or_default();
        if !KEYS.contains(&text) {
            return Err(refusal(
                key.mark,
                format!("jobs:{name} config contains unknown keys: {text}"),
            ));
        }
    }
    let has_work = ["script", "trigger", "run"]
        .iter()
        .any(|k| node.get(k).is_some());
    if !has_work {
        return Err(refusal(
            node.mark,
            format!("jobs:{name} config should implement the script:, run:, or trigger: keyword"),
        ));
    }
    if node.get("script").is_some_and(is_empty) {
        return Err(refusal(
            node.mark,
            format!("jobs:{name} script can't be blank"),
        ));
    }
    Ok(())
}

/// Flattens nested lists; anything but text in them is refused, as a colon in a line makes it.
fn script(job: &str, key: &str, node: &Node, globals: &Globals<'_>) -> Result<Vec<Entry>, Refusal> {
    let node = super::extends::dereferenced(globals.root, node, 0, &mut super::extends::budget())?;
    let mut entries = Vec::new();
    flatten(job, key, &node, &mut entries, 0)?;
    Ok(entries)
}

fn flatten(
    job: &str,
    key: &str,
    node: &Node,
    entries: &mut Vec<Entry>,
    depth: usize,
) -> Result<(), Refusal> {
    match &node.kind {
        Kind::Sequence(items) if depth < 11 => {
            for item in items {
                flatten(job, key, item, entries, depth + 1)?;
            }
            Ok(())
        }
        Kind::Scalar { .. } if node.is_null() => Ok(()),
        Kind::Scalar { text, .. } => {
            entries.push(Entry {
                text: text.clone(),
                mark: node.mark,
            });
            Ok(())
        }
        Kind::Sequence(_) | Kind::Mapping(_) => Err(refusal(
            node.mark,
            format!(
                "jobs:{job}:{key} config should be a string or a nested array of strings up to 10 levels deep"
            ),
        )),
    }
}

/// Names with values; the long form has its value under `value`.
pub(super) fn variables(node: &Node) -> Vec<(String, String)> {
    let entries = node.as_mapping().unwrap_or_default();
    entries
        .iter()
        .filter_map(|(key, value)| {
            let text = match &value.kind {
                Kind::Scalar { text, .. } => text.clone(),
                Kind::Mapping(_) => value
                    .get("value")
                    .and_then(Node::as_str)
                    .unwrap_or_default()
                    .to_owned(),
                Kind::Sequence(_) => return None,
            };
            Some((key.as_str()?.to_owned(), text))
        })
        .collect()
}

fn image(node: &Node) -> Image {
    let name = node
        .as_str()
        .or_else(|| node.get("name").and_then(Node::as_str));
    let entrypoint = node.get("entrypoint").map(|e| {
        e.as_sequence()
            .unwrap_or_default()
            .iter()
            .map(|w| w.as_str().unwrap_or_default().to_owned())
            .collect()
    });
    Image {
        name: name.unwrap_or_default().to_owned(),
        entrypoint,
        mark: node.mark,
    }
}

fn service(node: &Node) -> ServiceImage {
    let texts = |key: &str| -> Vec<String> {
        node.get(key)
            .map(|n| n.texts().into_iter().map(str::to_owned).collect())
            .unwrap_or_default()
    };
    let name = node
        .as_str()
        .or_else(|| node.get("name").and_then(Node::as_str));
    let aliases = texts("alias")
        .iter()
        .flat_map(|a| a.split([',', ' ']))
        .filter(|a| !a.is_empty())
        .map(str::to_owned)
        .collect();
    ServiceImage {
        name: name.unwrap_or_default().to_owned(),
        aliases,
        command: texts("command"),
        entrypoint: node.get("entrypoint").map(|_| texts("entrypoint")),
        variables: node.get("variables").map(variables).unwrap_or_default(),
        mark: node.mark,
    }
}

fn needs(node: &Node) -> Vec<String> {
    let items = node.as_sequence().unwrap_or_default();
    items
        .iter()
        .filter_map(|item| {
            if item.get("optional").and_then(Node::as_bool) == Some(true)
                || item.get("pipeline").is_some()
                || item.get("project").is_some()
            {
                return None;
            }
            item.as_str()
                .or_else(|| item.get("job").and_then(Node::as_str))
                .map(str::to_owned)
        })
        .collect()
}

fn rule(node: &Node) -> Rule {
    Rule {
        condition: node.get("if").and_then(Node::as_str).map(str::to_owned),
        when: node.get("when").and_then(Node::as_str).map(str::to_owned),
        asks_files: node.get("changes").is_some() || node.get("exists").is_some(),
        variables: node.get("variables").map(variables).unwrap_or_default(),
        mark: node.mark,
    }
}

/// Seconds of a text such as `3 hours 30 minutes`, `1h 30m` or `90` (seconds).
fn seconds(text: &str) -> Option<f64> {
    let mut total = 0.0;
    let mut number = String::new();
    let mut unit = String::new();
    let mut add = |number: &mut String, unit: &mut String| -> Option<()> {
        if number.is_empty() {
            return unit.is_empty().then_some(());
        }
        let factor = match unit.as_str() {
            "" | "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
            "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
            "h" | "hr" | "hrs" | "hour" | "hours" => 3_600.0,
            "d" | "day" | "days" => 86_400.0,
            "w" | "week" | "weeks" => 604_800.0,
            _ => return None,
        };
        let value: u32 = number.parse().ok()?;
        total += f64::from(value) * factor;
        number.clear();
        unit.clear();
        Some(())
    };
    for character in text.chars().take(100) {
        if character.is_ascii_digit() {
            if !unit.is_empty() {
                add(&mut number, &mut unit)?;
            }
            number.push(character);
        } else if character.is_ascii_alphabetic() {
            unit.push(character.to_ascii_lowercase());
        } else if !unit.is_empty() {
            if unit == "and" && number.is_empty() {
                unit.clear();
            } else {
                add(&mut number, &mut unit)?;
            }
        }
    }
    add(&mut number, &mut unit)?;
    (total > 0.0).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_read_as_gitlab_reads_them() {
        for (text, expected) in [
            ("3 hours 30 minutes", Some(12_600.0)),
            ("1h 30m", Some(5_400.0)),
            ("1h30m", Some(5_400.0)),
            ("90 minutes", Some(5_400.0)),
            ("3600", Some(3_600.0)),
            ("1 day and 2 hours", Some(93_600.0)),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
