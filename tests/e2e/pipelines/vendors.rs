//! Our CI files, held to the schemas that GitLab and GitHub publish for them, and to zizmor.

use std::path::PathBuf;
use std::process::Command;

use polyarch_core::ci::yaml::{Kind, Node};
use serde_json::Value;

use super::{at, documents};
use crate::options::{file, scratch};
use crate::real::schema::{check_vendor, tool};
use crate::tree::{root, sources, text};

#[test]
fn each_file_fits_the_vendor_s_schema() {
    check_vendor("vendor.github-actions", &[root().join("action.yml")]);
    let workflows = sources(&[".github/workflows"], ".yml").into_iter();
    let workflows: Vec<PathBuf> = workflows.map(|file| root().join(file.path)).collect();
    check_vendor("vendor.github-workflows", &workflows);
    let ours = [".gitlab-ci.yml", "examples/gitlab-parallel.yml"];
    check_vendor("vendor.gitlab-ci", &ours.map(|file| root().join(file)));
}

/// The schema knows header and jobs, but no place for an input: here each has its default.
#[test]
fn the_component_fits_it_with_its_defaults() {
    let component = text("templates/verify.yml");
    let (header, mut body) = {
        let (header, body) = component.split_once("\n---\n").expect("a header");
        (header.to_owned(), body.to_owned())
    };
    let inputs = at(&documents(&header)[0], "spec.inputs").clone();
    for (name, input) in inputs.as_mapping().expect("inputs") {
        let name = name.as_str().expect("a name");
        assert!(input.get("description").is_some(), "{name} is described");
        let value = json(at(input, "default"));
        let place = format!("$[[ inputs.{name} ]]");
        assert!(body.contains(&place), "{name} is used");
        body = body.replace(&place, &value.to_string());
    }
    assert!(!body.contains("$[["), "every input is declared: {body}");
    let folder = scratch();
    let parts = [("header.yml", &header), ("body.yml", &body)];
    let parts = parts.map(|(name, text)| file(&folder, name, text).into());
    check_vendor("vendor.gitlab-ci", &parts);
}

fn json(node: &Node) -> Value {
    match &node.kind {
        Kind::Scalar { text, plain: true } if text == "false" => Value::Bool(false),
        Kind::Scalar { text, .. } => text.as_str().into(),
        Kind::Sequence(items) => items.iter().map(json).collect(),
        Kind::Mapping(entries) => {
            let key = |node: &Node| node.as_str().unwrap_or_default().to_owned();
            Value::Object(entries.iter().map(|(k, v)| (key(k), json(v))).collect())
        }
    }
}

/// Pinned actions, least rights, no expression in a script: what zizmor looks for.
#[test]
fn workflows_and_action_have_no_finding_of_zizmor() {
    let output = Command::new(tool("zizmor"))
        .args(["--offline", "--no-progress", "--min-severity", "medium"])
        .args([".github/workflows", "action.yml"])
        .current_dir(root())
        .output()
        .expect("`scripts/setup test` installs zizmor");
    assert!(output.status.success(), "{output:#?}");
}
