//! A preview for a merge request's comment or a job's summary.

use std::fmt::Write as _;

use polyarch_core::analysis::VerdictKind;

use super::Shown;
use super::place::Places;

/// A heading, a table of platforms, a list of findings.
pub(crate) fn render(shown: &Shown<'_>) -> String {
    let analysis = shown.analysis;
    let mut out = String::new();
    let verdict = match analysis.verdict.kind {
        VerdictKind::Publishes | VerdictKind::PublishesWrong if shown.job_publishes_nothing() => {
            "the job fails"
        }
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

/// Text that cannot leave its table cell or list item.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\r', '\n'], " ")
}
