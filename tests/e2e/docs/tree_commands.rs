//! Commands that work on the clone itself (`make test`, `cargo test …`): run by people and by CI.
//! Here only what they name is looked up, since running them would run this test again.

use std::fs;

use crate::tree::{root, sources, text};

/// Whether every target, script, package and test that the lines name is there.
pub(super) fn check(script: &str) -> Result<(), String> {
    script
        .lines()
        .filter(|line| !line.trim().is_empty())
        .try_for_each(|line| {
            let line = line.split('#').next().unwrap_or_default();
            let words: Vec<&str> = line
                .split_whitespace()
                .skip_while(|word| is_variable(word))
                .collect();
            match words.as_slice() {
                ["make", targets @ ..] => targets.iter().try_for_each(|target| is_target(target)),
                ["cargo", "test", rest @ ..] => is_test(rest),
                ["cargo", "fuzz", "run", target] => {
                    let found = text("fuzz/Cargo.toml").contains(&format!("\"{target}\""));
                    found
                        .then_some(())
                        .ok_or(format!("no fuzz target {target}"))
                }
                ["cargo", "run", "-p", package, ..] => is_package(package),
                ["mount", "--rbind", ..] => Ok(()),
                [script, ..] if script.starts_with("scripts/") => {
                    let found = root().join(script).is_file();
                    found.then_some(()).ok_or(format!("no {script}"))
                }
                _ => Err(format!("`{line}` is of no known kind")),
            }
        })
}

/// `UPDATE_GENERATED=1`.
fn is_variable(word: &str) -> bool {
    word.split_once('=')
        .is_some_and(|(name, _)| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
}

fn is_target(target: &str) -> Result<(), String> {
    let found = text("Makefile")
        .lines()
        .any(|line| line.starts_with(&format!("{target}:")));
    found.then_some(()).ok_or(format!("no `make {target}`"))
}

/// `-p PACKAGE [--test NAME] [--] [FILTER]`: the filter is in a path of a test.
fn is_test(words: &[&str]) -> Result<(), String> {
    let ["-p", package, rest @ ..] = words else {
        return Err(format!("`cargo test {}` names no package", words.join(" ")));
    };
    is_package(package)?;
    let filter = rest
        .iter()
        .rev()
        .find(|word| !word.starts_with("--") && **word != "e2e");
    let Some(filter) = filter else {
        return Ok(());
    };
    let folder = match *package {
        "polyarch-core" => "core/src",
        "polyarch" => "verifier-cli/src",
        _ => "tests/e2e",
    };
    let found = sources(&[folder], ".rs").iter().any(|source| {
        let is_in_path = source.path.trim_start_matches(folder).contains(filter);
        let has_test = source.text.contains("#[test]");
        has_test && (is_in_path || source.text.contains(&format!("fn {filter}")))
    });
    found.then_some(()).ok_or(format!("no test {filter}"))
}

fn is_package(package: &str) -> Result<(), String> {
    let name = format!("name = \"{package}\"\n");
    ["core", "verifier-cli", "frontend", "tests"]
        .iter()
        .any(|folder| {
            let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml"));
            manifest.is_ok_and(|manifest| manifest.contains(&name))
        })
        .then_some(())
        .ok_or(format!("no package {package}"))
}

#[test]
fn what_is_not_there_is_found_out() {
    assert_eq!(
        check("make test\ncargo test -p polyarch-core rules  # all\n"),
        Ok(())
    );
    for bad in [
        "make nothing",
        "cargo test -p polyarch-core no_such_test",
        "cargo test -p nobody",
        "cargo fuzz run nothing",
        "rm -rf target",
    ] {
        assert!(check(bad).is_err(), "{bad}");
    }
}
