//! `cross-cgo`.

use crate::dockerfile::Kind;

use super::shell;
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// A stage on the builder's platform compiles C code for another one: `CGO_ENABLED=1`, or a crate or addon
    /// with native code.
    /// The builder's compiler and libraries are for the builder's CPU, so the step fails for every other platform,
    /// with `linker not found` or `unrecognized command-line option`.
    /// ## Fails
    /// ```dockerfile,fails
    /// FROM --platform=$BUILDPLATFORM golang AS build
    /// ARG TARGETARCH
    /// RUN CGO_ENABLED=1 GOARCH=$TARGETARCH go build -o /app .
    /// FROM alpine
    /// COPY --from=build /app /app
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM --platform=$BUILDPLATFORM golang AS build
    /// ARG TARGETARCH
    /// RUN CGO_ENABLED=0 GOARCH=$TARGETARCH go build -o /app .
    /// FROM alpine
    /// COPY --from=build /app /app
    /// ```
    /// ```dockerfile,passes
    /// FROM --platform=$BUILDPLATFORM golang AS build
    /// ARG TARGETARCH
    /// RUN CGO_ENABLED=1 CC=aarch64-linux-gnu-gcc GOARCH=$TARGETARCH go build -o /app .
    /// FROM alpine
    /// COPY --from=build /app /app
    /// ```
    /// ## Sources
    /// tonistiigi/xx documentation.
    pub CrossCgo {
        name: "cross-cgo",
        severity: Warning,
        group: Dockerfile,
        title: "Cross-compilation needs a C toolchain for the target",
        title_zh: "交叉编译需要目标平台的 C 工具链",
        since: "0.1.0",
        pitfalls: ["CROSS-CGO"],
    }
}

impl Rule for CrossCgo {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        for stage in build.stages() {
            let foreign = shell::foreign_targets(build, &stage);
            if foreign.is_empty() {
                continue;
            }
            let stage_text: String = stage.body.iter().map(|i| i.code.as_str()).collect();
            let prepared = ["CC=", "CC_", "_LINKER", "xx-", "tonistiigi/xx", "zig cc"];
            if prepared.iter().any(|word| stage_text.contains(word)) {
                continue;
            }
            for instruction in stage.body {
                let text = shell::script(instruction);
                let native = ["CGO_ENABLED=1", "openssl-sys", "node-gyp"];
                let found = native.iter().find(|word| text.contains(**word));
                let (Kind::Run(_), Some(word)) = (&instruction.kind, found) else {
                    continue;
                };
                let platforms = foreign.join(", ");
                let what = format!("{word} needs a C compiler and libraries for {platforms}");
                out.report(self, build.place(instruction.keyword.span, None), Text {
                    what,
                    why: "Those of the builder are for the builder's CPU; the step fails for the \
                        other platforms."
                        .into(),
                    next: "Copy the helpers of tonistiigi/xx into the stage (xx-apt, xx-go, \
                        xx-cargo), or switch native code off."
                        .into(),
                });
            }
        }
    }
}
