//! `from-targetplatform-redundant`.

use crate::diagnostic::Severity;

use super::bases;
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// `FROM --platform=$TARGETPLATFORM` asks for what FROM does without a flag.
    /// It is harmless.
    /// ## Fails
    /// ```dockerfile,fails
    /// FROM --platform=$TARGETPLATFORM alpine
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM alpine
    /// ```
    /// ## Sources
    /// BuildKit `RedundantTargetPlatform` at 73ed6825.
    pub FromTargetplatformRedundant {
        name: "from-targetplatform-redundant",
        severity: Info,
        group: Dockerfile,
        title: "FROM asks for the default platform",
        title_zh: "FROM 指定了默认平台",
        since: "0.1.0",
        pitfalls: ["FROM-TARGETPLATFORM-REDUNDANT"],
    }
}

impl Rule for FromTargetplatformRedundant {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        for stage in build.stages() {
            let flag = stage.from_kind().and_then(|from| from.platform.as_ref());
            let Some(flag) = flag else {
                continue;
            };
            if !matches!(flag.text.as_str(), "$TARGETPLATFORM" | "${TARGETPLATFORM}") {
                continue;
            }
            let text = Text {
                what: "`--platform=$TARGETPLATFORM` is what FROM does by itself".to_owned(),
                why: "The flag has no effect.".into(),
                next: "Drop the flag.".into(),
            };
            let fix = Some(bases::without_flag(build, stage.from));
            out.report_as(
                self,
                Severity::Info,
                build.place(flag.span, None),
                text,
                fix,
            );
        }
    }
}
