//! `digest-mismatch`.

use crate::diagnostic::Severity;
use crate::digest::Check;
use crate::oci::Descriptor;
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::{Body, Held, Node, Retrieval};
use base64::Engine as _;

declare_rule! {
    /// ## What happens
    /// The bytes that the registry gives for a digest hash to another digest, twice in a row, or the content
    /// that is embedded in a descriptor does.
    /// Something between the builder and here changed them: storage, a cache, a proxy, or an attacker.
    /// Every careful client refuses the image.
    /// If only the first answer was wrong, that is a warning.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// flip manifest linux/arm64
    /// ```
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// flip config linux/amd64
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// OCI image-spec `descriptor.md`, "Digests" and "Embedded Content"; CVE-2025-24882.
    pub DigestMismatch {
        name: "digest-mismatch",
        severity: Error,
        group: Image,
        title: "A document is not what its digest says",
        title_zh: "文档内容与摘要不符",
        since: "0.1.0",
    }
}

impl Rule for DigestMismatch {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for located in image.documents() {
            let name = located.name();
            match located.retrieval {
                Retrieval::Disproved(answer) => {
                    let what = format!(
                        "the {name} hashes to {} ({} bytes), not to the digest that names it",
                        answer.digest, answer.size
                    );
                    out.report(self, located.place(), text(what));
                }
                Retrieval::Held(Held {
                    first: Some(first), ..
                }) => {
                    let what = format!(
                        "the {name} came as {} first, and as its digest says when asked again",
                        first.digest
                    );
                    out.report_as(self, Severity::Warning, located.place(), text(what), None);
                }
                Retrieval::Held(_) | Retrieval::Failed(_) | Retrieval::Skipped(_) => {}
            }
        }
        for (node, descriptor) in descriptors(image) {
            let Some(data) = &descriptor.data else {
                continue;
            };
            let embedded = base64::engine::general_purpose::STANDARD.decode(data);
            let differs = match &embedded {
                Ok(bytes) => {
                    bytes.len() as u64 != descriptor.size
                        || matches!(descriptor.digest.check(bytes), Check::Mismatch { .. })
                }
                Err(_) => true,
            };
            if differs {
                let what = format!(
                    "the content embedded in the descriptor of {} is not what its digest says",
                    descriptor.digest.short()
                );
                out.report(self, node.place_of(Some(&descriptor.digest)), text(what));
            }
        }
    }
}

fn text(what: String) -> Text {
    let why = "Storage, a cache, a proxy or an attacker changed the bytes; no careful client \
        accepts them.";
    let next = "Push the image again, and pull it past any cache or mirror that stands before the \
        registry.";
    Text {
        what,
        why: why.into(),
        next: next.into(),
    }
}

/// Every descriptor of every document, with the node that holds it.
fn descriptors<'a>(image: &ImageFacts<'a>) -> Vec<(&'a Node, &'a Descriptor)> {
    let mut descriptors = Vec::new();
    for node in image.nodes() {
        match &node.body {
            Body::Index(index, _) => descriptors.extend(index.manifests.iter().map(|d| (node, d))),
            Body::Image(found) => {
                descriptors.push((node, &found.manifest.config));
                descriptors.extend(found.manifest.layers.iter().map(|d| (node, d)));
            }
            Body::Attestation(manifest) | Body::Artifact(manifest) => {
                descriptors.push((node, &manifest.config));
                descriptors.extend(manifest.layers.iter().map(|d| (node, d)));
            }
            Body::Flawed(_) | Body::Nothing => {}
        }
    }
    descriptors
}
