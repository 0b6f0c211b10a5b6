//! `--same-as`: the digest of another tag, from its bytes.

use std::borrow::Cow;
use std::sync::Arc;

use polyarch_core::diagnostic::{Diagnostic, Place, Severity, Subject};
use polyarch_core::digest::{Check, Digest};
use polyarch_core::oci::MAX_DOCUMENT;
use polyarch_core::reference::Target;
use polyarch_core::verify::{Answer, Ask, Failure, FailureKind, Finding, Report, Verdict};

use crate::error::CliError;
use crate::registry::counters::Counters;
use crate::source::{Location, Source, Surroundings};

/// Another reference and what was found there.
#[derive(Debug, Clone)]
pub(super) struct Other {
    pub(super) text: String,
    pub(super) digest: Result<Digest, Failure>,
}

/// Fetches the other reference's document; the digest is of the bytes received.
pub(super) async fn fetch(
    text: &str,
    around: &Surroundings,
    counters: &Arc<Counters>,
) -> Result<Other, CliError> {
    let location: Location = text.parse()?;
    let source = Source::open(&location, around, counters)?;
    let ask = Ask::Manifest {
        target: source.target.clone(),
        limit: MAX_DOCUMENT,
    };
    let digest = match source.answer(&ask).await {
        Answer::Document(received) => of_bytes(&received.body, &source.target),
        Answer::Failed(failure) => Err(failure),
        Answer::Head(_) | Answer::Layer(_) => Err(Failure::new(
            FailureKind::RegistryError,
            "it was answered with something else than a document",
        )),
    };
    Ok(Other {
        text: text.to_owned(),
        digest,
    })
}

/// A reference that is a digest must also be what its bytes say.
fn of_bytes(bytes: &[u8], target: &Target) -> Result<Digest, Failure> {
    let Target::Digest(named) = target else {
        return Ok(Digest::sha256(bytes));
    };
    match named.check(bytes) {
        Check::Match => Ok(Digest::sha256(bytes)),
        Check::Mismatch { actual } => Err(Failure::new(
            FailureKind::RegistryError,
            format!("the bytes received are {actual}"),
        )),
        Check::Unsupported => Err(Failure::new(
            FailureKind::RegistryError,
            format!("{} digests cannot be computed", named.algorithm()),
        )),
    }
}

/// Adds to the report what could not be compared.
pub(super) fn add_failures(report: &mut Report, others: &[Other]) {
    for other in others {
        let Err(failure) = &other.digest else {
            continue;
        };
        let (rule, verdict) = match failure.kind {
            FailureKind::NotFound => ("tag-not-found", Verdict::Fail),
            FailureKind::TooLarge => ("malformed-manifest", Verdict::Fail),
            FailureKind::Unauthorized => ("unauthorized", Verdict::Inconclusive),
            FailureKind::RateLimited => ("rate-limited", Verdict::Inconclusive),
            FailureKind::Unreachable => ("registry-unreachable", Verdict::Inconclusive),
            FailureKind::RegistryError | FailureKind::MethodNotAllowed => {
                ("registry-error", Verdict::Inconclusive)
            }
        };
        report.verdict = report.verdict.max(verdict);
        let diagnostic = Diagnostic {
            rule,
            severity: Severity::Error,
            place: Place::Image {
                platform: None,
                subject: Some(Subject::Text(other.text.clone())),
            },
            message: format!(
                "{}, which must be the same image, could not be fetched: {}",
                other.text, failure.detail
            ),
            why: Cow::Borrowed("Without the other tag's bytes the two cannot be compared."),
            next: Cow::Borrowed("See `polyarch verify` of the other reference."),
            fix: None,
        };
        let finding = Finding {
            diagnostic,
            waived: None,
            inconclusive: verdict == Verdict::Inconclusive,
        };
        report.findings.insert(0, finding);
    }
}
