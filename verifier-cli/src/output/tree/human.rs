//! The tree for people.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use polyarch_core::digest::Digest;
use polyarch_core::oci::Descriptor;
use polyarch_core::verify::{Body, Client, Evidence, Image, Node, Pull};
use serde_json::Value;

use super::state;
use crate::registry::fault::one_line;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GREEN: Style = AnsiColor::Green.on_default();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default();

/// A line of the tree and what hangs below it.
struct Branch {
    line: String,
    below: Vec<Branch>,
}

/// The shown nodes, each as a tree.
pub(crate) fn human(reference: &str, name: &str, nodes: &[&Node], evidence: &Evidence) -> String {
    let owners = owners(evidence);
    let mut out = format!("{BOLD}{reference}{BOLD:#}\n");
    for node in nodes {
        let branch = node_branch(node, evidence, &owners);
        let _ = writeln!(out, "{}", branch.line);
        draw(&mut out, &branch.below, "");
    }
    if let Some(digest) = evidence.digest() {
        let _ = writeln!(out, "\n{name}@{digest}");
    }
    out
}

/// What a client gets, in a sentence or two.
pub(crate) fn pull_human(client: &Client, name: &str, pull: &Pull<'_>) -> String {
    let who = if client.name == client.platform.to_string() {
        client.name.clone()
    } else {
        format!("{} ({})", client.name, client.platform)
    };
    let place = |node: &Node| match node.digest() {
        Some(digest) => format!("{name}@{digest}"),
        None => name.to_owned(),
    };
    match pull {
        Pull::Gets {
            node,
            platform,
            exact: true,
        } => format!("{who} pulls {platform}\n{}\n", place(node)),
        Pull::Gets { node, platform, .. } => format!(
            "{who} pulls {platform}, the nearest that the tag has for it\n{}\n",
            place(node)
        ),
        Pull::GetsWrong { node, warning } => format!(
            "{who} pulls an image for another platform, and Docker prints:\n  {warning}\n{}\n",
            place(node)
        ),
        Pull::Error { docker, containerd } => format!(
            "{who} pulls nothing.\nDocker prints: {docker}\ncontainerd prints: {containerd}\n"
        ),
        Pull::Unknown => format!("what {who} would pull could not be established\n"),
    }
}

fn draw(out: &mut String, branches: &[Branch], indent: &str) {
    for (position, branch) in branches.iter().enumerate() {
        let is_last = position + 1 == branches.len();
        let (corner, bar) = if is_last {
            ("└─ ", "   ")
        } else {
            ("├─ ", "│  ")
        };
        let _ = writeln!(out, "{DIM}{indent}{corner}{DIM:#}{}", branch.line);
        draw(out, &branch.below, &format!("{indent}{bar}"));
    }
}

/// For each layer, the platforms whose image has it.
fn owners(evidence: &Evidence) -> BTreeMap<&Digest, BTreeSet<String>> {
    let mut owners: BTreeMap<&Digest, BTreeSet<String>> = BTreeMap::new();
    for node in evidence.nodes() {
        let (Some(image), Some(platform)) = (node.image(), node.platform()) else {
            continue;
        };
        for layer in &image.manifest.layers {
            owners
                .entry(&layer.digest)
                .or_default()
                .insert(platform.to_string());
        }
    }
    owners
}

fn node_branch(
    node: &Node,
    evidence: &Evidence,
    owners: &BTreeMap<&Digest, BTreeSet<String>>,
) -> Branch {
    let entry = node.entry.as_ref().map(|entry| &entry.descriptor);
    let platform = node.platform().filter(|p| !p.is_unknown());
    let subject = entry.and_then(Descriptor::attestation_subject);
    let title = match (state::kind(node), platform, subject) {
        ("attestation", _, Some(subject)) => {
            format!("attestation of {}", platform_of(subject, evidence))
        }
        ("image" | "manifest", Some(platform), _) => platform.to_string(),
        (kind, Some(platform), _) => format!("{kind} {platform}"),
        (kind, None, _) => kind.to_owned(),
    };
    let digest = node.digest().map_or("-", Digest::as_str);
    let size = node
        .document()
        .map(polyarch_core::oci::Document::size)
        .or(entry.map(|entry| entry.size));
    let line = format!(
        "{BOLD}{title}{BOLD:#}  {DIM}{digest}{DIM:#}  {}  {}",
        size.map(bytes).unwrap_or_default(),
        marked(state::of_retrieval(&node.retrieval))
    );
    let below = match &node.body {
        Body::Index(_, children) => children
            .iter()
            .map(|child| node_branch(child, evidence, owners))
            .collect(),
        Body::Image(image) => image_branches(image, node, evidence, owners),
        Body::Attestation(manifest) | Body::Artifact(manifest) => manifest
            .layers
            .iter()
            .map(|layer| layer_branch(layer, None, evidence, owners))
            .collect(),
        Body::Flawed(flaw) => vec![Branch {
            line: format!("{RED}{}{RED:#}", one_line(&flaw.to_string(), 300)),
            below: Vec::new(),
        }],
        Body::Nothing => Vec::new(),
    };
    Branch { line, below }
}

