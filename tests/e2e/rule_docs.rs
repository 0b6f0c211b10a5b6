//! Each rule is one file that bears its name, is registered, and has a whole page.
//!
//! That the examples of the pages hold is tested in core, beside the rules.

use std::collections::BTreeSet;

use polyarch_core::rules::{ExampleKind, Metadata, all};

use crate::tree::sources;

/// The headings that a rule's page must have, in this order.
const HEADINGS: &[&str] = &["## What happens", "## Fails", "## Passes", "## Sources"];

#[test]
fn every_rule_file_is_registered_under_its_own_name() {
    let names: BTreeSet<String> = metadata().map(|rule| rule.name.to_owned()).collect();
    assert!(names.len() > 20, "the catalogue was read wrong: {names:?}");
    let mut declared = BTreeSet::new();
    for file in sources(&["core/src/rules"], ".rs") {
        let Some((_, rest)) = file.text.split_once("\ndeclare_rule! {") else {
            continue;
        };
        // Examples may have names too; the rule's own stands eight blanks in.
        let (_, rest) = rest
            .split_once("\n        name: \"")
            .expect("a rule has a name");
        let name = rest.split('"').next().unwrap_or_default().to_owned();
        let stem = file
            .path
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .trim_end_matches(".rs");
        assert_eq!(kebab(stem), name, "{} bears another rule's name", file.path);
        let first = format!("//! `{name}`");
        assert!(
            file.text.starts_with(&first),
            "{} does not open with {first}",
            file.path
        );
        assert!(names.contains(&name), "{name} is not in the catalogue");
        assert!(declared.insert(name), "{} is declared twice", file.path);
    }
    let absent: Vec<_> = names
        .difference(&declared)
        .filter(|name| is_kebab(name))
        .collect();
    assert!(
        absent.is_empty(),
        "registered, but in no file of their own: {absent:?}"
    );
}

#[test]
fn names_are_unique() {
    let mut seen = BTreeSet::new();
    for rule in metadata() {
        assert!(seen.insert(rule.name), "{} is registered twice", rule.name);
    }
}

#[test]
fn every_page_is_whole() {
    for rule in metadata().filter(|rule| is_kebab(rule.name)) {
        let page = rule.page();
        let mut from = 0;
        for heading in HEADINGS {
            let at = page[from..].find(&format!("{heading}\n"));
            from += at.unwrap_or_else(|| panic!("{}: no `{heading}` in its place", rule.name));
        }
        let kinds: Vec<ExampleKind> = rule.examples().iter().map(|one| one.kind).collect();
        for kind in [ExampleKind::Fails, ExampleKind::Passes] {
            assert!(
                kinds.contains(&kind),
                "{}: no example that {kind:?}",
                rule.name
            );
        }
        for title in [rule.title, rule.title_zh] {
            assert!(
                !title.is_empty() && !title.ends_with(['.', '。']),
                "{}: {title}",
                rule.name
            );
        }
        assert_ne!(rule.title, rule.title_zh, "{} is not translated", rule.name);
    }
}

fn metadata() -> impl Iterator<Item = &'static Metadata> {
    all().map(polyarch_core::rules::Rule::metadata)
}

/// BuildKit's own lint rules keep BuildKit's names and come from one table.
fn is_kebab(name: &str) -> bool {
    !name.contains(char::is_uppercase)
}

/// A file's name as the rule in it is called.
fn kebab(stem: &str) -> String {
    stem.replace('_', "-")
}
