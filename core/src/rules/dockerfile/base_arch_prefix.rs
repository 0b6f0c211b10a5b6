//! `base-arch-prefix`.

use crate::diagnostic::{Edit, Fix, Severity};
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// `amd64/…`, `arm64v8/…` and their like hold images for one CPU, while the official names without the
    /// prefix are published for all.
    /// For the other platforms the build fails, or silently uses the image for the wrong CPU.
    /// ## Fails
    /// ```dockerfile,fails
    /// FROM arm64v8/alpine:3.22
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM alpine:3.22
    /// ```
    /// ```dockerfile,passes
    /// #: platforms linux/arm64
    /// FROM arm64v8/alpine:3.22
    /// ```
    /// ## Sources
    /// docker-library/official-images, "Architectures other than amd64?".
    pub BaseArchPrefix {
        name: "base-arch-prefix",
        severity: Warning,
        group: Dockerfile,
        title: "The base image is from a repository for one CPU",
        title_zh: "基础镜像来自单一架构的仓库",
        since: "0.1.0",
        why_zh: "这些平台要么拿不到镜像，要么拿到另一种 CPU 的镜像。",
        pitfalls: ["BASE-ARCH-PREFIX"],
    }
}

impl Rule for BaseArchPrefix {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        for stage in build.stages() {
            let Some(from) = stage.from_kind() else {
                continue;
            };
            let text = &from.image.text;
            let short = text.strip_prefix("docker.io/").unwrap_or(text);
            let Some((prefix, rest)) = short.split_once('/') else {
                continue;
            };
            let Some((_, architecture)) = PREFIXES.iter().find(|(name, _)| *name == prefix) else {
                continue;
            };
            let others: Vec<String> = build
                .platforms()
                .filter(|(platform, outcome)| {
                    let effect = outcome.effect(stage.at);
                    let on = effect.map_or(*platform, |effect| &effect.stage_platform);
                    on.architecture != *architecture
                })
                .map(|(platform, _)| platform.to_string())
                .collect();
            if others.is_empty() {
                continue;
            }
            let what = format!(
                "{text} is for {architecture} only; {} need another image",
                others.join(", ")
            );
            let why = "These platforms get nothing, or the image for the wrong CPU.";
            let next = "Drop the prefix: the official name leads each platform to its own image.";
            let fix = (from.image.span.of(build.source) == text).then(|| Fix {
                title: format!("Use {rest}"),
                edits: vec![Edit {
                    file: build.file.to_owned(),
                    span: from.image.span,
                    text: rest.to_owned(),
                }],
            });
            let text = Text {
                what,
                why: why.into(),
                next: next.into(),
            };
            let place = build.place(from.image.span, None);
            out.report_as(self, Severity::Warning, place, text, fix);
        }
    }
}

/// Docker Hub's organisations for one architecture each.
const PREFIXES: [(&str, &str); 10] = [
    ("amd64", "amd64"),
    ("arm32v5", "arm"),
    ("arm32v6", "arm"),
    ("arm32v7", "arm"),
    ("arm64v8", "arm64"),
    ("i386", "386"),
    ("mips64le", "mips64le"),
    ("ppc64le", "ppc64le"),
    ("riscv64", "riscv64"),
    ("s390x", "s390x"),
];
