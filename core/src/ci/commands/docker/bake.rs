//! `docker buildx bake`: targets from HCL, JSON and compose files become builds.
//!
//! Texts: docker/buildx `bake/bake.go`.

use std::collections::BTreeMap;

use super::build_flags::{Spec, comma_separated, names_of_output};
use super::hcl::{self, Block, Value};
use super::interpolation::interpolate;
use super::{Client, build};
use crate::ci::build::Invocation;
use crate::ci::commands::Arguments;
use crate::ci::commands::arguments::Flag;
use crate::ci::shell::Shell;
use crate::ci::yaml::{self, Kind, Node};
use crate::environment::Version;

const FLAGS: &[Flag] = &[
    ("file", 'f', true),
    ("push", ' ', false),
    ("load", ' ', false),
    ("set", ' ', true),
    ("print", ' ', false),
    ("no-cache", ' ', false),
    ("pull", ' ', false),
    ("builder", ' ', true),
    ("progress", ' ', true),
    ("metadata-file", ' ', true),
    ("provenance", ' ', true),
    ("sbom", ' ', true),
    ("allow", ' ', true),
    ("list", ' ', true),
    ("call", ' ', true),
    ("check", ' ', false),
    ("debug", 'D', false),
    ("var", ' ', true),
];

/// Files looked for when none is named, in buildx's order.
const DEFAULT_FILES: [&str; 8] = [
    "compose.yml",
    "compose.yaml",
    "docker-compose.yml",
    "docker-compose.yaml",
    "docker-bake.json",
    "docker-bake.hcl",
    "docker-bake.override.json",
    "docker-bake.override.hcl",
];

/// Targets built at most.
const MAX_TARGETS: usize = 50;

/// A target of a bake or compose file: the build that it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BakeTarget {
    pub name: String,
    /// Folder of the build context, relative to where bake runs; `.` unless the file says another.
    pub context: String,
    /// Path of the Dockerfile, the context's folder included; `None` for the usual one.
    pub dockerfile: Option<String>,
    /// `dockerfile-inline`.
    pub inline: Option<String>,
    pub invocation: Invocation,
    /// Whether nothing in the target is a function or condition, which are not read.
    pub exact: bool,
}

/// Why a bake file gives no targets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BakeError {
    #[error(
        "{0}: this is neither a bake file in HCL or JSON nor a compose file that can be read; \
         `docker buildx bake --print` tells what is wrong with it"
    )]
    NotUnderstood(String),
    #[error("there is no target `{wanted}`; the file has {}", .known.join(", "))]
    UnknownTarget { wanted: String, known: Vec<String> },
    #[error(
        "{0}: the file has no targets; write `target \"app\" {{ … }}`, or services with `build`"
    )]
    Empty(String),
}

/// The targets of one file that `wanted` and its groups name; group or target `default`, or else
/// all, where nothing is wanted. `variables` are those of the environment.
///
/// # Errors
/// See [`BakeError`].
pub fn bake_targets(
    file: &str,
    text: &str,
    variables: &dyn Fn(&str) -> Option<String>,
    wanted: &[String],
) -> Result<Vec<BakeTarget>, BakeError> {
    let blocks = blocks_of(file, text, variables)
        .ok_or_else(|| BakeError::NotUnderstood(file.to_owned()))?;
    let mut names = Vec::new();
    for name in wanted {
        if !collect(&blocks, name, &mut names, 0) {
            return Err(BakeError::UnknownTarget {
                wanted: name.clone(),
                known: known_names(&blocks),
            });
        }
    }
    if wanted.is_empty() && !collect(&blocks, "default", &mut names, 0) {
        let targets = blocks.iter().filter(|block| block.kind == "target");
        for target in targets.take(MAX_TARGETS) {
            collect(&blocks, &target.label, &mut names, 0);
        }
    }
    if names.is_empty() {
        return Err(BakeError::Empty(file.to_owned()));
    }
    let none = Arguments::default();
    let targets = names.into_iter().take(MAX_TARGETS).map(|name| {
        let entries = flattened(&blocks, &name, 0);
        let spec = spec_of(&none, &name, &entries);
        BakeTarget {
            context: spec.context,
            dockerfile: spec.file,
            inline: spec.inline,
            invocation: spec.invocation,
            exact: !has_unread(&entries),
            name,
        }
    });
    Ok(targets.collect())
}

