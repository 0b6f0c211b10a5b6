//! What the README shows is so: the lines for CI do what they say in a shell, and the output of
//! each command that it runs is what the binary prints.

use std::collections::BTreeMap;
use std::process::Command;

use crate::options::Demo;
use crate::real::polyarch::{binary, polyarch};
use crate::tree::root;

/// Where the README's demo registry listens.
const HOST: &str = "127.0.0.1:8080";

#[test]
fn the_outputs_shown_are_those_printed() {
    let demo = Demo::start();
    let mut shown = 0;
    for block in blocks("text") {
        let Some((command, expected)) = block
            .strip_prefix("$ polyarch ")
            .and_then(|rest| rest.split_once('\n'))
        else {
            continue;
        };
        let command = command.replace(HOST, &demo.host);
        let run = polyarch(command.split_whitespace());
        let printed = run.stdout.replace(&demo.host, HOST);
        assert_eq!(printed, expected, "`polyarch {command}`");
        shown += 1;
    }
    assert!(shown > 0, "the README shows what the gate prints");
}

#[test]
fn the_lines_for_ci_pass_and_fail_with_the_image() {
    let demo = Demo::start();
    let lines = gate_lines();
    for system in ["gitlab", "github"] {
        let line = &lines[system];
        for (tag, code) in [("good", 0), ("missing-platform", 1), ("private", 3)] {
            assert_eq!(in_shell(line, &demo, tag), Some(code), "{system}: {line}");
        }
    }
}

/// The shell command of each system's first block.
fn gate_lines() -> BTreeMap<&'static str, String> {
    let mut lines = BTreeMap::new();
    for block in blocks("yaml") {
        for line in block.lines().map(str::trim) {
            if let Some(script) = line.strip_prefix("script: [") {
                let command = script.strip_suffix(']').expect("a list of one command");
                lines.entry("gitlab").or_insert_with(|| command.to_owned());
            } else if let Some(command) = line.strip_prefix("- run: ") {
                lines.entry("github").or_insert_with(|| command.to_owned());
            }
        }
    }
    lines
}

/// The exit code of a line whose variables and expressions name an image of the demo registry.
fn in_shell(line: &str, demo: &Demo, tag: &str) -> Option<i32> {
    let line = line
        .replace(
            "ghcr.io/${{ github.repository }}",
            &format!("{}/demo", demo.host),
        )
        .replace("${{ github.sha }}", tag);
    assert!(!line.contains("${{"), "{line}");
    let programs = binary().parent().expect("the binary lies in a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-euc", &line])
        .env("PATH", format!("{}:{path}", programs.display()))
        .env("CI_REGISTRY_IMAGE", format!("{}/demo", demo.host))
        .env("CI_COMMIT_SHORT_SHA", tag)
        .current_dir(std::env::temp_dir())
        .output()
        .expect("a shell");
    output.status.code()
}

/// The code blocks of a language, each with its last line feed.
fn blocks(language: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join("README.md")).expect("a README");
    let fence = format!("```{language}\n");
    let parts = text.split(&fence).skip(1);
    parts
        .map(|part| part.split_once("```").expect("a closed block").0.to_owned())
        .collect()
}
