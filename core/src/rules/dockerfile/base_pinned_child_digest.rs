//! `base-pinned-child-digest`.

use super::bases::{self, Mismatch};
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// FROM names the digest of one platform's image instead of that of the index.
    /// A digest is unambiguous, so every platform gets that one image, without an error.
    /// `docker images --digests` and many registry pages show the digest of one platform's image.
    /// ## Fails
    /// ```dockerfile,fails
    /// #: manifest docker.io/library/alpine@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef linux/amd64
    /// FROM alpine@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM alpine
    /// ```
    /// ```dockerfile,passes
    /// #: index docker.io/library/alpine@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef linux/amd64 linux/arm64
    /// FROM alpine@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// ## Sources
    /// BuildKit 73ed6825, measured.
    pub BasePinnedChildDigest {
        name: "base-pinned-child-digest",
        severity: Error,
        group: Dockerfile,
        title: "FROM is pinned to the image of one platform",
        title_zh: "FROM 固定到了单一平台的镜像",
        since: "0.1.0",
        why_zh: "摘要只指一份文档；只有索引的摘要才能把每个平台引到它自己的镜像。",
        pitfalls: ["BASE-PINNED-CHILD-DIGEST"],
    }
}

impl Rule for BasePinnedChildDigest {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        for Mismatch {
            base,
            span,
            platform,
        } in bases::mismatches(build)
        {
            if !base.name.contains('@') {
                continue;
            }
            let has = base
                .config
                .as_ref()
                .map_or(String::new(), ToString::to_string);
            let what = format!(
                "{} is the digest of the image for {has}, and is used for {} all the same",
                base.name, base.wanted
            );
            let why = "A digest names one document; only the digest of the index leads each \
                platform to its own image.";
            let next = "Pin the digest of the index: docker buildx imagetools inspect \
                --format '{{.Manifest.Digest}}' IMAGE:TAG";
            out.report(
                self,
                build.place(span, Some(platform)),
                Text {
                    what,
                    why: why.into(),
                    next: next.into(),
                },
            );
        }
    }
}