/// Groups and targets, each once, in file order.
fn known_names(blocks: &[Block]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for block in blocks {
        if matches!(block.kind.as_str(), "group" | "target") && !names.contains(&block.label) {
            names.push(block.label.clone());
        }
    }
    names
}

pub(in crate::ci) fn run(
    shell: &mut Shell<'_, '_>,
    client: &Client,
    version: Version,
    words: &[String],
) -> i32 {
    let arguments = Arguments::parse(words, FLAGS, true);
    if let Some(flag) = &arguments.unknown {
        let flag = flag.clone();
        return super::unknown_flag(shell, &flag, "docker buildx bake");
    }
    let blocks = match read(shell, &arguments) {
        Ok(blocks) => blocks,
        Err(text) => {
            shell.err(&format!("ERROR: {text}\n"));
            return 1;
        }
    };
    let wanted: Vec<String> = if arguments.rest.is_empty() {
        vec!["default".to_owned()]
    } else {
        arguments.rest.clone()
    };
    let mut names = Vec::new();
    for name in &wanted {
        if !collect(&blocks, name, &mut names, 0) {
            shell.err(&format!("ERROR: failed to find target {name}\n"));
            return 1;
        }
    }
    if arguments.is_set("print") {
        return 0;
    }
    for name in names.into_iter().take(MAX_TARGETS) {
        let entries = flattened(&blocks, &name, 0);
        if has_unread(&entries) {
            shell.world.exact = false;
            shell.world.reason(format!(
                "target {name} uses functions that are not simulated"
            ));
        }
        let mut spec = spec_of(&arguments, &name, &entries);
        spec.invocation.line = shell.world.mark.line;
        let status = build::execute(shell, client, version, spec);
        if status != 0 {
            return status;
        }
    }
    0
}

fn read(shell: &mut Shell<'_, '_>, arguments: &Arguments) -> Result<Vec<Block>, String> {
    let given = arguments.all("file").to_vec();
    let is_given = !given.is_empty();
    let names: Vec<String> = if is_given {
        given
    } else {
        DEFAULT_FILES.iter().map(|f| (*f).to_owned()).collect()
    };
    let mut blocks: Vec<Block> = Vec::new();
    let mut found = false;
    for name in names {
        let path = shell.path(&name);
        let Some(text) = shell.world.files.text(&path) else {
            if is_given {
                return Err(format!("open {name}: no such file or directory"));
            }
            continue;
        };
        found = true;
        let variables = |name: &str| shell.variables.exported(name).map(str::to_owned);
        if let Some(more) = blocks_of(&name, &text, &variables) {
            blocks.extend(more);
        } else {
            shell.world.exact = false;
            return Err(format!("{name}: the file is not understood"));
        }
    }
    if found {
        Ok(blocks)
    } else {
        Err("couldn't find a bake definition".to_owned())
    }
}

/// The blocks of one file, by its name and look; `None` where it has another shape.
#[expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "file names on Linux"
)]
fn blocks_of(
    name: &str,
    text: &str,
    variables: &dyn Fn(&str) -> Option<String>,
) -> Option<Vec<Block>> {
    if name.ends_with(".yml") || name.ends_with(".yaml") {
        compose(text, variables)
    } else if text.trim_start().starts_with('{') {
        json(text)
    } else {
        hcl::parse(text, variables)
    }
}

