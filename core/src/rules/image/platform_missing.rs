//! `platform-missing`.

use crate::diagnostic::Place;
use crate::oci::media_type::{Kind, kind};
use crate::platform::Platform;
use crate::rules::facts::list;
use crate::rules::judge::satisfies;
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::{Body, FailureKind, Node, Retrieval, Skipped};

declare_rule! {
    /// ## What happens
    /// The tag has no image for a platform that it must serve.
    /// A machine of that kind stops at `no matching manifest` or, worse, falls back to an image for another
    /// CPU and runs it under emulation.
    /// No other tool fails here: inspecting a tag succeeds for whatever platforms it has.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64
    /// require linux/amd64,linux/arm64
    /// ```
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// drop linux/arm64
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64/v8
    /// require linux/amd64,linux/arm64
    /// ```
    /// ## Sources
    /// OCI image-spec `image-index.md`; containerd `platforms` (normalisation and match order).
    pub PlatformMissing {
        name: "platform-missing",
        severity: Error,
        group: Image,
        title: "A required platform is missing",
        title_zh: "缺少必需的平台",
        since: "0.1.0",
        why_zh: "该平台的机器拉取时得不到镜像。",
    }
}

impl Rule for PlatformMissing {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        let root = &image.evidence.root;
        let Some(entries) = established(image, root) else {
            return;
        };
        for required in &image.expectation.platforms {
            if entries.iter().any(|platform| satisfies(required, platform)) {
                continue;
            }
            let has: Vec<String> = entries.iter().map(ToString::to_string).collect();
            let has = if has.is_empty() {
                "no platform at all".to_owned()
            } else {
                list(&has)
            };
            let what = format!("{required} is required and is not in the tag, which has {has}");
            let why = "A machine of that platform cannot pull this tag, or gets an image for \
                another CPU.";
            let next = "Build it with the platform in `--platform` of one single \
                `docker buildx build --push`, or add its image with `docker buildx imagetools \
                create`.";
            out.report(
                self,
                Place::Image {
                    platform: Some(required.clone()),
                    subject: None,
                },
                Text {
                    what,
                    why: why.into(),
                    next: next.into(),
                },
            );
        }
    }
}

/// The platforms of the tag, if it is certain that there are no others: every entry was read, or
/// says its platform itself.
fn established(image: &ImageFacts<'_>, root: &Node) -> Option<Vec<Platform>> {
    if matches!(root.body, Body::Nothing | Body::Flawed(_)) {
        return None;
    }
    if image.nodes().into_iter().any(is_undecided) {
        return None;
    }
    let platforms = image
        .runnable()
        .into_iter()
        .filter_map(|(_, platform)| platform);
    Some(platforms.filter(|p| !p.is_unknown()).collect())
}

/// Whether the node may stand for a platform that is not known.
fn is_undecided(node: &Node) -> bool {
    let not_established = |retrieval: &Retrieval| match retrieval {
        Retrieval::Failed(failure) => failure.kind != FailureKind::NotFound,
        Retrieval::Skipped(skipped) => *skipped == Skipped::UnsupportedDigest,
        Retrieval::Held(_) | Retrieval::Disproved(_) => false,
    };
    let is_index = node
        .entry
        .as_ref()
        .is_some_and(|e| kind(&e.descriptor.media_type) == Kind::Index);
    if not_established(&node.retrieval) {
        return !node.is_attestation() && (is_index || node.platform().is_none());
    }
    let config = node.image().map(|image| &image.config.retrieval);
    node.platform().is_none() && config.is_some_and(not_established)
}
