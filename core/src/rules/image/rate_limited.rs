//! `rate-limited`.

use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::FailureKind;

declare_rule! {
    /// ## What happens
    /// The registry answered 429 to every try, so something could not be established.
    /// The result is inconclusive, not failed.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// rate-limited
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// RFC 6585; Docker Hub's pull rate limit.
    pub RateLimited {
        name: "rate-limited",
        severity: Error,
        group: Image,
        title: "The registry limits this client",
        title_zh: "请求过于频繁",
        since: "0.1.0",
        inconclusive: true,
    }
}

impl Rule for RateLimited {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for (place, name, failure) in image.failures(&[FailureKind::RateLimited]) {
            let what = format!("the {name} was not given: {}", failure.detail);
            let why = "The registry asks this client to slow down, so nothing is known about it.";
            let next = "Log in, which raises Docker Hub's limit, or try again later.";
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
