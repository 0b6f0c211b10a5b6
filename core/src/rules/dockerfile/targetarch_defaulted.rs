//! `targetarch-defaulted`.

use crate::diagnostic::{Edit, Fix, Place, Severity, Span};
use crate::dockerfile::Kind;

use super::shell::TARGET_VARIABLES;
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// ARG gives an automatic platform variable such as TARGETARCH a default, or `--build-arg` sets it.
    /// The given value wins over the automatic one, so that every platform gets it.
    /// ## Fails
    /// ```dockerfile,fails
    /// FROM alpine
    /// ARG TARGETARCH=amd64
    /// RUN echo $TARGETARCH
    /// ```
    /// ```dockerfile,fails
    /// #: arg TARGETARCH=amd64
    /// FROM alpine
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM alpine
    /// ARG TARGETARCH
    /// RUN echo $TARGETARCH
    /// ```
    /// ## Sources
    /// BuildKit 73ed6825, recorded: a default in a stage beats the automatic value.
    pub TargetarchDefaulted {
        name: "targetarch-defaulted",
        severity: Error,
        group: Dockerfile,
        title: "A platform variable is given a fixed value",
        title_zh: "平台变量被赋予固定值",
        since: "0.1.0",
        why_zh: "给定的值会盖过自动设置的值。",
        pitfalls: ["TARGETARCH-DEFAULTED"],
    }
}

impl Rule for TargetarchDefaulted {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        for instruction in &build.dockerfile.instructions {
            let Kind::Arg(arguments) = &instruction.kind else {
                continue;
            };
            for argument in arguments {
                let key = argument.key.text.as_str();
                let Some(value) = argument.value.as_ref() else {
                    continue;
                };
                if !TARGET_VARIABLES.contains(&key) {
                    continue;
                }
                let text = text(format!(
                    "ARG gives {key} the value {:?} on every platform",
                    value.text
                ));
                let key_end = argument.key.span.end;
                let fix = Fix {
                    title: format!("Drop the default of {key}"),
                    edits: vec![Edit {
                        file: build.file.to_owned(),
                        span: Span::new(key_end, value.span.end.max(key_end)),
                        text: String::new(),
                    }],
                };
                let place = build.place(argument.key.span, None);
                out.report_as(self, Severity::Error, place, text, Some(fix));
            }
        }
        for (key, value) in &build.request.build_args {
            if TARGET_VARIABLES.contains(&key.as_str()) && build.outcome.platforms.len() > 1 {
                let text = text(format!(
                    "--build-arg gives {key} the value {value:?} on every platform"
                ));
                out.report_as(self, Severity::Error, Place::Nowhere, text, None);
            }
        }
    }
}

fn text(what: String) -> Text {
    Text {
        what,
        why: "A value that is given wins over the automatic one.".into(),
        next: "Declare the variable without a value, and do not pass it.".into(),
    }
}