/// Targets under a group or a target's own name.
fn collect(blocks: &[Block], name: &str, into: &mut Vec<String>, depth: usize) -> bool {
    let group = blocks
        .iter()
        .rfind(|b| b.kind == "group" && b.label == name);
    if let (Some(group), true) = (group, depth < 10) {
        let members = group
            .entries
            .iter()
            .find(|(k, _)| k == "targets")
            .map(|(_, v)| v.texts())
            .unwrap_or_default();
        return members
            .iter()
            .all(|m| into.len() < MAX_TARGETS && collect(blocks, m, into, depth + 1));
    }
    let exists = blocks.iter().any(|b| b.kind == "target" && b.label == name);
    if exists && !into.iter().any(|n| n == name) {
        into.push(name.to_owned());
    }
    exists
}

/// A target's entries with those it inherits; its own come last and win.
fn flattened(blocks: &[Block], name: &str, depth: usize) -> BTreeMap<String, Value> {
    let mut entries = BTreeMap::new();
    let own: Vec<&(String, Value)> = blocks
        .iter()
        .filter(|b| b.kind == "target" && b.label == name)
        .flat_map(|b| &b.entries)
        .collect();
    if depth < 10 {
        for parent in own
            .iter()
            .filter(|(k, _)| k == "inherits")
            .flat_map(|(_, v)| v.texts())
        {
            entries.extend(flattened(blocks, &parent, depth + 1));
        }
    }
    for (key, value) in own {
        match (entries.get_mut(key), value) {
            (Some(Value::Map(old)), Value::Map(new)) => old.extend(new.iter().cloned()),
            _ => {
                entries.insert(key.clone(), value.clone());
            }
        }
    }
    entries
}

/// Whether something in a target is not read.
fn has_unread(entries: &BTreeMap<String, Value>) -> bool {
    entries.values().any(|value| *value == Value::Other)
}

fn spec_of(arguments: &Arguments, name: &str, entries: &BTreeMap<String, Value>) -> Spec {
    let overridden = |key: &str| -> Vec<String> {
        arguments
            .all("set")
            .iter()
            .filter_map(|s| {
                let (path, value) = s.split_once('=')?;
                let (target, field) = path.split_once('.')?;
                let fits = crate::ci::shell::pattern_matches(target, name);
                (fits && field.trim_end_matches('+') == key).then(|| value.to_owned())
            })
            .collect()
    };
    let texts = |key: &str| {
        let set = overridden(key.trim_end_matches('s'));
        let set = if set.is_empty() { overridden(key) } else { set };
        if set.is_empty() {
            entries.get(key).map(Value::texts).unwrap_or_default()
        } else {
            set
        }
    };
    let text = |key: &str| texts(key).into_iter().next_back();
    let pairs = |key: &str| match entries.get(key) {
        Some(Value::Map(pairs)) => pairs
            .iter()
            .filter_map(|(k, v)| Some((k.clone(), v.text()?)))
            .collect(),
        _ => Vec::<(String, String)>::new(),
    };
    let outputs = texts("output");
    let says = |needle: &str| {
        outputs
            .iter()
            .any(|o| o.split(',').any(|p| p.trim() == needle))
    };
    let mut tags = texts("tags");
    tags.extend(outputs.iter().flat_map(|o| names_of_output(o)));
    let mut build_args: BTreeMap<String, String> = pairs("args").into_iter().collect();
    for set in arguments.all("set") {
        if let Some((path, value)) = set.split_once('=')
            && let Some((_, key)) = path.split_once(".args.")
        {
            build_args.insert(key.to_owned(), value.to_owned());
        }
    }
    let invocation = Invocation {
        platforms: comma_separated(&texts("platforms")),
        tags,
        push: arguments.is_set("push") || says("type=registry") || says("push=true"),
        load: arguments.is_set("load") || says("type=docker"),
        by_digest: says("push-by-digest=true"),
        outputs,
        build_args,
        target: text("target"),
        build_contexts: pairs("contexts").into_iter().collect(),
        provenance: arguments
            .get("provenance")
            .map(str::to_owned)
            .or_else(|| attest(&texts("attest"), "provenance")),
        sbom: arguments
            .get("sbom")
            .map(str::to_owned)
            .or_else(|| attest(&texts("attest"), "sbom")),
        annotations: texts("annotations"),
        labels: pairs("labels"),
        cache_to: texts("cache-to"),
        cache_from: texts("cache-from"),
        ..Invocation::default()
    };
    let context = text("context").unwrap_or_else(|| ".".to_owned());
    let file = text("dockerfile").map(|name| {
        if context == "." {
            name
        } else {
            format!("{}/{name}", context.trim_end_matches('/'))
        }
    });
    Spec {
        invocation,
        context,
        file,
        builder: arguments.get("builder").map(str::to_owned),
        metadata_file: arguments.get("metadata-file").map(str::to_owned),
        iid_file: None,
        only_checks: false,
        inline: text("dockerfile-inline"),
    }
}

