//! `polyarch explain`: the pages of the rules, as the playground and the docs have them.

use std::fmt::Write as _;

use anstyle::Style;
use polyarch_core::rules::{self, Group, Metadata};
use serde::Serialize;

use crate::args::explain::{Explain, TextFormat};
use crate::error::CliError;
use crate::exit_code::ExitCode;
use crate::output;

const BOLD: Style = Style::new().bold();

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    schema_version: u32,
    rules: Vec<JsonRule>,
}

#[derive(Serialize)]
struct JsonRule {
    rule: &'static str,
    severity: &'static str,
    group: &'static str,
    title: &'static str,
    pitfalls: &'static [&'static str],
    /// The whole page, where one rule was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
}

/// Prints the list or one page.
pub(crate) fn run(args: &Explain) -> Result<ExitCode, CliError> {
    let all: Vec<&'static Metadata> = rules::all().map(rules::Rule::metadata).collect();
    let text = match (&args.rule, args.format) {
        (None, TextFormat::Human) => list(&all),
        (None, TextFormat::Json) => json(all.iter().map(|rule| JsonRule::of(rule, None))),
        (Some(name), format) => {
            let rule = rules::find(name)
                .map(rules::Rule::metadata)
                .ok_or_else(|| unknown(name, &all))?;
            match format {
                TextFormat::Human => page(rule),
                TextFormat::Json => json([JsonRule::of(rule, Some(rule.page()))]),
            }
        }
    };
    output::stdout(&text)?;
    Ok(ExitCode::Pass)
}

fn list(all: &[&'static Metadata]) -> String {
    let mut text = String::new();
    let width = all.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let mut group: Option<Group> = None;
    for rule in all {
        if group != Some(rule.group) {
            let gap = if group.is_some() { "\n" } else { "" };
            let _ = writeln!(text, "{gap}{BOLD}{}{BOLD:#}", rule.group.title());
            group = Some(rule.group);
        }
        let _ = writeln!(
            text,
            "  {:width$}  {:7}  {}",
            rule.name,
            rule.severity.as_str(),
            rule.title
        );
    }
    text.push_str("\nOne page: polyarch explain RULE\n");
    text
}

fn page(rule: &Metadata) -> String {
    let mut text = format!(
        "{BOLD}{}{BOLD:#} ({})\n{}\n\n",
        rule.name,
        rule.severity.as_str(),
        rule.title
    );
    for line in rule.page().trim().lines() {
        match line.strip_prefix("## ") {
            Some(heading) => {
                let _ = writeln!(text, "{BOLD}{heading}{BOLD:#}");
            }
            None => {
                let _ = writeln!(text, "{line}");
            }
        }
    }
    text
}

fn json(rules: impl IntoIterator<Item = JsonRule>) -> String {
    let document = Document {
        schema_version: 1,
        rules: rules.into_iter().collect(),
    };
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

impl JsonRule {
    fn of(rule: &'static Metadata, page: Option<String>) -> Self {
        Self {
            rule: rule.name,
            severity: rule.severity.as_str(),
            group: group_name(rule.group),
            title: rule.title,
            pitfalls: rule.pitfalls,
            page,
        }
    }
}

fn group_name(group: Group) -> &'static str {
    match group {
        Group::Image => "image",
        Group::Dockerfile => "dockerfile",
        Group::BuildKit => "buildkit",
        Group::Job => "job",
        Group::Builder => "builder",
        Group::Push => "push",
    }
}

/// Names the rules that are spelt most like what was asked for.
fn unknown(name: &str, all: &[&'static Metadata]) -> CliError {
    let mut near: Vec<(usize, &str)> = all
        .iter()
        .map(|rule| (distance(name, rule.name), rule.name))
        .collect();
    near.sort_unstable();
    let near: Vec<&str> = near.into_iter().take(3).map(|(_, name)| name).collect();
    CliError::Usage(format!(
        "there is no rule `{name}`; the nearest are {}, and `polyarch explain` lists all",
        near.join(", ")
    ))
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().take(100).enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_rule_is_answered_with_the_nearest() {
        let all: Vec<&'static Metadata> = rules::all().map(rules::Rule::metadata).collect();
        let error = unknown("plaform-mising", &all).to_string();
        assert!(
            error.contains("the nearest are platform-missing"),
            "{error}"
        );
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn every_rule_has_a_page_and_a_line_in_the_list() {
        let all: Vec<&'static Metadata> = rules::all().map(rules::Rule::metadata).collect();
        let list = list(&all);
        for rule in all {
            assert!(list.contains(rule.name), "{}", rule.name);
            assert!(page(rule).len() > 100, "{}", rule.name);
        }
    }
}
