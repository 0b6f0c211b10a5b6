//! `layer-not-found`.

use crate::diagnostic::Severity;
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::{FailureKind, LayerState};

declare_rule! {
    /// ## What happens
    /// A manifest names a layer that the registry does not have.
    /// The pull of every platform that uses it fails half-way.
    /// A layer that names other places (`urls`) need not be in the registry; that is only said.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// delete layer linux/arm64
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// distribution-spec, "Pulling blobs"; OCI image-spec `layer.md` on layers that are not distributed.
    pub LayerNotFound {
        name: "layer-not-found",
        severity: Error,
        group: Image,
        title: "A layer is not there",
        title_zh: "层不存在",
        since: "0.1.0",
    }
}

impl Rule for LayerNotFound {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for (digest, layer) in &image.evidence.layers {
            let LayerState::Failed(failure) = &layer.state else {
                continue;
            };
            if failure.kind != FailureKind::NotFound {
                continue;
            }
            let place = image.layer_place(digest);
            let name = image.layer_name(digest);
            if layer.descriptor.urls.is_empty() {
                let what = format!("the {name} is not in the registry");
                let why = "Every client that needs it stops half-way through the pull.";
                let next =
                    "Push the image again; a registry's clean-up may have removed the layer.";
                let text = Text {
                    what,
                    why: why.into(),
                    next: next.into(),
                };
                out.report(self, place, text);
            } else {
                let what = format!("the {name} is kept elsewhere, as its descriptor says");
                let why = "Such layers, of Windows bases mostly, are fetched from their own place.";
                let next = "Nothing needs to be done; polyarch does not follow these addresses.";
                let text = Text {
                    what,
                    why: why.into(),
                    next: next.into(),
                };
                out.report_as(self, Severity::Info, place, text, None);
            }
        }
    }
}
