//! `registry-unreachable`.

use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::FailureKind;

declare_rule! {
    /// ## What happens
    /// There was no connection, it broke, it took too long, or a body was cut short, after all retries.
    /// The result is inconclusive, not failed.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// unreachable manifest linux/arm64
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// distribution-spec.
    pub RegistryUnreachable {
        name: "registry-unreachable",
        severity: Error,
        group: Image,
        title: "The registry cannot be reached",
        title_zh: "无法连接仓库",
        since: "0.1.0",
        inconclusive: true,
    }
}

impl Rule for RegistryUnreachable {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for (place, name, failure) in image.failures(&[FailureKind::Unreachable]) {
            let what = format!("the {name} could not be fetched: {}", failure.detail);
            let why = "The connection failed, so nothing is known about it.";
            let next = "See that the host is right and reachable from here, then try again.";
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
