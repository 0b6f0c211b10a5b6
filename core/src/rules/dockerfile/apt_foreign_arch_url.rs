//! `apt-foreign-arch-url`.

use crate::diagnostic::{Edit, Fix, Severity, Span};
use crate::dockerfile::Kind;

use super::shell;
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// RUN or ADD fetches a file or package whose name says one CPU, for every platform.
    /// The build passes unless the program is executed in the same build; the container fails with
    /// `exec format error` on the other platforms.
    /// ## Fails
    /// ```dockerfile,fails
    /// FROM alpine
    /// RUN wget https://example.com/tool-linux-amd64.tar.gz
    /// ```
    /// ```dockerfile,fails
    /// FROM alpine
    /// ADD https://example.com/tool_linux_arm64 /usr/bin/tool
    /// ```
    /// ```dockerfile,fails
    /// FROM debian
    /// RUN apt-get update && apt-get install -y libc6:amd64
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM alpine
    /// ARG TARGETARCH
    /// RUN wget https://example.com/tool-linux-${TARGETARCH}.tar.gz
    /// ```
    /// ```dockerfile,passes
    /// #: platforms linux/amd64
    /// FROM alpine
    /// RUN wget https://example.com/tool-linux-amd64.tar.gz
    /// ```
    /// ```dockerfile,passes
    /// FROM alpine
    /// RUN case "$(uname -m)" in x86_64) u=https://example.com/amd64 ;; *) u=https://example.com/arm64 ;; esac && wget $u
    /// ```
    /// ## Sources
    /// Docker documentation, "Multi-platform builds".
    pub AptForeignArchUrl {
        name: "apt-foreign-arch-url",
        severity: Warning,
        group: Dockerfile,
        title: "A download or package is for one CPU",
        title_zh: "下载或软件包仅适用于一种 CPU",
        since: "0.1.0",
        why_zh: "其中的程序在那种 CPU 上无法运行。",
        pitfalls: ["APT-FOREIGN-ARCH-URL"],
    }
}

impl Rule for AptForeignArchUrl {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        for stage in build.stages() {
            for (offset, instruction) in stage.body.iter().enumerate() {
                let text = match &instruction.kind {
                    Kind::Run(_) => shell::script(instruction),
                    Kind::Add(add) => {
                        let sources: Vec<&str> = add.sources.iter().map(|s| &*s.text).collect();
                        sources.join(" ")
                    }
                    _ => continue,
                };
                if shell::branches_on_cpu(&text) {
                    continue;
                }
                let Some((name, architecture)) = shell::fixed_cpu(&text) else {
                    continue;
                };
                let others: Vec<String> = build
                    .platforms()
                    .map(|(platform, _)| platform)
                    .filter(|platform| platform.architecture != architecture)
                    .map(ToString::to_string)
                    .collect();
                if others.is_empty() {
                    continue;
                }
                let what = format!(
                    "A file for {name} is fetched, also for {}",
                    others.join(", ")
                );
                let text = Text {
                    what,
                    why: "Its programs cannot run there.".into(),
                    next:
                        "Declare `ARG TARGETARCH` and put ${TARGETARCH} into the name, mapped to \
                        the names that the project uses."
                            .into(),
                };
                let before = stage.body.get(..offset).unwrap_or_default();
                let declared = shell::is_declared(build, &stage, before, "TARGETARCH");
                let written = instruction.span.of(build.source);
                let fix = (name == architecture).then(|| {
                    let mut edits: Vec<Edit> = written
                        .match_indices(name)
                        .map(|(at, _)| Edit {
                            file: build.file.to_owned(),
                            span: Span::new(
                                instruction.span.start + at,
                                instruction.span.start + at + name.len(),
                            ),
                            text: "${TARGETARCH}".to_owned(),
                        })
                        .collect();
                    if !declared {
                        let start = instruction.span.start;
                        edits.push(Edit {
                            file: build.file.to_owned(),
                            span: Span::new(start, start),
                            text: "ARG TARGETARCH\n".to_owned(),
                        });
                    }
                    Fix {
                        title: "Fetch the file for the target platform".to_owned(),
                        edits,
                    }
                });
                let place = build.place(instruction.keyword.span, None);
                out.report_as(self, Severity::Warning, place, text, fix);
            }
        }
    }
}
