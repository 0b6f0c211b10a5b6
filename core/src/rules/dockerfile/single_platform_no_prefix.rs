//! `single-platform-no-prefix`.

use crate::diagnostic::Place;
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// With one platform the log names no platforms, and without attestations the tag is a bare manifest
    /// instead of an index.
    /// Every machine that pulls the tag then gets that image, whatever its CPU.
    /// ## Fails
    /// ```dockerfile,fails
    /// #: platforms linux/arm64
    /// FROM alpine
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM alpine
    /// ```
    /// ## Sources
    /// BuildKit `dockerui/config.go` at 73ed6825.
    pub SinglePlatformNoPrefix {
        name: "single-platform-no-prefix",
        severity: Info,
        group: Dockerfile,
        title: "One platform alone",
        title_zh: "仅请求一个平台",
        since: "0.1.0",
        why_zh: "日志里没有平台名；没有来源证明时，标签就是一份单独的清单，任何 CPU 的机器都会拿到它。",
        pitfalls: ["SINGLE-PLATFORM-NO-PREFIX"],
    }
}

impl Rule for SinglePlatformNoPrefix {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        let [only] = build.outcome.platforms.as_slice() else {
            return;
        };
        let what = format!("Only {} is built", only.requested);
        let why = "The log names no platforms, and without attestations the tag is a bare \
            manifest, which every machine takes whatever its CPU.";
        let next = "Name all platforms in one `--platform` list, if more than one is served.";
        out.report(
            self,
            Place::Nowhere,
            Text {
                what,
                why: why.into(),
                next: next.into(),
            },
        );
    }
}
