//! `from-buildplatform-final`.

use crate::diagnostic::Severity;

use super::bases;
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// The stage that is published has `--platform=$BUILDPLATFORM`, or another variable that does not follow
    /// the target.
    /// All platforms get the same image, made for the builder's CPU; nothing warns of it.
    /// In the log its steps appear once, as `[linux/amd64 …]`, for all platforms.
    /// ## Fails
    /// ```dockerfile,fails
    /// FROM --platform=$BUILDPLATFORM alpine
    /// RUN true
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM --platform=$BUILDPLATFORM alpine AS build
    /// FROM alpine
    /// COPY --from=build /etc/motd /etc/motd
    /// ```
    /// ```dockerfile,passes
    /// FROM --platform=$TARGETPLATFORM alpine
    /// ```
    /// ## Sources
    /// BuildKit `dockerfile2llb` at 73ed6825, measured.
    pub FromBuildplatformFinal {
        name: "from-buildplatform-final",
        severity: Error,
        group: Dockerfile,
        title: "The published stage runs on the builder's platform",
        title_zh: "最终阶段使用了构建机平台",
        since: "0.1.0",
        why_zh: "所有平台的层完全相同，而且没有任何警告。",
        pitfalls: ["FROM-BUILDPLATFORM-FINAL"],
    }
}

impl Rule for FromBuildplatformFinal {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        let Some(root) = bases::final_root(build) else {
            return;
        };
        if !root.flag.text.contains('$') {
            return;
        }
        let wrong = bases::foreign_final(build);
        if wrong.is_empty() {
            return;
        }
        let what = format!(
            "The published stage is for {}, the same on every platform, so {} would be published with programs for another CPU",
            root.flag.text,
            wrong.join(", ")
        );
        let why = "The layers are one and the same for all platforms, and nothing warns of it.";
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