fn image_branches(
    image: &Image,
    node: &Node,
    evidence: &Evidence,
    owners: &BTreeMap<&Digest, BTreeSet<String>>,
) -> Vec<Branch> {
    let descriptor = &image.manifest.config;
    let config = image.config.read();
    let mut line = format!(
        "config  {DIM}{}{DIM:#}  {}  {}",
        descriptor.digest,
        bytes(descriptor.size),
        marked(state::of_retrieval(&image.config.retrieval))
    );
    let mut below = Vec::new();
    if let Some(config) = config {
        if node
            .platform()
            .is_some_and(|own| !own.is_same(&config.platform))
        {
            let _ = write!(line, "  {RED}says {}{RED:#}", config.platform);
        }
        below = settings(&config.value);
    }
    let mut branches = vec![Branch { line, below }];
    let own = node.platform().map(ToString::to_string);
    for layer in &image.manifest.layers {
        branches.push(layer_branch(layer, own.as_deref(), evidence, owners));
    }
    branches
}

/// What people look for in a config: how it starts, as whom, where.
fn settings(config: &Value) -> Vec<Branch> {
    let inner = config.get("config").unwrap_or(&Value::Null);
    let places = [
        ("created", config.get("created")),
        ("entrypoint", inner.get("Entrypoint")),
        ("cmd", inner.get("Cmd")),
        ("user", inner.get("User")),
        ("workdir", inner.get("WorkingDir")),
    ];
    let shown = places.into_iter().filter_map(|(name, value)| {
        let text = match value? {
            Value::String(text) if text.is_empty() => return None,
            Value::String(text) => text.clone(),
            Value::Null => return None,
            other => other.to_string(),
        };
        Some(Branch {
            line: format!("{name}: {}", one_line(&text, 200)),
            below: Vec::new(),
        })
    });
    shown.collect()
}

fn layer_branch(
    layer: &Descriptor,
    own: Option<&str>,
    evidence: &Evidence,
    owners: &BTreeMap<&Digest, BTreeSet<String>>,
) -> Branch {
    let known = evidence.layers.get(&layer.digest);
    let mut line = format!(
        "layer  {DIM}{}{DIM:#}  {}  {}",
        layer.digest,
        bytes(layer.size),
        marked(state::of_layer(known.map(|layer| &layer.state)))
    );
    let others: Vec<&str> = owners
        .get(&layer.digest)
        .into_iter()
        .flatten()
        .map(String::as_str)
        .filter(|platform| Some(*platform) != own)
        .collect();
    if own.is_some() && !others.is_empty() {
        let _ = write!(line, "  shared with {}", others.join(", "));
    }
    Branch {
        line,
        below: Vec::new(),
    }
}

/// The platform of the manifest with that digest, or the digest.
fn platform_of(subject: &str, evidence: &Evidence) -> String {
    let nodes = evidence.nodes();
    let node = nodes
        .iter()
        .find(|node| node.digest().is_some_and(|d| d.as_str() == subject));
    match node.and_then(|node| node.platform()) {
        Some(platform) => platform.to_string(),
        None => one_line(subject, 80),
    }
}

fn marked(state: &str) -> String {
    match state {
        "checked" | "present" => format!("{GREEN}{state}{GREEN:#}"),
        "mismatch" | "missing" => format!("{RED}{state}{RED:#}"),
        _ => format!("{YELLOW}{state}{YELLOW:#}"),
    }
}

/// `1234567` as `1.2 MB`; exact below a kilobyte.
fn bytes(size: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    for (unit, factor) in UNITS {
        if size >= factor {
            let tenths = size / (factor / 10);
            return format!("{}.{} {unit}", tenths / 10, tenths % 10);
        }
    }
    format!("{size} B")
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_are_short() {
        for (size, expected) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (1_234_567, "1.2 MB"),
            (5_990_000_000, "5.9 GB"),
        ] {
            assert_eq!(bytes(size), expected);
        }
    }
}
