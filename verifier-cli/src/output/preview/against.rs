//! `polyarch preview --against`: what differs between two builds, platform by platform.
//!
//! Steps are compared without their numbers, since one step more renumbers all of its stage.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use polyarch_core::analysis::{Analysis, DocumentView, PlatformView};

use super::markdown::cell;

const BOLD: Style = Style::new().bold();
const GREEN: Style = AnsiColor::Green.on_default();
const RED: Style = AnsiColor::Red.on_default();

/// Facts of one build: the platform, what kind of fact, and the fact with its count.
type Facts = BTreeMap<(String, &'static str), BTreeMap<String, usize>>;

/// What differs for one platform in one respect.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    platform: String,
    what: &'static str,
    gone: Vec<String>,
    new: Vec<String>,
}

/// Heading for what belongs to no single platform.
const ALL: &str = "all platforms";

/// For people: a heading a platform, minus for what only the other has, plus for what is new.
pub(crate) fn human(other: &str, before: &Analysis, after: &Analysis) -> String {
    let changes = changes(before, after);
    let mut out = format!("{BOLD}Against {other}{BOLD:#}\n");
    if changes.is_empty() {
        out.push_str("Nothing changes.\n");
    }
    let mut platform = "";
    for change in &changes {
        if change.platform != platform {
            platform = &change.platform;
            let _ = writeln!(out, "\n{BOLD}{platform}{BOLD:#}");
        }
        for (style, sign, facts) in [(RED, '-', &change.gone), (GREEN, '+', &change.new)] {
            for fact in facts {
                let what = change.what;
                let _ = writeln!(out, "  {style}{sign} {what:9} {fact}{style:#}");
            }
        }
    }
    out
}

/// A short table for a merge request.
pub(crate) fn markdown(other: &str, before: &Analysis, after: &Analysis) -> String {
    let changes = changes(before, after);
    let mut out = format!("## polyarch preview against {}\n\n", cell(other));
    if changes.is_empty() {
        out.push_str("Nothing changes.\n");
        return out;
    }
    out.push_str("| platform | what | before | after |\n|---|---|---|---|\n");
    let listed = |facts: &[String]| {
        let cells: Vec<String> = facts.iter().map(|fact| cell(fact)).collect();
        cells.join("<br>")
    };
    for change in &changes {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            cell(&change.platform),
            change.what,
            listed(&change.gone),
            listed(&change.new)
        );
    }
    out
}

fn changes(before: &Analysis, after: &Analysis) -> Vec<Change> {
    let (before, after) = (facts(before), facts(after));
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).cloned().collect();
    let nothing = BTreeMap::new();
    keys.into_iter()
        .filter_map(|key| {
            let old = before.get(&key).unwrap_or(&nothing);
            let new = after.get(&key).unwrap_or(&nothing);
            let (gone, new) = (beyond(old, new), beyond(new, old));
            let (platform, what) = key;
            let changed = !gone.is_empty() || !new.is_empty();
            changed.then_some(Change {
                platform,
                what,
                gone,
                new,
            })
        })
        .collect()
}

/// What is in `these` more often than in `others`.
fn beyond(these: &BTreeMap<String, usize>, others: &BTreeMap<String, usize>) -> Vec<String> {
    let more = these
        .iter()
        .filter(|(fact, count)| others.get(*fact).is_none_or(|there| there < *count));
    more.map(|(fact, _)| fact.clone()).collect()
}

