//! `targetarch-not-declared`.

use crate::diagnostic::{Edit, Fix, Severity, Span};

use super::shell;
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// RUN uses `$TARGETARCH` or another automatic platform variable, but the stage has no ARG for it.
    /// The variable is then empty in the shell, and nothing warns: BuildKit does not expand the text of RUN.
    /// `GOARCH=` without a value compiles for the builder.
    /// ## Fails
    /// ```dockerfile,fails
    /// FROM alpine
    /// RUN echo "building for $TARGETARCH"
    /// ```
    /// ```dockerfile,fails
    /// FROM golang AS build
    /// RUN GOARCH=${TARGETARCH} go build .
    /// FROM alpine
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM alpine
    /// ARG TARGETARCH
    /// RUN echo "$TARGETARCH"
    /// ```
    /// ```dockerfile,passes
    /// FROM alpine
    /// RUN echo '$TARGETARCH'
    /// ```
    /// ```dockerfile,passes
    /// FROM alpine
    /// ARG TARGETARCH
    /// FROM alpine AS b
    /// ARG TARGETARCH
    /// RUN echo $TARGETARCH
    /// ```
    /// ## Sources
    /// Dockerfile reference, "Automatic platform ARGs in the global scope".
    pub TargetarchNotDeclared {
        name: "targetarch-not-declared",
        severity: Error,
        group: Dockerfile,
        title: "RUN uses a platform variable that is not declared",
        title_zh: "RUN 使用了未声明的平台变量",
        since: "0.1.0",
        why_zh: "它在 shell 里是空的，每个平台都如此，而且没有警告。",
        pitfalls: ["TARGETARCH-NOT-DECLARED"],
    }
}

impl Rule for TargetarchNotDeclared {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        for stage in build.stages() {
            for (offset, instruction) in stage.body.iter().enumerate() {
                let before = stage.body.get(..offset).unwrap_or_default();
                let mut missing: Vec<&str> = Vec::new();
                for name in shell::platform_variables(instruction) {
                    if !shell::is_declared(build, &stage, before, name) {
                        missing.push(name);
                    }
                }
                if missing.is_empty() {
                    continue;
                }
                let names = missing.join(" ");
                let what = format!(
                    "RUN uses ${}, which this stage does not declare",
                    missing.join(", $")
                );
                let text = Text {
                    what,
                    why: "In the shell it is empty, on every platform, without a warning.".into(),
                    next: format!("Put `ARG {names}` into this stage, before the RUN.").into(),
                };
                let start = instruction.span.start;
                let fix = Fix {
                    title: format!("Declare {names}"),
                    edits: vec![Edit {
                        file: build.file.to_owned(),
                        span: Span::new(start, start),
                        text: format!("ARG {names}\n"),
                    }],
                };
                let place = build.place(instruction.keyword.span, None);
                out.report_as(self, Severity::Error, place, text, Some(fix));
            }
        }
    }
}
