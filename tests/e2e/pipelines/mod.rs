//! What other people's pipelines take from us, run as their services run it: GitLab's component,
//! GitHub's action, the hook, the examples; and our own CI files.
//!
//! Their scripts run in a shell with the real binary against Debian's docker-registry; what a
//! service itself does (checkout, uploads of reports) is not played.

mod action;
mod component;
mod hook;
mod names;
mod pin;
mod played;
mod shards;
mod vendors;

pub(crate) use action::{Action, Releases};
pub(crate) use component::Gate;

use std::fs;
use std::path::Path;

use polyarch_core::ci::yaml::{Node, parse};

use crate::gate::pushed;
use crate::real::polyarch::binary;
use crate::real::registry::Registry;

/// A registry with `team/app:1`, which is good, and `team/app:half`, which lacks arm64.
fn good_and_half() -> Registry {
    let registry = pushed();
    registry.tag_without("team/app", "1", "half", "arm64");
    registry
}

/// The documents of a YAML file.
fn documents(text: &str) -> Vec<Node> {
    let parts = text.split("\n---\n");
    parts.map(|part| parse(0, part).expect("YAML")).collect()
}

/// The value at a path of keys and positions, such as `spec.containers.0.args`.
fn at<'n>(node: &'n Node, path: &str) -> &'n Node {
    path.split('.').fold(node, |node, key| {
        let found = match key.parse::<usize>() {
            Ok(position) => node.as_sequence().and_then(|items| items.get(position)),
            Err(_) => node.get(key),
        };
        found.unwrap_or_else(|| panic!("no {key} of {path}"))
    })
}

/// `PATH` with the folder of the real binary first.
fn search_path() -> String {
    let programs = binary().parent().expect("the binary lies in a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    format!("{}:{path}", programs.display())
}

/// Whether anything in a folder is called this.
fn holds(folder: &Path, name: &str) -> bool {
    fs::read_dir(folder)
        .expect("a folder")
        .any(|entry| entry.expect("an entry").file_name() == name)
}
