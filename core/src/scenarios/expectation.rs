//! What a scenario says will come of it, and whether it does.

use super::Scenario;
use super::goal::Seen;
use crate::analysis::VerdictKind;
use crate::diagnostic::Severity;

/// The stated outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    pub verdict: VerdictKind,
    /// Platforms in the tag at the end.
    pub published: usize,
    /// Whether the job runs to its end; `None` without one.
    pub passes: Option<bool>,
    /// Whether each platform's build is right, in the order of the request: `linux/arm64 ok` or
    /// `linux/arm64 fails`. Empty where the job builds nothing.
    pub platforms: Vec<(String, bool)>,
    /// Names of exactly the rules that report errors, in alphabetical order.
    pub errors: Vec<String>,
    /// Names of rules that report something less, as far as they are the point.
    pub notes: Vec<String>,
    /// CPUs of files in the image, as far as they are the point.
    pub content: Vec<Wrong>,
}

/// A file on a platform and the CPU that it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub platform: String,
    pub path: String,
    /// `linux/amd64`, `any` or `unknown`.
    pub machine: String,
}

impl Expectation {
    /// Nothing is expected yet.
    pub(super) fn blank() -> Self {
        Self {
            verdict: VerdictKind::Publishes,
            published: 0,
            passes: None,
            platforms: Vec::new(),
            errors: Vec::new(),
            notes: Vec::new(),
            content: Vec::new(),
        }
    }
}

/// The word of the front matter.
pub(super) fn verdict_word(kind: VerdictKind) -> &'static str {
    match kind {
        VerdictKind::Publishes => "publishes",
        VerdictKind::PublishesWrong => "publishes-wrong",
        VerdictKind::Fails => "fails",
        VerdictKind::NothingPushed => "nothing-pushed",
    }
}

impl Scenario {
    /// Plays the scenario and says, one line each, where its outcome is not what it states.
    pub fn mismatches(&self) -> Vec<String> {
        let seen = Seen::of(&self.project);
        let stated = &self.expectation;
        let mut out = Vec::new();
        let mut compare = |what: &str, stated: String, seen: String| {
            if stated != seen {
                out.push(format!("{what}: states {stated}, but it is {seen}"));
            }
        };
        compare(
            "verdict",
            format!("{} {}", verdict_word(stated.verdict), stated.published),
            format!(
                "{} {}",
                verdict_word(seen.analysis.verdict.kind),
                seen.published
            ),
        );
        compare(
            "job",
            format!("{:?}", stated.passes),
            format!("{:?}", seen.passes),
        );
        compare(
            "platforms",
            platforms_text(&stated.platforms),
            platforms_text(&seen.platforms()),
        );
        compare("errors", stated.errors.join(" "), seen.errors().join(" "));
        for rule in &stated.notes {
            let is_it = |found: &crate::diagnostic::Diagnostic| {
                found.rule == rule && found.severity != Severity::Error
            };
            if !seen.analysis.diagnostics.iter().any(is_it) {
                out.push(format!("notes: {rule} reports nothing"));
            }
        }
        for wrong in &stated.content {
            let machine = seen.machine(&wrong.platform, &wrong.path);
            if machine != Some(wrong.machine.as_str()) {
                out.push(format!(
                    "content: {} on {} is {machine:?}, not {}",
                    wrong.path, wrong.platform, wrong.machine
                ));
            }
        }
        out
    }
}

fn platforms_text(platforms: &[(String, bool)]) -> String {
    let words: Vec<String> = platforms
        .iter()
        .map(|(platform, right)| format!("{platform} {}", if *right { "ok" } else { "fails" }))
        .collect();
    words.join(", ")
}