fn attest(values: &[String], kind: &str) -> Option<String> {
    values
        .iter()
        .find(|v| v.contains(&format!("type={kind}")))
        .map(|v| {
            if v.contains("disabled=true") {
                "false".to_owned()
            } else {
                v.clone()
            }
        })
}

/// `{"group": {"default": {"targets": […]}}, "target": {…}}`.
fn json(text: &str) -> Option<Vec<Block>> {
    let node = yaml::parse(0, text).ok()?;
    let mut blocks = Vec::new();
    for (kind, blocks_of_kind) in node.as_mapping()? {
        for (label, entries) in blocks_of_kind.as_mapping().unwrap_or_default() {
            blocks.push(Block {
                kind: kind.as_str()?.to_owned(),
                label: label.as_str()?.to_owned(),
                entries: map(entries),
            });
        }
    }
    Some(blocks)
}

fn map(node: &Node) -> Vec<(String, Value)> {
    node.as_mapping()
        .unwrap_or_default()
        .iter()
        .filter_map(|(k, v)| Some((k.as_str()?.to_owned(), value(v))))
        .collect()
}

fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::Scalar { text, .. } => Value::Text(text.clone()),
        Kind::Sequence(items) => Value::List(items.iter().map(value).collect()),
        Kind::Mapping(_) => Value::Map(map(node)),
    }
}

/// Services with `build` are targets, and all of them are the default group.
fn compose(text: &str, variables: &dyn Fn(&str) -> Option<String>) -> Option<Vec<Block>> {
    let node = yaml::parse(0, text).ok()?;
    let mut blocks = Vec::new();
    let mut names = Vec::new();
    for (name, service) in node
        .get("services")
        .and_then(Node::as_mapping)
        .unwrap_or_default()
    {
        let (Some(name), Some(build)) = (name.as_str(), service.get("build")) else {
            continue;
        };
        let mut entries = match build.as_str() {
            Some(context) => vec![("context".to_owned(), Value::Text(context.to_owned()))],
            None => map(build),
        };
        for key in ["cache_to", "cache_from"] {
            if let Some(at) = entries.iter().position(|(k, _)| k == key) {
                entries[at].0 = key.replace('_', "-");
            }
        }
        if let Some(image) = service.get("image").and_then(Node::as_str) {
            let mut tags = vec![Value::Text(image.to_owned())];
            if let Some(at) = entries.iter().position(|(k, _)| k == "tags") {
                tags.extend(entries.remove(at).1.texts().into_iter().map(Value::Text));
            }
            entries.push(("tags".to_owned(), Value::List(tags)));
        }
        for (_, more) in build.get("x-bake").into_iter().map(|n| ("x-bake", map(n))) {
            entries.extend(more);
        }
        for (_, value) in &mut entries {
            interpolate(value, variables);
        }
        names.push(Value::Text(name.to_owned()));
        blocks.push(Block {
            kind: "target".to_owned(),
            label: name.to_owned(),
            entries,
        });
    }
    blocks.push(Block {
        kind: "group".to_owned(),
        label: "default".to_owned(),
        entries: vec![("targets".to_owned(), Value::List(names))],
    });
    Some(blocks)
}
