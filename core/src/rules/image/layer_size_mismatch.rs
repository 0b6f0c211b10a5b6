//! `layer-size-mismatch`.

use crate::diagnostic::Severity;
use crate::oci::Descriptor;
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::{Body, LayerState, Node};

declare_rule! {
    /// ## What happens
    /// The registry has another number of bytes for a layer than the manifest says.
    /// The layer was cut short or replaced, or the manifest was put together by hand.
    /// If only the first answer said so, that is a warning.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// size layer linux/arm64 +7
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// OCI image-spec `descriptor.md`.
    pub LayerSizeMismatch {
        name: "layer-size-mismatch",
        severity: Error,
        group: Image,
        title: "A layer is not as long as its descriptor says",
        title_zh: "层大小与描述不符",
        since: "0.1.0",
    }
}

impl Rule for LayerSizeMismatch {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for (node, descriptor) in layers(image) {
            let Some(layer) = image.evidence.layers.get(&descriptor.digest) else {
                continue;
            };
            let (size, first) = match &layer.state {
                LayerState::Present { headers, first } => {
                    (headers.size, first.as_ref().and_then(|first| first.size))
                }
                LayerState::Examined(facts) => (Some(facts.size), None),
                LayerState::Failed(_) | LayerState::Skipped(_) => continue,
            };
            let Some(size) = size else { continue };
            let place = node.place_of(Some(&descriptor.digest));
            let name = image.layer_name(&descriptor.digest);
            let declared = descriptor.size;
            if size != declared {
                let what =
                    format!("the {name} has {size} bytes, but its descriptor says {declared}");
                out.report(self, place, text(what));
            } else if let Some(first) = first.filter(|first| *first != declared) {
                let what = format!(
                    "the registry said {first} bytes for the {name} first, and {declared} when \
                     asked again"
                );
                out.report_as(self, Severity::Warning, place, text(what), None);
            }
        }
    }
}

fn text(what: String) -> Text {
    let why = "Clients that check the size refuse the layer.";
    let next = "Push the image again, and look for a proxy that cuts answers short.";
    Text {
        what,
        why: why.into(),
        next: next.into(),
    }
}

/// Each descriptor of a layer that differs in digest or size, with the first node that holds it.
fn layers<'a>(image: &ImageFacts<'a>) -> Vec<(&'a Node, &'a Descriptor)> {
    let mut seen = std::collections::BTreeSet::new();
    let mut layers = Vec::new();
    for node in image.nodes() {
        let manifest = match &node.body {
            Body::Image(found) => &found.manifest,
            Body::Attestation(manifest) | Body::Artifact(manifest) => manifest,
            Body::Index(..) | Body::Flawed(_) | Body::Nothing => continue,
        };
        for descriptor in &manifest.layers {
            if seen.insert((&descriptor.digest, descriptor.size)) {
                layers.push((node, descriptor));
            }
        }
    }
    layers
}
