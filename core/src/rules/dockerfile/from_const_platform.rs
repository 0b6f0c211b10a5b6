//! `from-const-platform`.

use crate::diagnostic::Severity;

use super::bases;
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// The stage that is published is pinned to one platform with `FROM --platform=linux/amd64`.
    /// Every platform's image then holds programs for that one, labelled with its own platform.
    /// The container ends with `exec format error` on the others.
    /// ## Fails
    /// ```dockerfile,fails
    /// FROM --platform=linux/amd64 alpine
    /// ```
    /// ```dockerfile,fails
    /// FROM --platform=linux/amd64 alpine AS base
    /// FROM base
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM alpine
    /// ```
    /// ```dockerfile,passes
    /// FROM --platform=linux/amd64 alpine AS tools
    /// FROM alpine
    /// COPY --from=tools /etc /etc
    /// ```
    /// ## Sources
    /// BuildKit `dockerfile2llb` at 73ed6825: the exported config names the target platform whatever the stage was.
    pub FromConstPlatform {
        name: "from-const-platform",
        severity: Error,
        group: Dockerfile,
        title: "The published stage has a constant platform",
        title_zh: "最终阶段固定了平台",
        since: "0.1.0",
        why_zh: "不管阶段用的是什么平台，BuildKit 都给镜像标上所要求的平台。",
        pitfalls: ["FROM-CONST-PLATFORM"],
    }
}

impl Rule for FromConstPlatform {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        let Some(root) = bases::final_root(build) else {
            return;
        };
        if root.flag.text.contains('$') {
            return;
        }
        let wrong = bases::foreign_final(build);
        if wrong.is_empty() {
            return;
        }
        let what = format!(
            "The published stage is for {} on every platform, so {} would be published with programs for another CPU",
            root.flag.text,
            wrong.join(", ")
        );
        let why =
            "BuildKit labels the image with the requested platform, whatever the stage was for.";
        let next = "Drop `--platform` from the stage that is published; only stages that compile \
            for others run on the builder's platform.";
        let place = build.place(root.instruction.span, None);
        let text = Text {
            what,
            why: why.into(),
            next: next.into(),
        };
        out.report_as(
            self,
            Severity::Error,
            place,
            text,
            Some(bases::without_flag(build, root.instruction)),
        );
    }
}
