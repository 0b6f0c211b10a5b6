//! `unauthorized`.

use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::FailureKind;

declare_rule! {
    /// ## What happens
    /// The registry answered 401 or 403 after authentication was tried, so nothing could be established.
    /// The result is inconclusive, not failed.
    /// Some registries also answer so for a repository that does not exist.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// unauthorized
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// distribution-spec, "Authentication"; GHCR packages start private.
    pub Unauthorized {
        name: "unauthorized",
        severity: Error,
        group: Image,
        title: "The registry does not let this client in",
        title_zh: "未获授权",
        since: "0.1.0",
        inconclusive: true,
    }
}

impl Rule for Unauthorized {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for (place, name, failure) in image.failures(&[FailureKind::Unauthorized]) {
            let what = format!("the {name} may not be read: {}", failure.detail);
            let why = "The registry refused this client, so nothing is known about the image.";
            let next = "Log in to the registry that the reference names (`docker login HOST`), or set \
                POLYARCH_USERNAME and POLYARCH_PASSWORD.";
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
    }
}
