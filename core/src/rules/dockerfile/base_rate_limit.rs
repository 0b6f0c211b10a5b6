//! `base-rate-limit`.

use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};
use std::collections::BTreeSet;

declare_rule! {
    /// ## What happens
    /// Every platform pulls its own image of each base, so a build for several platforms meets Docker Hub's
    /// pull limit sooner.
    /// Without a login the limit is low and shared by everybody behind the same address; the build then fails
    /// with `429 Too Many Requests`.
    /// ## Fails
    /// ```dockerfile,fails
    /// #: platforms linux/amd64,linux/arm64,linux/arm/v7,linux/s390x
    /// FROM golang AS a
    /// FROM node AS b
    /// FROM alpine
    /// COPY --from=a /x /x
    /// COPY --from=b /y /y
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM alpine
    /// ```
    /// ## Sources
    /// Docker Hub documentation, "Usage and limits".
    pub BaseRateLimit {
        name: "base-rate-limit",
        severity: Info,
        group: Dockerfile,
        title: "Many pulls from Docker Hub",
        title_zh: "从 Docker Hub 拉取次数较多",
        since: "0.1.0",
        why_zh: "每个平台各算一次；没有登录时很快就到上限，构建以 `429 Too Many Requests` 失败。",
        pitfalls: ["BASE-RATE-LIMIT"],
    }
}

impl Rule for BaseRateLimit {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        let mut pulls = BTreeSet::new();
        let mut first = None;
        for base in build.outcome.platforms.iter().flat_map(|p| &p.bases) {
            if base.reference.starts_with("docker.io/") {
                pulls.insert((&base.reference, &base.wanted));
                first = first.or(base.instruction);
            }
        }
        if pulls.len() < MANY {
            return;
        }
        let instruction = first.and_then(|at| build.instruction(at));
        let span = instruction
            .map(|instruction| instruction.span)
            .unwrap_or_default();
        let what = format!("One build pulls {} images from Docker Hub", pulls.len());
        let why = "Each platform counts; without a login the limit is soon reached, and the \
            build fails with `429 Too Many Requests`.";
        let next = "Log in to Docker Hub before the build, or set up a registry mirror.";
        out.report(
            self,
            build.place(span, None),
            Text {
                what,
                why: why.into(),
                next: next.into(),
            },
        );
    }
}

/// Docker Hub's limit for an hour without login, as announced in 2025.
const MANY: usize = 10;
