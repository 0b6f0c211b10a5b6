//! `emu-nested-exec`.

use super::{foreign_files, shell};
use crate::build::{Place, StepKind, place};
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// A RUN calls a program for another CPU than the image's, such as a tool that was built on the runner and copied in.
    /// BuildKit's emulator of the image's CPU refuses it; without an emulator the kernel does.
    /// ## Exact output
    /// ```text,output
    /// .buildkit_qemu_emulator: /usr/local/bin/tool: Invalid ELF image for this architecture
    /// ```
    /// ## Fails
    /// ```dockerfile,fails
    /// #: program bin/tool linux/amd64
    /// FROM alpine:3.22
    /// COPY bin/tool /usr/local/bin/tool
    /// RUN tool --init
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// #: program bin/amd64/tool linux/amd64
    /// #: program bin/arm64/tool linux/arm64
    /// FROM alpine:3.22
    /// ARG TARGETARCH
    /// COPY bin/$TARGETARCH/tool /usr/local/bin/tool
    /// RUN tool --init
    /// ```
    /// ## Sources
    /// tonistiigi/qemu's patched user mode in moby/buildkit (exit code 255); Linux (`exec format error`).
    pub EmuNestedExec {
        name: "emu-nested-exec",
        severity: Error,
        group: Dockerfile,
        title: "A RUN calls a program for another CPU",
        title_zh: "RUN 调用了其他 CPU 的程序",
        since: "0.1.0",
        pitfalls: ["EMU-NESTED-EXEC"],
    }
}

/// Folders of `$PATH`.
const PROGRAMS: [&str; 6] = [
    "/usr/local/bin/",
    "/usr/local/sbin/",
    "/usr/bin/",
    "/usr/sbin/",
    "/bin/",
    "/sbin/",
];

impl Rule for EmuNestedExec {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        let Some(stage) = build.final_stage() else {
            return;
        };
        let mut told = std::collections::BTreeSet::new();
        for file in foreign_files::foreign(build) {
            let path = file.entry.path.as_str();
            let in_path = PROGRAMS.iter().find_map(|folder| path.strip_prefix(folder));
            for (offset, instruction) in stage.body.iter().enumerate() {
                let at = stage.at + 1 + offset;
                if at <= file.entry.label.instruction || told.contains(&at) {
                    continue;
                }
                let runs = build.platforms().any(|(platform, outcome)| {
                    platform.is_same(file.platform)
                        && outcome.steps.iter().any(|step| {
                            let on = step.platform.as_ref();
                            step.instruction == Some(at)
                                && step.kind == StepKind::Exec
                                && on.is_some_and(|p| {
                                    place(p, build.environment) != Place::Unsupported
                                })
                        })
                });
                let script = shell::script(instruction);
                let calls = |name: &str| {
                    script
                        .split(['&', '|', ';', '\n'])
                        .any(|part| part.split_whitespace().next() == Some(name))
                };
                if !runs || !(calls(path) || in_path.is_some_and(calls)) {
                    continue;
                }
                told.insert(at);
                let text = Text {
                    what: format!(
                        "{path} is for {}, but this step runs it on {}",
                        file.machine, file.platform
                    ),
                    why: "The step ends with an error about the program's format.".into(),
                    next: "Copy the tool for `$TARGETARCH`, or run it in a `FROM --platform=$BUILDPLATFORM` stage.".into(),
                };
                out.report(
                    self,
                    build.place(instruction.keyword.span, Some(file.platform)),
                    text,
                );
            }
        }
    }
}
