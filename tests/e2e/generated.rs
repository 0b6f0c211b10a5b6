//! Files that are written from the code and committed: each is in step with it.
//!
//! `UPDATE_GENERATED=1 cargo test -p polyarch-tests generated` writes them anew.

use std::fmt::Write as _;
use std::fs;

use polyarch_core::diagnostic::Severity;
use polyarch_core::rules::{CATALOGUE, Group, Metadata};

use crate::real::polyarch::polyarch;
use crate::tree::root;

#[test]
fn the_index_of_rules_is_in_step() {
    in_step("docs/rules.md", &rule_index());
}

#[test]
fn the_pages_of_the_commands_are_in_step() {
    let mut text = String::from(
        "# Every option of every command\n\n\
         Written from `polyarch COMMAND --help`; `polyarch man` prints it as a manual page.\n\
         How each option of the gate is tested stands in [verify-options.md](verify-options.md), \
         what the exit codes promise in [output.md](output.md).\n",
    );
    help(&[], &mut text);
    in_step("docs/cli.md", &text);
}

/// The help of a command and of all below it.
fn help(command: &[&str], text: &mut String) {
    let run = polyarch(command.iter().chain(&["--help"]));
    assert_eq!(run.code, Some(0), "{run:?}");
    let name = ["polyarch"].iter().chain(command).copied();
    let name = name.collect::<Vec<_>>().join(" ");
    let lines: Vec<&str> = run.stdout.trim_end().lines().map(str::trim_end).collect();
    let page = lines.join("\n");
    write!(text, "\n## {name}\n\n```text\n{page}\n```\n").expect("a string takes any text");
    let listed = run.stdout.split_once("\nCommands:\n");
    let listed = listed.map_or("", |(_, rest)| {
        rest.split("\n\n").next().unwrap_or_default()
    });
    for line in listed.lines() {
        // Descriptions that wrap begin further in.
        let below = line
            .strip_prefix("  ")
            .filter(|rest| !rest.starts_with(' '));
        let below = below.and_then(|rest| rest.split(' ').next());
        if let Some(below) = below.filter(|below| *below != "help") {
            help(&[command, &[below]].concat(), text);
        }
    }
}

/// Every rule with its page, group by group in the catalogue's order.
fn rule_index() -> String {
    let mut text = String::from(
        "# Rules\n\nWritten from the catalogue; `polyarch explain RULE` prints the same pages.\n",
    );
    let mut group: Option<Group> = None;
    for rule in CATALOGUE.iter().copied().flatten() {
        let rule = rule.metadata();
        if group != Some(rule.group) {
            group = Some(rule.group);
            let title = rule.group.title();
            write!(
                text,
                "\n## {title}\n\n| rule | severity | what it finds |\n|---|---|---|\n"
            )
            .expect("a string takes any text");
        }
        writeln!(
            text,
            "| [`{0}`](#{1}) | {2} | {3} |",
            rule.name,
            anchor(rule),
            level(rule),
            rule.title
        )
        .expect("a string takes any text");
    }
    text.push_str("\n# Pages\n");
    for rule in CATALOGUE.iter().copied().flatten() {
        let rule = rule.metadata();
        // The page's own headings stand below the rule's.
        let page = rule
            .page()
            .replace("\n## ", "\n#### ")
            .replacen("## ", "#### ", 1);
        write!(text, "\n### {}\n\n{}.\n\n{page}", rule.name, rule.title)
            .expect("a string takes any text");
    }
    text
}

fn anchor(rule: &Metadata) -> String {
    rule.name.to_lowercase()
}

fn level(rule: &Metadata) -> &'static str {
    match rule.severity {
        Severity::Error if rule.inconclusive => "inconclusive",
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

fn in_step(path: &str, expected: &str) {
    let file = root().join(path);
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        fs::create_dir_all(file.parent().expect("a file in a folder")).expect("writable");
        fs::write(&file, expected).expect("the tree is writable");
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    let update = "UPDATE_GENERATED=1 cargo test -p polyarch-tests generated";
    assert!(
        found == expected,
        "{path} is out of step; write it anew with `{update}`"
    );
}
