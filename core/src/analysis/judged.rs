//! Predicted documents before the judge of fetched ones: the rules for images say of a build what
//! they would say of its tag after the push.
//!
//! A walk asks for the documents as it asks a registry. Layers are taken to be there with the size
//! that their manifest says, since the build pushes them; nothing is known of their content.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{DocumentKind, DocumentView};
use crate::digest::Digest;
use crate::platform::Platform;
use crate::reference::Target;
use crate::rules::judge;
use crate::verify::{
    Answer, Ask, Depth, Evidence, Expectation, Failure, FailureKind, Headers, Limits, Received,
    Report, Walk,
};

/// What `polyarch verify` would say of a tag that holds `documents`, with `platforms` required;
/// `None` where there are no documents.
pub fn judge_documents(documents: &[DocumentView], platforms: Vec<Platform>) -> Option<Report> {
    let evidence = evidence(documents)?;
    Some(judge(&evidence, &Expectation::of(platforms)))
}

/// Predicted documents as evidence, the same as a registry's would be.
pub fn evidence(documents: &[DocumentView]) -> Option<Evidence> {
    let registry = Predicted::of(documents)?;
    let target = Target::Digest(registry.root.digest.clone());
    let mut walk = Walk::new(target, Depth::Documents, Limits::default());
    while let Some(request) = walk.poll() {
        walk.handle(request.id, registry.answer(&request.ask));
    }
    Some(walk.finish())
}

/// The documents as a registry that has just received them.
struct Predicted<'a> {
    root: &'a DocumentView,
    by_digest: BTreeMap<&'a Digest, &'a DocumentView>,
    layers: BTreeMap<Digest, u64>,
}

impl<'a> Predicted<'a> {
    fn of(documents: &'a [DocumentView]) -> Option<Self> {
        let manifests = documents.iter().filter(|document| {
            let kind = document.kind;
            matches!(
                kind,
                DocumentKind::Manifest | DocumentKind::AttestationManifest
            )
        });
        Some(Self {
            // The index, or the bare manifest where there is none.
            root: documents.first()?,
            by_digest: documents.iter().map(|d| (&d.digest, d)).collect(),
            layers: manifests.flat_map(layers).collect(),
        })
    }

    fn answer(&self, ask: &Ask) -> Answer {
        let missing = || Answer::Failed(Failure::new(FailureKind::NotFound, "it is not predicted"));
        match ask {
            Ask::Manifest { target, .. } => self.named(target).map_or_else(missing, received),
            Ask::Blob { digest, .. } => {
                let document = self.by_digest.get(digest).copied();
                document.map_or_else(missing, received)
            }
            Ask::ManifestHead { target } => self.named(target).map_or_else(missing, |document| {
                Answer::Head(Headers {
                    size: Some(document.text.len() as u64),
                    content_type: Some(document.media_type.clone()),
                    digest_header: Some(document.digest.to_string()),
                })
            }),
            Ask::BlobHead { digest } | Ask::BlobProbe { digest } => {
                self.layers.get(digest).map_or_else(missing, |size| {
                    Answer::Head(Headers {
                        size: Some(*size),
                        content_type: None,
                        digest_header: None,
                    })
                })
            }
            // Never asked: the walk does not go into layers.
            Ask::Layer { .. } => missing(),
        }
    }

    fn named(&self, target: &Target) -> Option<&'a DocumentView> {
        match target {
            Target::Digest(digest) => self.by_digest.get(digest).copied(),
            Target::Tag(_) => Some(self.root),
        }
    }
}

fn received(document: &DocumentView) -> Answer {
    Answer::Document(Received {
        body: document.text.clone().into_bytes(),
        content_type: Some(document.media_type.clone()),
        digest_header: Some(document.digest.to_string()),
    })
}

/// What a registry that has the layers must know of them; the walk reads the rest.
#[derive(Deserialize)]
struct Layers {
    layers: Option<Vec<Layer>>,
}

#[derive(Deserialize)]
struct Layer {
    digest: String,
    size: u64,
}

fn layers(document: &DocumentView) -> Vec<(Digest, u64)> {
    let read = serde_json::from_str::<Layers>(&document.text).ok();
    let layers = read.and_then(|read| read.layers).unwrap_or_default();
    let named = layers.into_iter();
    named
        .filter_map(|layer| Some((layer.digest.parse().ok()?, layer.size)))
        .collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::{Attestations, Project, Settings, analyse};
    use super::*;

    fn check(dockerfile: &str, settings: Settings, expected: &Expect) {
        let project = Project {
            dockerfile: dockerfile.to_owned(),
            settings,
            ..Project::default()
        };
        let documents = analyse(&project).documents;
        let platforms = project
            .settings
            .platforms
            .iter()
            .map(|p| p.parse().unwrap());
        let text = match judge_documents(&documents, platforms.collect()) {
            None => "nothing is pushed".to_owned(),
            Some(report) => {
                let findings = report.findings.iter().map(|finding| &finding.diagnostic);
                let findings = findings.map(|d| format!("{} {}", d.severity.as_str(), d.rule));
                let findings: Vec<String> = findings.collect();
                format!("{} {findings:?}", report.verdict.as_str())
            }
        };
        expected.assert_eq(&text);
    }

    fn on(platforms: &[&str]) -> Settings {
        Settings {
            platforms: platforms.iter().map(|p| (*p).to_owned()).collect(),
            attestations: Attestations::None,
            ..Settings::default()
        }
    }

    const APP: &str = "FROM alpine\nRUN make\nCOPY app /app\nCMD [\"/app\"]\n";

    #[test]
    fn good_builds_pass_the_gate_that_comes_after_them() {
        check(
            APP,
            on(&["linux/amd64", "linux/arm64"]),
            &expect!["pass []"],
        );
        check(APP, on(&["linux/arm/v7"]), &expect!["pass []"]);
        check(
            APP,
            Settings::default(),
            &expect![[r#"pass ["info attestation-present"]"#]],
        );
        check(
            "FROM scratch\n",
            on(&["linux/amd64", "linux/s390x"]),
            &expect!["pass []"],
        );
        let mut docker = on(&["linux/amd64"]);
        docker.driver = "docker".to_owned();
        check(APP, docker, &expect!["pass []"]);
    }

    #[test]
    fn what_verify_would_find_is_found_before_the_push() {
        check(
            APP,
            on(&["linux/arm64", "linux/arm64/v8"]),
            &expect![[r#"fail ["error platform-duplicate"]"#]],
        );
    }

    #[test]
    fn a_build_that_fails_has_nothing_to_judge() {
        check(
            "FROM alpine\nRUNN make\n",
            on(&["linux/amd64"]),
            &expect!["nothing is pushed"],
        );
    }
}
