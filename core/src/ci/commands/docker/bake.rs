//! `docker buildx bake`: the targets of bake and compose files become builds.
//!
//! Texts: docker/buildx `commands/bake.go`. What the files say is read in `ci::bake`.

use std::collections::BTreeMap;

use super::build_flags::Spec;
use super::{Client, build};
use crate::ci::bake::{
    BakeFile, Config, DEFAULT_FILES, Refusal, Resolved, Target, Unread, canonical_attest, print,
    read, resolve,
};
use crate::ci::build::Invocation;
use crate::ci::commands::Arguments;
use crate::ci::commands::arguments::Flag;
use crate::ci::shell::Shell;
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
    ("policy", ' ', true),
];

/// A target of bake or compose files: the build that it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BakeTarget {
    pub name: String,
    /// Folder of the build context, relative to where bake runs; `.` unless the file says another.
    pub context: String,
    /// Path of the Dockerfile, the context's folder included.
    pub dockerfile: String,
    /// `dockerfile-inline`.
    pub inline: Option<String>,
    pub invocation: Invocation,
    /// What is not known of it; empty where all of it is.
    pub unread: Vec<Unread>,
}

/// Why bake files give no targets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BakeError {
    /// As buildx words it.
    #[error("{}", .0.text)]
    Refused(Refusal),
    #[error("failed to find target {wanted}; there are {}", .known.join(", "))]
    UnknownTarget { wanted: String, known: Vec<String> },
    #[error(
        "{0}: the file has no targets; write `target \"app\" {{ … }}`, or services with `build`"
    )]
    Empty(String),
}

/// What is asked of bake files.
#[derive(Debug, Clone, Copy)]
pub struct BakeRequest<'a> {
    /// In the order in which they are merged.
    pub files: &'a [BakeFile<'a>],
    /// Groups, targets, and patterns of both; `default`, or else all targets, where there is none.
    pub targets: &'a [String],
    /// As `--set` takes them.
    pub overrides: &'a [String],
}

