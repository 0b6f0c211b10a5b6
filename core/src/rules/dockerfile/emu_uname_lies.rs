//! `emu-uname-lies`.

use super::shell;
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// A stage runs on the builder's platform and asks the machine for its CPU to choose a download.
    /// `uname -m`, `arch` and `dpkg --print-architecture` answer for the builder, so every image
    /// gets the builder's program.
    /// ## Fails
    /// ```dockerfile,fails
    /// FROM --platform=$BUILDPLATFORM alpine AS get
    /// RUN wget -O /tool https://example.com/tool-$(uname -m)
    /// FROM alpine
    /// COPY --from=get /tool /tool
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM alpine AS get
    /// RUN wget -O /tool https://example.com/tool-$(uname -m)
    /// FROM alpine
    /// COPY --from=get /tool /tool
    /// ```
    /// ```dockerfile,passes
    /// FROM --platform=$BUILDPLATFORM alpine AS get
    /// ARG TARGETARCH
    /// RUN wget -O /tool https://example.com/tool-$TARGETARCH
    /// FROM alpine
    /// COPY --from=get /tool /tool
    /// ```
    /// ## Sources
    /// Docker documentation, "Multi-platform builds"; docker/setup-qemu-action, README.
    pub EmuUnameLies {
        name: "emu-uname-lies",
        severity: Error,
        group: Dockerfile,
        title: "A download is chosen by the builder's CPU",
        title_zh: "下载内容按构建机的 CPU 选择",
        since: "0.1.0",
        why_zh: "该阶段在构建机的平台上运行；下载到每个镜像里的都是构建机 CPU 的内容。",
        pitfalls: ["EMU-UNAME-LIES"],
    }
}

impl Rule for EmuUnameLies {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        const QUESTIONS: [&str; 6] = [
            "uname -m",
            "$(arch)",
            "--print-architecture",
            "apk --print-arch",
            "uname -p",
            "/proc/cpuinfo",
        ];
        for stage in build.stages() {
            let foreign = shell::foreign_targets(build, &stage);
            if foreign.is_empty() {
                continue;
            }
            for instruction in stage.body {
                let text = shell::script(instruction);
                let question = QUESTIONS
                    .into_iter()
                    .find(|question| text.contains(question));
                let fetches = ["curl", "wget", "://"]
                    .iter()
                    .any(|word| text.contains(word));
                let Some(question) = question.filter(|_| fetches && !text.contains("TARGET"))
                else {
                    continue;
                };
                let text = Text {
                    what: format!(
                        "`{question}` answers for the builder, also for {}",
                        foreign.join(", ")
                    ),
                    why: "The stage runs on the builder's platform; what is fetched is for the \
                        builder's CPU in every image."
                        .into(),
                    next: "Declare `ARG TARGETARCH` and choose by it.".into(),
                };
                out.report(self, build.place(instruction.keyword.span, None), text);
            }
        }
    }
}
