//! `output-refused`.

use crate::diagnostic::Place;
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// buildx or BuildKit refuses the combination of driver, platforms, outputs and attestations.
    /// It does so before or after the build, and nothing is pushed.
    /// The message is the tool's own.
    /// ## Fails
    /// ```dockerfile,fails
    /// #: driver docker
    /// FROM alpine
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM alpine
    /// ```
    /// ## Sources
    /// buildx `build/opt.go` at 461836ba; BuildKit `exporter/containerimage` at 73ed6825.
    pub OutputRefused {
        name: "output-refused",
        severity: Error,
        group: Builder,
        title: "The builder cannot export this",
        title_zh: "构建器无法导出该结果",
        since: "0.1.0",
    }
}

impl Rule for OutputRefused {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        let Some(text) = build.output_refusal else {
            return;
        };
        let why = "Nothing is pushed.";
        let next = "Use a builder with the docker-container driver (`docker buildx create \
            --use`), or turn on the containerd image store.";
        out.report(
            self,
            Place::Nowhere,
            Text {
                what: text.to_owned(),
                why: why.into(),
                next: next.into(),
            },
        );
    }
}
