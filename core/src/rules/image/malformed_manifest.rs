//! `malformed-manifest`.

use crate::diagnostic::Place;
use crate::oci::Flaw;
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::{Body, FailureKind, LayerState, Limits, Retrieval, Skipped};

declare_rule! {
    /// ## What happens
    /// The document is not JSON, has not the shape of an index, a manifest or a config, or breaks one of the
    /// limits that clients set: 4 MiB, 128 levels of nesting, 1,000 entries, an index within four indexes.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// not-json index
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// OCI image-spec; distribution-spec, "Pushing Manifests" (4 MB); CVE-2020-1702.
    pub MalformedManifest {
        name: "malformed-manifest",
        severity: Error,
        group: Image,
        title: "A document that cannot be read",
        title_zh: "文档无法解析",
        since: "0.1.0",
    }
}

impl Rule for MalformedManifest {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for located in image.documents() {
            let limits = Limits::default();
            let reason = match located.retrieval {
                Retrieval::Skipped(skipped) => over_limit(*skipped, limits),
                Retrieval::Failed(failure) if failure.kind == FailureKind::TooLarge => {
                    Some(format!("it has more than {} bytes", limits.document))
                }
                Retrieval::Held(_) => of_content(&located.node.body, located.is_config, limits),
                Retrieval::Failed(_) | Retrieval::Disproved(_) => None,
            };
            if let Some(reason) = reason {
                let what = format!("the {} cannot be used: {reason}", located.name());
                out.report(self, located.place(), text(what));
            }
        }
        let skipped = image.evidence.layers.values();
        let skipped = skipped
            .filter(|layer| matches!(layer.state, LayerState::Skipped(_)))
            .count();
        if skipped > 0 {
            let what = format!("{skipped} layers are beyond the number that is looked at");
            out.report(
                self,
                Place::Image {
                    platform: None,
                    subject: None,
                },
                text(what),
            );
        }
    }
}

fn text(what: String) -> Text {
    let why = "No client can use it, and one that tries may be harmed.";
    let next = "Look at it with `polyarch inspect --format raw`, and push the image again.";
    Text {
        what,
        why: why.into(),
        next: next.into(),
    }
}

fn over_limit(skipped: Skipped, limits: Limits) -> Option<String> {
    match skipped {
        Skipped::UnsupportedDigest | Skipped::UnknownType => None,
        Skipped::OverDocumentLimit => Some(format!(
            "its descriptor declares more than {} bytes",
            limits.document
        )),
        Skipped::OverTotalLimit => Some(format!(
            "all documents of the tag together have more than {} bytes",
            limits.documents
        )),
        Skipped::NestedTooDeep => Some(format!(
            "it is nested in more than {} indexes",
            limits.nesting
        )),
        Skipped::TooManyLayers => Some(format!("it has more than {} layers", limits.layers)),
    }
}

fn of_content(body: &Body, is_config: bool, limits: Limits) -> Option<String> {
    match body {
        Body::Flawed(Flaw::Malformed(reason)) if !is_config => Some(reason.to_string()),
        Body::Index(index, children) if index.manifests.len() != children.len() => {
            let most = limits.children;
            Some(format!("it brings the tag to more than {most} entries"))
        }
        Body::Image(image) if is_config => match &image.config.config {
            Some(Err(Flaw::Malformed(reason))) => Some(reason.to_string()),
            Some(_) | None => None,
        },
        Body::Index(..)
        | Body::Image(_)
        | Body::Attestation(_)
        | Body::Artifact(_)
        | Body::Flawed(_)
        | Body::Nothing => None,
    }
}
