//! What a verification of one reference came to; all formats print this.

use polyarch_core::verify::{Report, Verdict};

use crate::exit_code::ExitCode;
use crate::registry::counters::Cost;

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