/// The targets that are asked for, in the order of the groups. `variables` are those of the
/// environment.
///
/// # Errors
/// See [`BakeError`].
pub fn bake_targets(
    request: &BakeRequest<'_>,
    variables: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<BakeTarget>, BakeError> {
    let resolved = resolved(request, variables)?;
    let linked = |target: &&Target| !resolved.linked.contains(&target.name);
    let none = Arguments::default();
    Ok(resolved
        .targets
        .iter()
        .filter(linked)
        .map(|target| {
            let spec = spec_of(&none, target);
            BakeTarget {
                name: target.name.clone(),
                context: spec.context,
                dockerfile: spec.file.unwrap_or_default(),
                inline: spec.inline,
                invocation: spec.invocation,
                unread: target.unread.clone(),
            }
        })
        .collect())
}

/// What `docker buildx bake --print` prints for the files.
///
/// # Errors
/// See [`BakeError`].
pub fn bake_print(
    request: &BakeRequest<'_>,
    variables: &dyn Fn(&str) -> Option<String>,
) -> Result<String, BakeError> {
    resolved(request, variables).map(|resolved| print(&resolved))
}

fn resolved(
    request: &BakeRequest<'_>,
    variables: &dyn Fn(&str) -> Option<String>,
) -> Result<Resolved, BakeError> {
    let config = read(request.files, variables).map_err(BakeError::Refused)?;
    let mut wanted = request.targets.to_vec();
    if wanted.is_empty() {
        let all = config.targets.iter().map(|target| target.name.clone());
        let has_default = known_names(&config).iter().any(|name| name == "default");
        wanted = if has_default {
            vec!["default".to_owned()]
        } else {
            all.collect()
        };
    }
    if wanted.is_empty() {
        let name = request.files.first().map_or("", |file| file.name);
        return Err(BakeError::Empty(name.to_owned()));
    }
    match resolve(&config, &wanted, request.overrides, variables) {
        Ok(found) => Ok(found),
        Err(text) => Err(match text.strip_prefix("failed to find target ") {
            Some(name) => BakeError::UnknownTarget {
                wanted: name.to_owned(),
                known: known_names(&config),
            },
            None => BakeError::Refused(Refusal { text, place: None }),
        }),
    }
}

/// Groups and targets, each once.
fn known_names(config: &Config) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let groups = config.groups.iter().map(|group| &group.name);
    for name in groups.chain(config.targets.iter().map(|target| &target.name)) {
        if !names.contains(name) {
            names.push(name.clone());
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
    let found = match plan(shell, &arguments) {
        Ok(found) => found,
        Err(text) => {
            shell.err(&text);
            return 1;
        }
    };
    if arguments.is_set("print") {
        shell.out(&print(&found));
        return 0;
    }
    if arguments.has("list") {
        return 0;
    }
    // What others take as a context comes first.
    let is_linked = |target: &Target| found.linked.contains(&target.name);
    let (linked, asked): (Vec<_>, Vec<_>) = found.targets.iter().partition(|t| is_linked(t));
    for target in linked.into_iter().rev().chain(asked) {
        if let Some(unread) = target.unread.iter().find(|unread| !unread.is_ignored) {
            shell.world.exact = false;
            let (name, field, why) = (&target.name, &unread.field, &unread.why);
            shell
                .world
                .reason(format!("{field} of target {name} is not known: {why}"));
        }
        let mut spec = spec_of(&arguments, target);
        spec.invocation.line = shell.world.mark.line;
        let status = build::execute(shell, client, version, spec);
        if status != 0 {
            return status;
        }
    }
    0
}

/// The targets that the command line asks for; the error is all that buildx prints of it.
fn plan(shell: &mut Shell<'_, '_>, arguments: &Arguments) -> Result<Resolved, String> {
    let error = |text: &str| format!("ERROR: {text}\n");
    let files = files(shell, arguments).map_err(|text| error(&text))?;
    let files: Vec<BakeFile<'_>> = files
        .iter()
        .map(|(name, text)| BakeFile { name, text })
        .collect();
    let mut given = BTreeMap::new();
    for pair in arguments.all("var").iter().filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("", _)) => {
                return Err(error(&format!("invalid variable {pair:?}, key is empty")));
            }
            Some((name, value)) => {
                given.insert(name.to_owned(), value.to_owned());
            }
            None => {
                return Err(error(&format!(
                    "invalid variable {pair:?}, expected key=value"
                )));
            }
        }
    }
    let environment = |name: &str| shell.variables.exported(name).map(str::to_owned);
    let dotenv = files.iter().any(|file| is_compose(file.name)).then(|| {
        let text = shell.world.files.text(&shell.path(".env"));
        pairs_of(&text.unwrap_or_default())
    });
    let dotenv = dotenv.unwrap_or_default();
    let lookup = |name: &str| {
        let own = given.get(name).cloned().or_else(|| environment(name));
        own.or_else(|| dotenv.get(name).cloned())
    };
    let config = read(&files, &lookup).map_err(|refusal| {
        let listing = refusal.place.as_ref();
        let listing = listing.map_or(String::new(), |(name, line, text)| {
            super::build_log::excerpt(name, text, *line)
        });
        format!("{listing}{}", error(&refusal.text))
    })?;
    let wanted: Vec<String> = if arguments.rest.is_empty() {
        vec!["default".to_owned()]
    } else {
        arguments.rest.clone()
    };
    let overrides = overrides(arguments);
    let mut found =
        resolve(&config, &wanted, &overrides, &environment).map_err(|text| error(&text))?;
    if let Some(epoch) = environment("SOURCE_DATE_EPOCH").filter(|epoch| !epoch.is_empty()) {
        found.give_argument("SOURCE_DATE_EPOCH", &epoch);
    }
    Ok(found)
}

/// `--set`, then the flags that stand for one, in buildx's order.
fn overrides(arguments: &Arguments) -> Vec<String> {
    let mut all = arguments.all("set").to_vec();
    for flag in ["push", "load"] {
        if arguments.is_set(flag) {
            all.push(format!("*.{flag}=true"));
        }
    }
    for flag in ["no-cache", "pull"] {
        if arguments.has(flag) {
            all.push(format!("*.{flag}={}", arguments.is_set(flag)));
        }
    }
    for kind in ["sbom", "provenance"] {
        if let Some(value) = arguments.get(kind).filter(|value| !value.is_empty()) {
            all.push(format!("*.attest={}", canonical_attest(kind, value)));
        }
    }
    all
}

