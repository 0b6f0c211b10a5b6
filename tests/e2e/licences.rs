//! Every package that cargo would fetch for this workspace has a licence that deny.toml allows.
//!
//! The same question as `cargo deny check licenses`, asked with what every developer has.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::tree::{root, text};

#[test]
fn all_licences_are_allowed() {
    let allowed = allowed();
    assert!(
        allowed.contains("MIT"),
        "deny.toml was read wrong: {allowed:?}"
    );
    let mut wrong = Vec::new();
    let packages = packages();
    assert!(
        packages.len() > 100,
        "cargo named only {} packages",
        packages.len()
    );
    for package in &packages {
        let licence = package["license"].as_str().unwrap_or("none");
        if !is_allowed(licence, &allowed) {
            wrong.push(format!(
                "{} {}: {licence}",
                package["name"], package["version"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let allowed = BTreeSet::from(["MIT", "ISC"].map(str::to_owned));
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("MIT/GPL-3.0", true),
        ("MIT AND GPL-3.0", false),
        ("(GPL-3.0 OR MIT) AND ISC", true),
        ("(GPL-3.0 OR MIT) AND BSD-3-Clause", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
    }
}

/// The list under `[licenses]` in deny.toml.
fn allowed() -> BTreeSet<String> {
    let settings = text("deny.toml");
    let (_, list) = settings
        .split_once("\nallow = [")
        .expect("deny.toml has the list");
    let (list, _) = list.split_once(']').expect("the list ends");
    list.lines()
        .filter_map(|line| line.split('"').nth(1))
        .map(str::to_owned)
        .collect()
}

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version=1"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    metadata["packages"].as_array().expect("packages").clone()
}

/// Whether one of an expression's alternatives is allowed; `AND` binds tighter than `OR`, and
/// the old `/` means `OR`.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let text = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let text = text.replace(" WITH ", "+WITH+");
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut reader = Reader {
        words: &words,
        allowed,
    };
    reader.any()
}

struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a BTreeSet<String>,
}

impl Reader<'_> {
    fn any(&mut self) -> bool {
        let mut holds = self.all();
        while self.take("OR") {
            holds |= self.all();
        }
        holds
    }

    fn all(&mut self) -> bool {
        let mut holds = self.one();
        while self.take("AND") {
            holds &= self.one();
        }
        holds
    }

    fn one(&mut self) -> bool {
        if self.take("(") {
            let holds = self.any();
            return self.take(")") && holds;
        }
        let Some((first, rest)) = self.words.split_first() else {
            return false;
        };
        self.words = rest;
        self.allowed.contains(&first.replace("+WITH+", " WITH "))
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.words.first() == Some(&word);
        if found {
            self.words = &self.words[1..];
        }
        found
    }
}
