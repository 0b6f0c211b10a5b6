//! A preview for a merge request's comment or a job's summary.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use polyarch_core::analysis::VerdictKind;

use super::Shown;
use super::place::Places;

/// More paths than this are counted only.
const MAX_PATHS: usize = 30;

/// A heading, a table of platforms, a list of findings.
pub(crate) fn render(shown: &Shown<'_>) -> String {
    let analysis = shown.analysis;
    let mut out = String::new();
    let verdict = match analysis.verdict.kind {
        _ if shown.job.is_some() => shown.job.map_or("", |job| job.verdict.sentence.as_str()),
        VerdictKind::Publishes => "would be published",
        VerdictKind::PublishesWrong => "would be published, with errors",
        VerdictKind::Fails => "the build fails",
        VerdictKind::NothingPushed => "nothing is pushed",
    };
    let target = shown
        .target
        .map_or(String::new(), |target| format!(" of {}", cell(target)));
    let _ = writeln!(out, "## polyarch preview{target}: {verdict}\n");
    if !shown.only_findings {
        out.push_str("| platform | steps | shared | emulated | result |\n|---|---|---|---|---|\n");
        for platform in &analysis.platforms {
            let count = |f: fn(&polyarch_core::analysis::StepView) -> bool| {
                platform.steps.iter().filter(|step| f(step)).count()
            };
            let result = platform.error.as_deref().unwrap_or("ok");
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} |",
                cell(&platform.requested),
                platform.steps.len(),
                count(|step| step.shared),
                count(|step| step.runs == Some(polyarch_core::analysis::Runs::Emulated)),
                cell(result)
            );
        }
        out.push('\n');
        content(shown, &mut out);
    }
    let places = Places::new(shown);
    for found in &analysis.diagnostics {
        let place = places.spot(found).map_or(String::new(), |spot| {
            format!("`{}:{}` ", spot.file, spot.line)
        });
        let platform = found
            .platform()
            .map_or(String::new(), |p| format!(" ({p})"));
        let _ = writeln!(
            out,
            "- **{}** {place}`{}`{platform}: {}",
            found.severity,
            found.rule,
            cell(&found.message)
        );
    }
    out
}

/// The files that are for one CPU, or of which that is not known: a line for each path.
fn content(shown: &Shown<'_>, out: &mut String) {
    let platforms = &shown.analysis.platforms;
    let mut paths: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (at, platform) in platforms.iter().enumerate() {
        let telling = platform
            .content
            .iter()
            .filter(|entry| entry.machine != "any");
        for entry in telling {
            let machines = paths.entry(&entry.path).or_default();
            machines.resize(at, String::new());
            let mark = if entry.wrong { " ❌" } else { "" };
            machines.push(format!("{}{mark}", entry.machine));
        }
    }
    if paths.is_empty() {
        return;
    }
    let names = platforms.iter().map(|platform| cell(&platform.requested));
    let _ = writeln!(out, "| file | {} |", names.collect::<Vec<_>>().join(" | "));
    let _ = writeln!(out, "|---{}|", "|---".repeat(platforms.len()));
    for (path, machines) in paths.iter_mut().take(MAX_PATHS) {
        machines.resize(platforms.len(), String::new());
        let _ = writeln!(out, "| {} | {} |", cell(path), machines.join(" | "));
    }
    let more = paths.len().saturating_sub(MAX_PATHS);
    if more > 0 {
        let _ = writeln!(out, "\nand {more} more");
    }
    out.push('\n');
}

/// Text that cannot leave its table cell or list item.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\r', '\n'], " ")
}
