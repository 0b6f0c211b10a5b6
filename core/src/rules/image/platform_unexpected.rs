//! `platform-unexpected`.

use crate::diagnostic::Severity;
use crate::platform::Platform;
use crate::rules::judge::satisfies;
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// With `--exact`, the tag has an image for a platform that is not required.
    /// Without it, an entry for `unknown/unknown` that is not marked as an attestation is reported as a
    /// warning: no client can pull it, and some tools count it as a platform.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64 linux/riscv64
    /// require linux/amd64,linux/arm64
    /// exact
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64 linux/riscv64
    /// require linux/amd64,linux/arm64
    /// ```
    /// ## Sources
    /// BuildKit marks attestations by the annotation `vnd.docker.reference.type`.
    pub PlatformUnexpected {
        name: "platform-unexpected",
        severity: Error,
        group: Image,
        title: "A platform that nobody asked for",
        title_zh: "出现未要求的平台",
        since: "0.1.0",
        waivable: true,
    }
}

impl Rule for PlatformUnexpected {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for (node, platform) in image.runnable() {
            let Some(platform) = platform.filter(|p| !p.is_unknown()) else {
                continue;
            };
            let is_required = image
                .expectation
                .platforms
                .iter()
                .any(|required| satisfies(required, &platform));
            if image.expectation.exact && !is_required {
                let what = format!("{platform} is in the tag and was not asked for");
                let why = "With `--exact`, the tag must have the required platforms and no others.";
                let next = "Take it out of the build's `--platform`, or require it.";
                let text = Text {
                    what,
                    why: why.into(),
                    next: next.into(),
                };
                out.report(self, node.place(), text);
            }
        }
        for node in image.nodes() {
            let Some(entry) = &node.entry else { continue };
            let is_unknown = entry
                .descriptor
                .platform
                .as_ref()
                .is_some_and(Platform::is_unknown);
            if !is_unknown || entry.descriptor.is_attestation() {
                continue;
            }
            let severity = if image.expectation.exact {
                Severity::Error
            } else {
                Severity::Warning
            };
            let what = "an entry is for unknown/unknown and is not marked as an attestation".into();
            let why = "No client can pull it, and tools that count platforms count it.";
            let next =
                "Build attestations with BuildKit, which annotates them, or remove the entry.";
            let text = Text {
                what,
                why: why.into(),
                next: next.into(),
            };
            out.report_as(self, severity, node.place(), text, None);
        }
    }
}
