//! What a verification came to; all formats print this.

use polyarch_core::verify::{Report, Verdict};

use crate::exit_code::ExitCode;
use crate::registry::counters::Cost;

/// One run of `polyarch verify`.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// In the order of the references.
    pub(crate) outcomes: Vec<Outcome>,
    /// References that could not be read at all, in the same order.
    pub(crate) unreadable: Vec<Unreadable>,
    /// The policy file that was read.
    pub(crate) policy: Option<String>,
    pub(crate) verbose: bool,
}

/// One reference that is none, or whose file is none.
#[derive(Debug, Clone)]
pub(crate) struct Unreadable {
    /// As the user wrote it.
    pub(crate) reference: String,
    /// What is wrong with it, for a person.
    pub(crate) problem: String,
}

/// One reference, verified.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    /// As the user wrote it.
    pub(crate) reference: String,
    /// `name@sha256:…`, if a document was received.
    pub(crate) resolved: Option<String>,
    pub(crate) report: Report,
    pub(crate) cost: Cost,
}

impl Run {
    /// What the whole run came to.
    pub(crate) fn exit_code(&self) -> ExitCode {
        let codes = self.outcomes.iter().map(Outcome::exit_code);
        let unreadable = self.unreadable.iter().map(|_| ExitCode::Usage);
        codes
            .chain(unreadable)
            .fold(ExitCode::Pass, ExitCode::worst)
    }

    /// How many outcomes have a verdict.
    pub(crate) fn count(&self, verdict: Verdict) -> usize {
        let outcomes = self.outcomes.iter();
        outcomes.filter(|o| o.report.verdict == verdict).count()
    }
}

impl Outcome {
    /// This reference's share of the exit code.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self.report.verdict {
            Verdict::Pass => ExitCode::Pass,
            Verdict::Inconclusive => ExitCode::Inconclusive,
            Verdict::Fail => ExitCode::Failed,
        }
    }

    /// The exact thing that was verified, or what was asked for if nothing was received.
    pub(crate) fn subject(&self) -> &str {
        self.resolved.as_deref().unwrap_or(&self.reference)
    }
}
