//! `--wait`: a tag that is not there yet, or not complete, is asked for again until the time is
//! over. What no later push could repair ends the waiting at once.

use std::time::Duration;

use polyarch_core::verify::{Report, Verdict};
use tokio::time::Instant;

/// Findings that go away when the push is complete, or when the registry is well again.
const MAY_PASS: [&str; 10] = [
    "tag-not-found",
    "platform-missing",
    "single-platform-manifest",
    "manifest-not-found",
    "layer-not-found",
    "digest-unexpected",
    "tag-moved",
    "registry-unreachable",
    "registry-error",
    "rate-limited",
];

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// The time that is left to wait.
#[derive(Debug)]
pub(super) struct Waiting {
    until: Instant,
    pause: Duration,
}

impl Waiting {
    /// Waits for `whole` from now; without it, not at all.
    pub(super) fn new(whole: Option<Duration>) -> Self {
        Self {
            until: Instant::now() + whole.unwrap_or_default(),
            pause: FIRST_PAUSE,
        }
    }

    /// How long to pause before the next look, or `None` if this report stands.
    pub(super) fn after(&mut self, report: &Report) -> Option<Duration> {
        let left = self.until.checked_duration_since(Instant::now())?;
        if left.is_zero() || !may_pass(report) {
            return None;
        }
        let pause = self.pause.min(left);
        self.pause = (self.pause * 3 / 2).min(LONGEST_PAUSE);
        Some(pause)
    }
}

fn may_pass(report: &Report) -> bool {
    let mut counting = report.findings.iter().filter(|finding| finding.counts());
    report.verdict != Verdict::Pass
        && counting.all(|finding| MAY_PASS.contains(&finding.diagnostic.rule))
}
