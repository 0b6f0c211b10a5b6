//! What every file of the tree keeps to. rustfmt and clippy see the rest.

use std::fmt::Write as _;

use crate::tree::{Source, sources};

const CRATES: &[&str] = &["core", "verifier-cli", "frontend", "tests"];

/// Past this a file holds more than one idea.
const MAX_LINES: usize = 800;

/// What rustfmt aims at; strings and tables may be wider.
const MAX_COLUMNS: usize = 100;

/// In the page, whose `html!` rustfmt does not touch.
const MAX_COLUMNS_OF_PAGE: usize = 120;

#[test]
fn every_rust_file_is_tidy() {
    let files = sources(CRATES, ".rs");
    assert!(
        files.len() > 20,
        "the walk found only {} files",
        files.len()
    );
    report(files.iter().flat_map(untidy));
}

#[test]
fn half_of_the_rust_files_are_short() {
    let mut lengths: Vec<usize> = sources(CRATES, ".rs")
        .iter()
        .map(|file| file.text.lines().count())
        .collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(
        median <= 150,
        "the median file has {median} lines; split by idea"
    );
}

#[test]
fn documents_keep_one_sentence_a_line_free_of_trailing_space() {
    let files = sources(CRATES, ".md");
    report(files.iter().flat_map(|file| {
        let spaces = file.text.lines().enumerate();
        spaces
            .filter(|(_, line)| line.trim_end() != *line)
            .map(|(index, _)| format!("{}:{}: trailing space", file.path, index + 1))
    }));
}

/// The complaints about one file.
fn untidy(file: &Source) -> Vec<String> {
    let Source { path, text } = file;
    let mut found = Vec::new();
    if !text.starts_with("//!") {
        found.push(format!(
            "{path}: does not open with //! (what it is, what it does not do)"
        ));
    }
    let lines = text.lines().count();
    if lines > MAX_LINES {
        found.push(format!("{path}: {lines} lines, more than {MAX_LINES}"));
    }
    let wide = if path.starts_with("frontend/") {
        MAX_COLUMNS_OF_PAGE
    } else {
        MAX_COLUMNS
    };
    // Expected output stands in tests as it is printed.
    let is_data = path.ends_with("/tests.rs") || path.contains("/tests/");
    for (index, line) in text.lines().enumerate() {
        let mut complain = |what: &str| found.push(format!("{path}:{}: {what}", index + 1));
        if line.contains('\t') {
            complain("a tab; write \\t where one is meant");
        }
        if line.trim_end() != line && !is_data {
            complain("trailing space");
        }
        if line.chars().count() > wide && !is_data && !may_be_wide(path, line) {
            complain(&format!("wider than {wide} columns"));
        }
        for banned in BANNED {
            if line.contains(&banned.concat()) {
                complain(&format!(
                    "`{}` does not belong in the tree",
                    banned.concat()
                ));
            }
        }
    }
    found
}

/// What no line may hold, in halves so that this table does not hold it either.
const BANNED: &[[&str; 2]] = &[
    ["todo", "!("],
    ["unimplemented", "!("],
    ["#[", "allow("],
    ["#![", "allow("],
    ["FIX", "ME"],
    ["XX", "X:"],
    ["/work", "/"],
    ["/ro", "ot/.cargo"],
    ["/ho", "me/"],
    ["../sha", "red"],
];

/// Strings, links and tables do not wrap; a rule's page is prose with one sentence a line.
fn may_be_wide(path: &str, line: &str) -> bool {
    let line = line.trim_start();
    let page = path.starts_with("core/src/rules/") && line.starts_with("///");
    page || ["\"", "://"].iter().any(|part| line.contains(part)) || line.starts_with("//! |")
}

fn report(complaints: impl Iterator<Item = String>) {
    let mut text = String::new();
    for complaint in complaints {
        writeln!(text, "{complaint}").expect("a string takes any text");
    }
    assert!(text.is_empty(), "\n{text}");
}
