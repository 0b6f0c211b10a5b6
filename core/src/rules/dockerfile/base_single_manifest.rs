//! `base-single-manifest`.

use super::bases::{self, Mismatch};
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// The base image is a single manifest, not an index, and it is for another CPU than the platform.
    /// BuildKit takes it for every platform without an error, and labels the result with the requested platform.
    /// The tag then says arm64 and holds programs for amd64.
    /// BuildKit warns of it (`InvalidBaseImagePlatform`), but only if this is the first platform of the list.
    /// ## Fails
    /// ```dockerfile,fails
    /// #: manifest registry.example.com/team/base:1 linux/amd64
    /// FROM registry.example.com/team/base:1
    /// RUN true
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM alpine
    /// RUN true
    /// ```
    /// ```dockerfile,passes
    /// #: manifest registry.example.com/team/base:1 linux/amd64
    /// #: platforms linux/amd64
    /// FROM registry.example.com/team/base:1
    /// ```
    /// ## Sources
    /// BuildKit 73ed6825, measured: `uname -m` prints x86_64 in the linux/arm64 step.
    pub BaseSingleManifest {
        name: "base-single-manifest",
        severity: Error,
        group: Dockerfile,
        title: "A base image without index is used for every platform",
        title_zh: "无索引的基础镜像被用于所有平台",
        since: "0.1.0",
        why_zh: "没有索引的镜像会被所有平台采用：结果标着所要求的平台，里面却是另一种 CPU 的程序。",
        pitfalls: ["BASE-SINGLE-MANIFEST"],
    }
}

impl Rule for BaseSingleManifest {
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
            if base.reference.contains('@') && base.name.contains('@') {
                continue;
            }
            let has = base
                .config
                .as_ref()
                .map_or(String::new(), ToString::to_string);
            let what = format!(
                "{} is a single image for {has}, and is used for {} all the same",
                base.reference, base.wanted
            );
            let why = "An image without index is taken for every platform; the result is \
                labelled with the requested platform over programs for another CPU.";
            let next = "Use a base image that is published as an index for all platforms, or \
                build and push the base for them first.";
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
