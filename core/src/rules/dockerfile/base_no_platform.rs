//! `base-no-platform`.

use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// The index of a base image has no entry that a requested platform can use.
    /// BuildKit stops at `load metadata` and nothing is built for any platform.
    /// An entry of a related platform can stand in: `linux/386` for amd64, `linux/arm/v7` for arm64.
    /// ## Fails
    /// ```dockerfile,fails
    /// #: index registry.example.com/team/app:1 linux/amd64
    /// FROM registry.example.com/team/app:1
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM alpine
    /// ```
    /// ## Sources
    /// containerd `platforms/compare.go`; BuildKit 73ed6825, recorded.
    pub BaseNoPlatform {
        name: "base-no-platform",
        severity: Error,
        group: Dockerfile,
        title: "The base image lacks a platform",
        title_zh: "基础镜像缺少所需平台",
        since: "0.1.0",
        why_zh: "镜像的索引里没有该平台的条目，BuildKit 在运行任何步骤之前就为所有平台停下。",
        pitfalls: ["BASE-NO-PLATFORM"],
    }
}

impl Rule for BaseNoPlatform {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        for outcome in &build.outcome.platforms {
            let Err(error) = &outcome.result else {
                continue;
            };
            if !error.text.contains("no match for platform in manifest") {
                continue;
            }
            let span = error.span.unwrap_or_default();
            let why = "The image's index has no entry for this platform, and BuildKit stops \
                before anything runs, for all platforms.";
            let next = "Choose a base image that is published for every requested platform, or \
                request only the platforms that it has.";
            out.report(
                self,
                build.place(span, outcome.platform.as_ref()),
                Text {
                    what: error.text.clone(),
                    why: why.into(),
                    next: next.into(),
                },
            );
        }
    }
}
