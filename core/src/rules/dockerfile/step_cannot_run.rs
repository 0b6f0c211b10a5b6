//! `step-cannot-run`.

use std::collections::BTreeSet;

use crate::build::{Place, StepKind, place};
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// A RUN is for a platform that the builder's machine cannot execute and has no emulator for.
    /// The step fails with `exec /bin/sh: exec format error`, and the build with it.
    /// Stages without RUN need no emulation on any machine.
    /// ## Fails
    /// ```dockerfile,fails
    /// #: driver docker
    /// #: platforms linux/arm64
    /// FROM alpine
    /// RUN true
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM alpine
    /// RUN true
    /// ```
    /// ```dockerfile,passes
    /// #: driver docker
    /// #: platforms linux/arm64
    /// FROM alpine
    /// COPY a /a
    /// ```
    /// ## Sources
    /// BuildKit `util/archutil` and `executor` at 73ed6825; runc.
    pub StepCannotRun {
        name: "step-cannot-run",
        severity: Error,
        group: Dockerfile,
        title: "A step has neither a CPU nor an emulator",
        title_zh: "步骤既无对应 CPU 也无模拟器",
        since: "0.1.0",
        why_zh: "这一步以 `exec format error` 结束，构建也随之结束。",
        pitfalls: ["EMU-NONE"],
    }
}

impl Rule for StepCannotRun {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        for (platform, outcome) in build.platforms() {
            let mut told = BTreeSet::new();
            for step in &outcome.steps {
                let Some(on) = step
                    .platform
                    .as_ref()
                    .filter(|_| step.kind == StepKind::Exec)
                else {
                    continue;
                };
                if place(on, build.environment) != Place::Unsupported {
                    continue;
                }
                let instruction = step.instruction.and_then(|at| build.instruction(at));
                let span = instruction.map(|i| i.keyword.span).unwrap_or_default();
                if !told.insert(span) {
                    continue;
                }
                let what = format!(
                    "{} cannot be executed: the builder has no {on} CPU and no emulator for it",
                    step.name
                );
                let next = format!(
                    "Install the emulator before the build (docker run --privileged --rm \
                     tonistiigi/binfmt --install {}), use a docker-container builder, or compile \
                     on $BUILDPLATFORM.",
                    on.architecture
                );
                out.report(
                    self,
                    build.place(span, Some(platform)),
                    Text {
                        what,
                        why: "The step ends with `exec format error`, and the build with it."
                            .into(),
                        next: next.into(),
                    },
                );
            }
        }
    }
}
