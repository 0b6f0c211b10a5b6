//! `--format junit`: one case for each reference; a failure is what failed, an error what could not
//! be established.

use polyarch_core::verify::Verdict;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::outcome::{Outcome, Run, Unreadable};
use super::text::{explanation, heading, weight};

/// The whole document.
pub(super) fn render(run: &Run) -> String {
    let mut report = Report::new("polyarch verify");
    let mut suite = TestSuite::new("polyarch verify");
    suite.add_test_cases(run.outcomes.iter().map(case));
    suite.add_test_cases(run.unreadable.iter().map(unreadable));
    report.add_test_suite(suite);
    // Writing to memory cannot fail; control characters are taken out by the writer.
    let text = report.to_string().unwrap_or_default();
    // Jenkins' schema knows `skipped` for a suite, not for all of them; nothing is ever skipped.
    let mut text = text.replacen(" skipped=\"0\"", "", 1);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn unreadable(unreadable: &Unreadable) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status
        .set_type("unreadable")
        .set_message(unreadable.problem.as_str());
    let mut case = TestCase::new(unreadable.reference.as_str(), status);
    case.set_classname("polyarch.verify");
    case
}

fn case(outcome: &Outcome) -> TestCase {
    let report = &outcome.report;
    let kind = match report.verdict {
        Verdict::Pass => None,
        Verdict::Fail => Some(NonSuccessKind::Failure),
        Verdict::Inconclusive => Some(NonSuccessKind::Error),
    };
    let mut status = kind.map_or_else(TestCaseStatus::success, TestCaseStatus::non_success);
    let mut counting = report.findings.iter().filter(|finding| finding.counts());
    if let Some(first) = counting.next() {
        let all: Vec<String> = report
            .findings
            .iter()
            .filter(|finding| finding.counts())
            .map(|finding| format!("{}\n{}", heading(&finding.diagnostic), explanation(finding)))
            .collect();
        status
            .set_type(first.diagnostic.rule)
            .set_message(first.diagnostic.message.as_str())
            .set_description(all.join("\n\n"));
    }
    let mut case = TestCase::new(outcome.reference.as_str(), status);
    case.set_classname("polyarch.verify");
    let mut out: Vec<String> = report
        .findings
        .iter()
        .filter(|finding| !finding.counts())
        .map(|finding| {
            format!(
                "{}: {}: {}",
                weight(finding),
                heading(&finding.diagnostic),
                explanation(finding)
            )
        })
        .collect();
    out.extend(outcome.report.closing().map(str::to_owned));
    out.push(outcome.subject().to_owned());
    case.set_system_out(out.join("\n"));
    case
}
