//! `header-digest-mismatch`.

use crate::digest::{Check, Digest};
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::Retrieval;

declare_rule! {
    /// ## What happens
    /// The registry's `Docker-Content-Digest` header does not match the body that came with it.
    /// polyarch hashes the body itself, so the image is not affected; clients that believe the header are.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// header-digest tag lies
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// distribution-spec, "Pulling manifests": the header, if used, must be checked against the body.
    pub HeaderDigestMismatch {
        name: "header-digest-mismatch",
        severity: Warning,
        group: Image,
        title: "The digest header is wrong",
        title_zh: "响应头中的摘要有误",
        since: "0.1.0",
        waivable: true,
    }
}

impl Rule for HeaderDigestMismatch {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for located in image.documents() {
            let Retrieval::Held(held) = located.retrieval else {
                continue;
            };
            let Some(header) = &held.digest_header else {
                continue;
            };
            let is_wrong = match header.trim().parse::<Digest>() {
                Ok(digest) => {
                    matches!(held.document.check(&digest), Check::Mismatch { .. })
                }
                Err(_) => true,
            };
            if is_wrong {
                let shown: String = header
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(100)
                    .collect();
                let what = format!(
                    "the registry's header calls the {} {shown}, but its bytes are {}",
                    located.name(),
                    held.document.digest()
                );
                let why = "Clients that believe the header pin or cache the wrong digest.";
                let next = "Report it to whoever runs the registry or the proxy before it.";
                let text = Text {
                    what,
                    why: why.into(),
                    next: next.into(),
                };
                out.report(self, located.place(), text);
            }
        }
    }
}
