//! The direction of dependencies, between crates and between the modules of core.
//!
//! ARCHITECTURE.md draws it; here it is enforced, so the drawing cannot rot.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::tree::{root, sources};

/// The modules of core with those that each may name, beside itself and what those may name.
/// A module that is not here fails the test: give it a place.
const LAYERS: &[(&str, &[&str])] = &[
    ("digest", &[]),
    ("shown", &[]),
    ("platform", &["shown"]),
    ("http", &[]),
    ("reference", &["digest"]),
    ("diagnostic", &["digest", "platform"]),
    ("yaml", &["diagnostic"]),
    ("environment", &["platform", "reference", "diagnostic"]),
    ("oci", &["digest", "platform", "diagnostic"]),
    ("bases", &["oci", "platform", "reference", "diagnostic"]),
    ("dockerfile", &["diagnostic", "platform", "reference"]),
    (
        "ci",
        &[
            "environment",
            "reference",
            "dockerfile",
            "bases",
            "oci",
            "yaml",
        ],
    ),
    (
        "build",
        &["environment", "dockerfile", "bases", "oci", "reference"],
    ),
    ("verify", &["oci", "bases", "reference", "diagnostic"]),
    ("content", &["build", "verify", "ci"]),
    ("rules", &["build", "verify", "ci", "content"]),
    ("demo", &["oci", "reference", "build", "verify"]),
    ("analysis", &["rules", "demo"]),
    ("share", &["analysis"]),
    ("assist", &["ci", "bases", "analysis"]),
    ("scenarios", &["analysis", "share"]),
];

/// What would bring I/O, threads or a browser into core.
const BANNED_IN_CORE: &[&str] = &[
    "tokio",
    "reqwest",
    "hyper",
    "ureq",
    "web-sys",
    "js-sys",
    "wasm-bindgen",
    "yew",
    "gloo-net",
    "regex",
    "chrono",
    "rand",
    "rayon",
];

#[test]
fn modules_of_core_only_look_down() {
    let allowed = closure();
    let mut wrong = String::new();
    for file in sources(&["core/src"], ".rs") {
        let Some(module) = module_of(&file.path) else {
            continue;
        };
        let Some(below) = allowed.get(module) else {
            panic!(
                "core's module `{module}` has no place in LAYERS ({})",
                file.path
            );
        };
        // Tests may stand on anything: they join what the code keeps apart.
        if file.path.ends_with("tests.rs") || file.path.contains("/tests/") {
            continue;
        }
        for name in named(&code_of(&file.text)) {
            if name != module && allowed.contains_key(name) && !below.contains(name) {
                wrong += &format!(
                    "{}: `{module}` names `{name}`, which is not below it\n",
                    file.path
                );
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn core_depends_on_nothing_that_does_io() {
    let direct = dependencies("polyarch-core");
    for banned in BANNED_IN_CORE {
        assert!(!direct.contains(*banned), "core depends on {banned}");
    }
    for needed in ["oci-spec", "serde_json", "sha2"] {
        assert!(
            direct.contains(needed),
            "core's dependencies were read wrong: {direct:?}"
        );
    }
}

#[test]
fn the_two_faces_do_not_know_each_other() {
    assert!(!dependencies("polyarch").contains("polyarch-frontend"));
    assert!(!dependencies("polyarch-frontend").contains("polyarch"));
    for face in ["polyarch", "polyarch-frontend"] {
        assert!(
            dependencies(face).contains("polyarch-core"),
            "{face} does not use core"
        );
    }
}

/// Each module with all that it may name, directly or through what it may name.
fn closure() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (module, below) in LAYERS {
        let mut reach: BTreeSet<&str> = below.iter().copied().collect();
        for name in *below {
            let further = all
                .get(name)
                .unwrap_or_else(|| panic!("{name} stands below {module}"));
            reach.extend(further.iter().copied());
        }
        all.insert(module, reach);
    }
    all
}

/// `core/src/oci/index.rs` and `core/src/oci.rs` belong to `oci`; lib.rs to none.
fn module_of(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("core/src/")?;
    let module = rest.split('/').next()?.trim_end_matches(".rs");
    (module != "lib").then_some(module)
}

/// A file without its comments and its test module.
fn code_of(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The modules that a text names after `crate::`, `use crate::{…}` included.
fn named(text: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        if let Some(group) = rest.strip_prefix('{') {
            names.extend(group_heads(group));
        } else {
            names.insert(word(rest));
        }
    }
    names
}

/// The first words of the entries of a brace group, whose `{` is already gone.
fn group_heads(group: &str) -> Vec<&str> {
    let (mut heads, mut depth, mut fresh) = (Vec::new(), 1, true);
    for (index, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => fresh = true,
            _ if letter.is_whitespace() => {}
            _ if fresh => {
                heads.push(word(&group[index..]));
                fresh = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    heads
}

fn word(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    &text[..end.unwrap_or(text.len())]
}

/// The direct, normal dependencies of a package of the workspace.
fn dependencies(package: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo's metadata");
    let packages = metadata["packages"].as_array().expect("packages");
    let found = packages
        .iter()
        .find(|entry| entry["name"] == package)
        .unwrap_or_else(|| panic!("no package {package}"));
    let all = found["dependencies"].as_array().expect("dependencies");
    all.iter()
        .filter(|entry| entry["kind"].is_null())
        .map(|entry| entry["name"].as_str().expect("a name").to_owned())
        .collect()
}

#[test]
fn the_scan_sees_every_form_of_a_path() {
    let text = "use crate::oci::Raw;\nuse crate::{build::{a, b}, verify, rules::x};\n\
                fn f() -> crate::ci::Job {}";
    let expected = BTreeSet::from(["oci", "build", "verify", "rules", "ci"]);
    assert_eq!(named(text), expected);
}
