//! `run-always-fails`.

use crate::dockerfile::Kind;
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// The script of a RUN ends with a failure whatever the programs in it do: by `exit`, `false`, or a `test`
    /// of values that are known.
    /// The build of that platform stops there, and with it the build of all; nothing is pushed.
    /// ## Fails
    /// ```dockerfile,fails
    /// FROM alpine
    /// ARG TARGETARCH
    /// RUN test $TARGETARCH = amd64
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM alpine
    /// ARG TARGETARCH
    /// RUN case $TARGETARCH in amd64|arm64) ;; *) exit 1;; esac
    /// ```
    /// ```dockerfile,passes
    /// FROM alpine
    /// RUN apk add curl || exit 1
    /// ```
    /// ## Sources
    /// POSIX shell, exit status of lists; BuildKit `solver/llbsolver/ops/exec.go`.
    pub RunAlwaysFails {
        name: "run-always-fails",
        severity: Error,
        group: Dockerfile,
        title: "A command fails whatever its programs do",
        title_zh: "无论其中的程序如何，命令都会失败",
        since: "0.1.0",
        why_zh: "无论脚本里的程序怎样，脚本都以失败结束，所有平台的构建也随之结束。",
    }
}

impl Rule for RunAlwaysFails {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        for (platform, followed) in build.contents() {
            let Some((at, status)) = followed
                .stuck
                .and_then(|stuck| Some((stuck.at, stuck.status?)))
            else {
                continue;
            };
            let Some(instruction) = build.instruction(at) else {
                continue;
            };
            if !matches!(instruction.kind, Kind::Run(_)) {
                continue;
            }
            let line = instruction.code.lines().next().unwrap_or_default();
            let text = Text {
                what: format!("`{line}` fails on {platform}"),
                why: format!(
                    "The script ends with exit code {status} whatever the programs in it do, and the \
                     build of all platforms with it."
                )
                .into(),
                next: "Let the command succeed on this platform, or take the platform out of the build."
                    .into(),
            };
            out.report(
                self,
                build.place(instruction.keyword.span, Some(platform)),
                text,
            );
        }
    }
}