#[expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "the name is in small letters already"
)]
fn is_compose(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.ends_with(".yml") || lower.ends_with(".yaml")
}

/// `KEY=value` lines, as `.env` has them.
fn pairs_of(text: &str) -> BTreeMap<String, String> {
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.split_once('='));
    let pairs = pairs.map(|(key, value)| {
        let value = value.trim().trim_matches(['"', '\'']);
        (
            key.trim_start_matches("export ").trim().to_owned(),
            value.to_owned(),
        )
    });
    pairs.collect()
}

/// Names and texts of the files that are named, or else of those that buildx looks for.
fn files(
    shell: &mut Shell<'_, '_>,
    arguments: &Arguments,
) -> Result<Vec<(String, String)>, String> {
    let mut named = arguments.all("file").to_vec();
    if let (true, Some(all)) = (
        named.is_empty(),
        shell.variables.exported("BUILDX_BAKE_FILE"),
    ) {
        let separator = shell
            .variables
            .exported("BUILDX_BAKE_PATH_SEPARATOR")
            .unwrap_or(":");
        named = all
            .split(separator)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
    }
    let mut found = Vec::new();
    for name in &named {
        let name = name.strip_prefix("cwd://").unwrap_or(name);
        let text = if name == "-" {
            Some(shell.read_all())
        } else {
            shell.world.files.text(&shell.path(name))
        };
        let text = text.ok_or_else(|| format!("open {name}: no such file or directory"))?;
        found.push((name.to_owned(), text));
    }
    if named.is_empty() {
        for name in DEFAULT_FILES {
            let text = shell.world.files.text(&shell.path(name));
            found.extend(text.map(|text| (name.to_owned(), text)));
        }
    }
    if found.is_empty() {
        return Err("couldn't find a bake definition".to_owned());
    }
    Ok(found)
}

fn spec_of(arguments: &Arguments, target: &Target) -> Spec {
    let outputs = target.entries("output");
    let is = |key: &str, value: &str| outputs.iter().any(|entry| entry.get(key) == Some(value));
    let mut tags = target.texts("tags");
    for names in outputs.iter().filter_map(|entry| entry.get("name")) {
        tags.extend(names.split(',').map(|name| name.trim().to_owned()));
    }
    let invocation = Invocation {
        platforms: target.texts("platforms"),
        tags,
        push: is("type", "registry") || is("push", "true"),
        load: is("type", "docker"),
        by_digest: is("push-by-digest", "true"),
        outputs: target.texts("output"),
        build_args: target.pairs("args"),
        target: target
            .text("target")
            .filter(|name| !name.is_empty())
            .map(str::to_owned),
        build_contexts: target.pairs("contexts"),
        provenance: attest(target, "provenance"),
        sbom: attest(target, "sbom"),
        annotations: target.texts("annotations"),
        labels: target.pairs("labels").into_iter().collect(),
        cache_to: target.texts("cache-to"),
        cache_from: target.texts("cache-from"),
        ..Invocation::default()
    };
    let (context, file) = target.places();
    Spec {
        invocation,
        context,
        file: Some(file),
        builder: arguments.get("builder").map(str::to_owned),
        metadata_file: arguments.get("metadata-file").map(str::to_owned),
        iid_file: None,
        only_checks: arguments.is_set("check")
            || arguments
                .get("call")
                .or(target.text("call"))
                .is_some_and(|call| call != "build"),
        inline: target.text("dockerfile-inline").map(str::to_owned),
    }
}

/// What stands behind `--provenance` or `--sbom`; the first of a kind counts.
fn attest(target: &Target, kind: &str) -> Option<String> {
    let entry = target
        .entries("attest")
        .iter()
        .find(|entry| entry.get("type") == Some(kind))?;
    if entry.get("disabled") == Some("true") {
        return Some("false".to_owned());
    }
    let text = entry.text();
    let rest = text
        .strip_prefix(&format!("type={kind}"))?
        .trim_start_matches(',');
    Some(if rest.is_empty() {
        "true".to_owned()
    } else {
        rest.to_owned()
    })
}
