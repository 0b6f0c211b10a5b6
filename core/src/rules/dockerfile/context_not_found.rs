//! `context-not-found`.

use crate::dockerfile::Kind;
use crate::dockerfile::context::{Ignore, sources};

use super::shell;
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// COPY or ADD names a file that the build context does not have, or that `.dockerignore` hides.
    /// The step fails with `failed to compute cache key: failed to calculate checksum of ref …: "/path": not found`,
    /// once for each platform.
    /// In CI the file is often made by an earlier job whose artifacts were not handed over.
    /// ## Fails
    /// ```dockerfile,fails
    /// #: file main.go x
    /// FROM alpine
    /// COPY app /app
    /// ```
    /// ```dockerfile,fails
    /// #: file target/app x
    /// #: file .dockerignore target
    /// FROM alpine
    /// COPY target/app /app
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// #: file app x
    /// FROM alpine
    /// COPY app /app
    /// ```
    /// ```dockerfile,passes
    /// #: file a.txt x
    /// FROM alpine
    /// COPY *.md /docs/
    /// COPY . /src
    /// ```
    /// ```dockerfile,passes
    /// FROM alpine
    /// COPY app /app
    /// ```
    /// ## Sources
    /// BuildKit 73ed6825, measured.
    pub ContextNotFound {
        name: "context-not-found",
        severity: Warning,
        group: Dockerfile,
        title: "COPY names a file that is not in the context",
        title_zh: "COPY 的文件不在构建上下文中",
        since: "0.1.0",
        why_zh: "这一步会失败，因为构建上下文里没有这个文件。",
        pitfalls: ["CONTEXT-NOT-FOUND"],
    }
}

impl Rule for ContextNotFound {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        if build.files.is_empty() {
            return;
        }
        let ignore = build.request.dockerignore.as_deref();
        let ignore = ignore
            .and_then(|text| Ignore::parse(text).ok())
            .unwrap_or_default();
        let all: Vec<&str> = build.files.iter().map(String::as_str).collect();
        let kept: Vec<&str> = all
            .iter()
            .copied()
            .filter(|file| ignore.keeps(file))
            .collect();
        for instruction in &build.dockerfile.instructions {
            let (Kind::Copy(transfer) | Kind::Add(transfer)) = &instruction.kind else {
                continue;
            };
            if transfer.from.is_some() {
                continue;
            }
            for source in &transfer.sources {
                let text = source.text.as_str();
                // What is expanded, matched or fetched is another matter.
                if text.contains(['$', '*', '?', '[', '\\']) || shell::is_remote(text) {
                    continue;
                }
                let found = |files: &[&str]| sources(text, files).is_ok_and(|f| !f.is_empty());
                if found(&kept) {
                    continue;
                }
                let path = text.trim_start_matches("./").trim_start_matches('/');
                let (what, next) = if found(&all) {
                    let what = format!("`.dockerignore` hides {path} from the build");
                    (
                        what,
                        "Take the pattern out of `.dockerignore`, or the source out of COPY.",
                    )
                } else {
                    let what = format!("{path} is not in the build context");
                    (
                        what,
                        "Make the file before the build, or hand over the artifacts of the job that makes it.",
                    )
                };
                let why = format!(
                    "The step fails: failed to calculate checksum of ref …: \"/{path}\": not found."
                );
                out.report(
                    self,
                    build.place(source.span, None),
                    Text {
                        what,
                        why: why.into(),
                        next: next.into(),
                    },
                );
            }
        }
    }
}
