//! Bake files: `docker-bake.hcl`, its JSON form, and compose files with `build:`, as
//! `docker buildx bake` reads them.
//!
//! Source: docker/buildx `bake/`, whose error texts these are. Nothing is built here: what is asked
//! for becomes targets with their fields. What only a run can tell, or is not modelled, is named
//! with its line and left out.

mod blocks;
mod compose;
mod definition;
mod entries;
mod evaluate;
mod functions;
mod interpolation;
mod json;
mod overrides;
mod parse;
mod parse_expression;
mod parse_template;
mod print;
mod resolve;
mod syntax;
mod target;
#[cfg(test)]
mod tests;
mod types;
mod value;
mod variables;
mod walk;

pub(in crate::ci) use print::print;
pub(in crate::ci) use resolve::{Resolved, resolve};
pub use target::Unread;
pub(in crate::ci) use target::{Config, Target};

use definition::Definition;
use syntax::{Body, Fault};

use crate::dockerfile::is_near;

/// Files looked for when none is named, in buildx's order; all that are there are read.
pub const DEFAULT_FILES: [&str; 8] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
    "docker-bake.json",
    "docker-bake.hcl",
    "docker-bake.override.json",
    "docker-bake.override.hcl",
];

/// A bake or compose file.
#[derive(Debug, Clone, Copy)]
pub struct BakeFile<'a> {
    /// As it was named.
    pub name: &'a str,
    pub text: &'a str,
}

/// Why files or a call of bake are refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// As buildx words it behind `ERROR: `.
    pub text: String,
    /// Name of the file, line from 1, and the lines around it as buildx lists them.
    pub place: Option<(String, usize, String)>,
}

impl Refusal {
    fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            place: None,
        }
    }
}

/// Reads files together; `lookup` is the environment, `--var` first.
pub(in crate::ci) fn read(
    files: &[BakeFile<'_>],
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<Config, Refusal> {
    let mut composed = Vec::new();
    let mut bodies = Vec::new();
    for (n, file) in files.iter().enumerate() {
        match body_of(n, file) {
            Some(body) => bodies.push(body.map_err(|fault| refusal(files, &[fault]))?),
            None => composed.push((file.name, file.text)),
        }
    }
    let mut config = Config::default();
    if !composed.is_empty() {
        config = compose::read(&composed, lookup)
            .map_err(|why| Refusal::plain(format!("failed to parse compose file: {why}")))?;
    }
    if !bodies.is_empty() {
        let more = defined(files, &bodies, lookup).map_err(|faults| refusal(files, &faults))?;
        for group in more.groups {
            match config
                .groups
                .iter_mut()
                .find(|known| known.name == group.name)
            {
                Some(known) => *known = group,
                None => config.groups.push(group),
            }
        }
        for target in more.targets {
            match config
                .targets
                .iter_mut()
                .find(|known| known.name == target.name)
            {
                Some(known) => known.merge(&target),
                None => config.targets.push(target),
            }
        }
    }
    Ok(config)
}

/// The body of a file in HCL or JSON; `None` for a compose file.
#[expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "as buildx compares them"
)]
fn body_of(n: usize, file: &BakeFile<'_>) -> Option<Result<Body, Fault>> {
    let lower = file.name.to_lowercase();
    if lower.ends_with(".yml") || lower.ends_with(".yaml") {
        return None;
    }
    if file.name.ends_with(".json") {
        return Some(json::parse(n, file.text));
    }
    let found = parse::parse(n, file.name, file.text);
    if file.name.ends_with(".hcl") || found.is_ok() {
        return Some(found);
    }
    // Another name: whatever it can be read as.
    let is_compose = crate::ci::yaml::parse(0, file.text).is_ok_and(|node| {
        node.get("services").is_some() && !file.text.trim_start().starts_with('{')
    });
    if is_compose {
        return None;
    }
    Some(json::parse(n, file.text).or(found))
}

fn defined(
    files: &[BakeFile<'_>],
    bodies: &[Body],
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<Config, Vec<Fault>> {
    let builtin = [
        ("BAKE_CMD_CONTEXT", "cwd://"),
        ("BAKE_LOCAL_PLATFORM", "linux/amd64"),
    ];
    let one = |fault| vec![fault];
    let texts = files.iter().map(|file| file.text).collect();
    let all = Definition::new(bodies, texts, &builtin, lookup).map_err(one)?;
    all.check().map_err(one)?;
    let text = |file: usize| files.get(file).map_or("", |file| file.text);
    let config = blocks::read(&all, &text)?;
    all.check_attributes().map_err(one)?;
    Ok(config)
}

/// The first fault with its lines, and how many more there are.
fn refusal(files: &[BakeFile<'_>], faults: &[Fault]) -> Refusal {
    let Some(first) = faults.first() else {
        return Refusal::plain("");
    };
    let more = match faults.len() {
        1 => String::new(),
        count => format!(", and {} other diagnostic(s)", count - 1),
    };
    let text = format!("{}; {}{more}", first.summary, first.detail);
    let located = first
        .range
        .and_then(|range| Some((range, files.get(range.file)?)));
    let Some((range, file)) = located else {
        return Refusal::plain(text);
    };
    // The JSON form is read without places.
    if range.end == 0 {
        return Refusal::plain(format!("{}: {text}", file.name));
    }
    let line = parse::position(file.text, range.start).0;
    Refusal {
        text: format!("{}:{}: {text}", file.name, parse::place(file.text, range)),
        place: Some((file.name.to_owned(), line, file.text.to_owned())),
    }
}

/// `--sbom` and `--provenance` as an entry of `attest`.
pub(in crate::ci) fn canonical_attest(kind: &str, text: &str) -> String {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => format!("type={kind},disabled=false"),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => format!("type={kind},disabled=true"),
        other => format!("type={kind},{other}"),
    }
}

/// Whether a name fits a pattern with `*`, `?` and `[…]`.
fn matches(pattern: &str, name: &str) -> bool {
    crate::ci::shell::pattern_matches(pattern, name)
}

/// ` Did you mean "x"?` for the first known name that is near, as HCL says it.
fn did_you_mean(name: &str, known: &[&str]) -> String {
    let near = known.iter().find(|other| is_near(name, other));
    near.map_or(String::new(), |near| format!(" Did you mean {near:?}?"))
}
