//! `registry-error`.

use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::{FailureKind, LayerState};

declare_rule! {
    /// ## What happens
    /// The registry answered with an error of its own (5xx), with a redirect that leads nowhere, or with
    /// answers that contradict each other, after all retries.
    /// The result is inconclusive, not failed.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// server-error
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// RFC 9110, section 15.6.
    pub RegistryError {
        name: "registry-error",
        severity: Error,
        group: Image,
        title: "The registry fails",
        title_zh: "仓库返回错误",
        since: "0.1.0",
        inconclusive: true,
    }
}

impl Rule for RegistryError {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for (place, name, failure) in
            image.failures(&[FailureKind::RegistryError, FailureKind::MethodNotAllowed])
        {
            let what = format!("the {name} could not be fetched: {}", failure.detail);
            let why = "The registry is at fault, so nothing is known about it.";
            let next = "Try again later, and tell whoever runs the registry.";
            out.report(
                self,
                place,
                Text {
                    what,
                    why: why.into(),
                    next: next.into(),
                },
            );
        }
        for (digest, layer) in &image.evidence.layers {
            if let LayerState::Present { headers, .. } = &layer.state
                && headers.size.is_none()
            {
                let what = format!(
                    "the registry does not say how long the {} is",
                    image.layer_name(digest)
                );
                let why = "It has the layer, but whether its size is right is not known.";
                let next = "Verify with `--deep`, which reads the layer itself.";
                let text = Text {
                    what,
                    why: why.into(),
                    next: next.into(),
                };
                out.report(self, image.layer_place(digest), text);
            }
        }
    }
}
