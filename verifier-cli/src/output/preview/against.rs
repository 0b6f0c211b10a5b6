//! `polyarch preview --against`: what differs between two builds, platform by platform.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use polyarch_core::analysis::{Analysis, Change, compare};

use super::markdown::cell;

const BOLD: Style = Style::new().bold();
const GREEN: Style = AnsiColor::Green.on_default();
const RED: Style = AnsiColor::Red.on_default();

/// Heading for what belongs to no single platform.
const ALL: &str = "all platforms";

/// For people: a heading a platform, minus for what only the other has, plus for what is new.
pub(crate) fn human(other: &str, before: &Analysis, after: &Analysis) -> String {
    let changes = compare(before, after);
    let mut out = format!("{BOLD}Against {other}{BOLD:#}\n");
    if changes.is_empty() {
        out.push_str("Nothing changes.\n");
    }
    let mut platform = "";
    for change in &changes {
        if name(change) != platform {
            platform = name(change);
            let _ = writeln!(out, "\n{BOLD}{platform}{BOLD:#}");
        }
        for (style, sign, facts) in [(RED, '-', &change.gone), (GREEN, '+', &change.new)] {
            for fact in facts {
                let what = change.aspect.as_str();
                let _ = writeln!(out, "  {style}{sign} {what:9} {fact}{style:#}");
            }
        }
    }
    out
}

/// A short table for a merge request.
pub(crate) fn markdown(other: &str, before: &Analysis, after: &Analysis) -> String {
    let changes = compare(before, after);
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
            cell(name(change)),
            change.aspect.as_str(),
            listed(&change.gone),
            listed(&change.new)
        );
    }
    out
}

fn name(change: &Change) -> &str {
    change.platform.as_deref().unwrap_or(ALL)
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