fn facts(analysis: &Analysis) -> Facts {
    let mut facts = Facts::new();
    let mut add = |platform: &str, what, fact: String| {
        let of_kind = facts.entry((platform.to_owned(), what)).or_default();
        *of_kind.entry(fact).or_default() += 1;
    };
    for view in &analysis.platforms {
        let name = name(view);
        add(
            &name,
            "result",
            view.error.clone().unwrap_or("ok".to_owned()),
        );
        for step in &view.steps {
            add(&name, "step", without_number(&step.name));
        }
        for (field, values) in &view.config {
            for value in values {
                add(&name, "config", format!("{field} {value}"));
            }
        }
    }
    for found in &analysis.diagnostics {
        let platform = found.platform().map_or(ALL.to_owned(), ToString::to_string);
        let text = format!("{} {}: {}", found.severity, found.rule, found.message);
        add(&platform, "finding", text);
    }
    for view in &analysis.documents {
        let platform = view
            .platform
            .as_ref()
            .map_or(ALL.to_owned(), ToString::to_string);
        add(&platform, "document", document(view));
    }
    facts
}

fn name(view: &PlatformView) -> String {
    let platform = view.platform.as_ref();
    platform.map_or(view.requested.clone(), ToString::to_string)
}

fn document(view: &DocumentView) -> String {
    let kind = view.kind.as_str();
    let size = view.text.len();
    let simulated = if view.simulated { ", simulated" } else { "" };
    format!("{kind} {} ({size} B{simulated})", view.digest.short())
}

/// `[build 2/6] RUN make` as `[build] RUN make`.
fn without_number(name: &str) -> String {
    let parts = name
        .split_once(']')
        .and_then(|(head, tail)| Some((head.rsplit_once(' '), head.strip_prefix('[')?, tail)));
    let is_number = |text: &str| {
        let parts = text.split_once('/');
        parts.is_some_and(|(at, of)| at.parse::<u32>().is_ok() && of.parse::<u32>().is_ok())
    };
    match parts {
        Some((Some((head, number)), _, tail)) if is_number(number) => format!("{head}]{tail}"),
        Some((None, number, tail)) if is_number(number) => tail.trim_start().to_owned(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use polyarch_core::analysis::{Project, analyse};

    use super::*;

    fn analysis(dockerfile: &str) -> Analysis {
        analyse(&Project {
            dockerfile: dockerfile.to_owned(),
            ..Project::default()
        })
    }

    #[test]
    fn steps_lose_their_numbers_only() {
        for (name, expected) in [
            ("[build 2/6] RUN make", "[build] RUN make"),
            ("[linux/amd64 1/2] FROM a", "[linux/amd64] FROM a"),
            ("[1/2] FROM a", "FROM a"),
            ("[internal] load a/b", "[internal] load a/b"),
            ("no brackets 1/2", "no brackets 1/2"),
        ] {
            assert_eq!(without_number(name), expected);
        }
    }

    #[test]
    fn only_what_differs_is_listed_on_each_platform() {
        let before = analysis("FROM alpine\nRUN make\nUSER a\n");
        let after = analysis("FROM alpine\nWORKDIR /w\nRUN make\nUSER b|c\n");
        let text = markdown("main:", &before, &after);
        for platform in ["linux/amd64", "linux/arm64"] {
            let row = format!("| {platform} | config | User a | User b\\|c<br>WorkingDir /w |");
            assert!(text.contains(&row), "{text}");
            let step = format!("| {platform} | step |  | [{platform}] WORKDIR /w |");
            assert!(text.contains(&step), "{text}");
        }
        assert!(text.contains("| document |"), "{text}");
        assert!(!text.contains("RUN make"), "{text}");
        let shown = human("main:", &before, &after);
        assert!(shown.contains("+ step "), "{shown}");
    }

    #[test]
    fn the_same_build_changes_nothing() {
        let one = analysis("FROM alpine\nRUN make\n");
        assert!(human("x", &one, &one).ends_with("Nothing changes.\n"));
        assert!(markdown("x", &one, &one).ends_with("Nothing changes.\n"));
    }

    #[test]
    fn findings_that_come_and_go_are_changes() {
        let text = human(
            "x",
            &analysis("FROM alpine\n"),
            &analysis("FROM alpine\nRUNN a\n"),
        );
        for part in ["- result    ok", "+ result    ", "+ finding   error "] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
