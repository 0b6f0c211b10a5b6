//! `libc-mismatch`.

use crate::content::{Libc, Machine, Origin};

use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// A program is for the right CPU, but was linked with another C library than the image has.
    /// Its loader is missing, and the container ends with `exec /app: no such file or directory`,
    /// though the file is there.
    /// ## Fails
    /// ```dockerfile,fails
    /// FROM debian:trixie AS build
    /// COPY tool.c .
    /// RUN gcc -o /tool tool.c
    /// FROM alpine:3.23
    /// COPY --from=build /tool /usr/bin/tool
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM debian:trixie AS build
    /// COPY tool.c .
    /// RUN gcc -static -o /tool tool.c
    /// FROM alpine:3.23
    /// COPY --from=build /tool /usr/bin/tool
    /// ```
    /// ```dockerfile,passes
    /// FROM alpine:3.23 AS build
    /// COPY tool.c .
    /// RUN gcc -o /tool tool.c
    /// FROM alpine:3.23
    /// COPY --from=build /tool /usr/bin/tool
    /// ```
    /// ## Sources
    /// aws/aws-cli#4685.
    pub LibcMismatch {
        name: "libc-mismatch",
        severity: Error,
        group: Dockerfile,
        title: "A program needs another C library than the image has",
        title_zh: "程序所需的 C 库与镜像不符",
        since: "0.1.0",
        why_zh: "程序的加载器不在镜像里：容器以 `no such file or directory` 结束。",
        pitfalls: ["LIBC-MISMATCH"],
    }
}

impl Rule for LibcMismatch {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        let mut told = std::collections::BTreeSet::new();
        for (platform, followed) in build.contents() {
            let Some(own) = followed.libc else { continue };
            for entry in &followed.content {
                let label = &entry.label;
                let Machine::For(machine) = &label.machine else {
                    continue;
                };
                let brought = matches!(label.origin, Origin::Context | Origin::Command);
                let differs = label.libc.is_some_and(|libc| libc != own);
                let same_cpu = machine.architecture == platform.architecture;
                if !brought || !differs || !same_cpu || !told.insert(label.instruction) {
                    continue;
                }
                let Some(instruction) = build.instruction(label.instruction) else {
                    continue;
                };
                let (needs, has) = match own {
                    Libc::Musl => ("glibc", "musl"),
                    Libc::Glibc => ("musl", "glibc"),
                };
                let text = Text {
                    what: format!("{} needs {needs}, and the image has {has}", entry.path),
                    why: "The program's loader is not there: the container ends with `no such \
                        file or directory`."
                        .into(),
                    next: "Link the program statically, or take a base image with the C library \
                        that it was built with."
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
}
