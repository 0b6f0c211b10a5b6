//! From evidence to a report: all image rules, then waivers, then the verdict.

use std::borrow::Cow;

use super::facts::ImageFacts;
use super::findings::Findings;
use super::waiver;
use crate::diagnostic::{Diagnostic, Place, Severity, Subject};
use crate::digest::Digest;
use crate::platform::Platform;
use crate::shown;
use crate::verify::{
    Body, Evidence, Expectation, Finding, Node, PlatformVerdict, PlatformVerdictKind, Report,
    Retrieval, Verdict,
};

/// Longest text of a finding, in characters: a thousand platforms fit.
const LONGEST: usize = 20_000;

/// Judges an image, predicted or fetched.
pub fn judge(evidence: &Evidence, expectation: &Expectation) -> Report {
    let facts = ImageFacts {
        evidence,
        expectation,
    };
    let mut findings = Findings::default();
    for rule in super::all() {
        rule.check_image(&facts, &mut findings);
    }
    let mut findings: Vec<Finding> = findings
        .into_found()
        .into_iter()
        .map(|(diagnostic, metadata)| Finding {
            waived: waiver::covering(&expectation.waivers, &diagnostic, metadata),
            inconclusive: metadata.inconclusive,
            diagnostic: shown(if expectation.strict {
                stricter(diagnostic)
            } else {
                diagnostic
            }),
        })
        .collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.diagnostic.severity));
    Report {
        verdict: verdict(&findings),
        digest: evidence.digest().cloned(),
        platforms: platforms(&facts, &findings),
        findings,
        depth: evidence.depth,
    }
}

/// The same with texts that can be shown: they quote what the registry says.
fn shown(diagnostic: Diagnostic) -> Diagnostic {
    let part = |text: Cow<'static, str>| match text {
        Cow::Borrowed(text) => Cow::Borrowed(text),
        Cow::Owned(text) => Cow::Owned(shown::shown(&text, LONGEST).into_owned()),
    };
    Diagnostic {
        message: shown::shown(&diagnostic.message, LONGEST).into_owned(),
        why: part(diagnostic.why),
        next: part(diagnostic.next),
        ..diagnostic
    }
}

fn stricter(diagnostic: Diagnostic) -> Diagnostic {
    match diagnostic.severity {
        Severity::Warning => Diagnostic {
            severity: Severity::Error,
            ..diagnostic
        },
        Severity::Info | Severity::Error => diagnostic,
    }
}

/// An error wins over what could not be established.
fn verdict<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Verdict {
    let counting = findings.into_iter().filter(|finding| finding.counts());
    let verdicts = counting.map(|finding| {
        if finding.inconclusive {
            Verdict::Inconclusive
        } else {
            Verdict::Fail
        }
    });
    verdicts.max().unwrap_or(Verdict::Pass)
}

/// Required platforms first, then every other that the tag has.
fn platforms(facts: &ImageFacts<'_>, findings: &[Finding]) -> Vec<PlatformVerdict> {
    let runnable = facts.runnable();
    let mut platforms = Vec::new();
    for required in &facts.expectation.platforms {
        let node = runnable
            .iter()
            .find(|(_, p)| p.as_ref().is_some_and(|p| satisfies(required, p)));
        platforms.push(match node {
            Some((node, _)) => of_node(node, required, true, findings),
            None => PlatformVerdict {
                platform: required.clone(),
                digest: None,
                required: true,
                verdict: absent(facts, required, findings),
            },
        });
    }
    for (node, platform) in &runnable {
        let Some(platform) = platform.as_ref().filter(|p| !p.is_unknown()) else {
            continue;
        };
        let is_required = facts
            .expectation
            .platforms
            .iter()
            .any(|r| satisfies(r, platform));
        let is_listed = platforms.iter().any(|listed| listed.platform == *platform);
        if !is_required && !is_listed {
            platforms.push(of_node(node, platform, false, findings));
        }
    }
    platforms
}

/// Whether an entry's platform is the required one. A version of the operating system counts only
/// where it is required.
pub(super) fn satisfies(required: &Platform, entry: &Platform) -> bool {
    let entry = entry.normalised();
    let same = required.os == entry.os
        && required.architecture == entry.architecture
        && required.variant == entry.variant;
    same && (required.os_version.is_empty() || required.os_version == entry.os_version)
}

fn of_node(
    node: &Node,
    platform: &Platform,
    required: bool,
    findings: &[Finding],
) -> PlatformVerdict {
    let own = findings
        .iter()
        .filter(|finding| concerns(&finding.diagnostic, node, platform));
    let verdict = match verdict(own) {
        Verdict::Pass if node.document().is_none() => PlatformVerdictKind::Inconclusive,
        Verdict::Pass => PlatformVerdictKind::Pass,
        Verdict::Inconclusive => PlatformVerdictKind::Inconclusive,
        Verdict::Fail => PlatformVerdictKind::Fail,
    };
    PlatformVerdict {
        platform: platform.clone(),
        digest: node.digest().cloned(),
        required,
        verdict,
    }
}

/// The share of a required platform for which no entry was found.
fn absent(
    facts: &ImageFacts<'_>,
    required: &Platform,
    findings: &[Finding],
) -> PlatformVerdictKind {
    let reported = findings.iter().any(|finding| {
        finding.diagnostic.rule == super::image::PLATFORM_MISSING
            && finding.diagnostic.platform() == Some(required)
    });
    match &facts.evidence.root.retrieval {
        Retrieval::Held(_) if reported => PlatformVerdictKind::Missing,
        Retrieval::Held(_) if matches!(facts.evidence.root.body, Body::Flawed(_)) => {
            PlatformVerdictKind::Fail
        }
        Retrieval::Disproved(_) => PlatformVerdictKind::Fail,
        Retrieval::Failed(failure) if failure.kind == crate::verify::FailureKind::NotFound => {
            PlatformVerdictKind::Missing
        }
        Retrieval::Held(_) | Retrieval::Failed(_) | Retrieval::Skipped(_) => {
            PlatformVerdictKind::Inconclusive
        }
    }
}

/// Whether a finding is about this platform's image: it names the platform, or something that the
/// image is made of.
fn concerns(diagnostic: &Diagnostic, node: &Node, platform: &Platform) -> bool {
    let Place::Image {
        platform: named,
        subject,
    } = &diagnostic.place
    else {
        return false;
    };
    if let Some(named) = named {
        return named.is_same(platform) || satisfies(platform, named);
    }
    match subject {
        Some(Subject::Digest(digest) | Subject::File { layer: digest, .. }) => {
            is_part(node, digest)
        }
        Some(Subject::Text(_)) | None => false,
    }
}

fn is_part(node: &Node, digest: &Digest) -> bool {
    let of_image = node.image().is_some_and(|image| {
        image.manifest.config.digest == *digest
            || image
                .manifest
                .layers
                .iter()
                .any(|layer| layer.digest == *digest)
    });
    of_image || node.digest() == Some(digest)
}
