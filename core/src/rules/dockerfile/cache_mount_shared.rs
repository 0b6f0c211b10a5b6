//! `cache-mount-shared`.

use std::collections::BTreeSet;

use crate::diagnostic::{Edit, Fix, Span};
use crate::dockerfile::Flag;
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// The RUN of each platform gets the same cache folder at the same time, unless the mount says otherwise.
    /// apt and dpkg then find each other's locks, and cargo mixes what it compiled for different CPUs.
    /// Caches of Go, npm and pip are made for several users and are not reported.
    /// ## Fails
    /// ```dockerfile,fails
    /// FROM debian:12
    /// RUN --mount=type=cache,target=/var/cache/apt apt-get update && apt-get install -y curl
    /// ```
    /// ```dockerfile,fails
    /// FROM rust:1
    /// RUN --mount=type=cache,target=/src/target cargo build --release
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM debian:12
    /// RUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && apt-get install -y curl
    /// ```
    /// ```dockerfile,passes
    /// FROM --platform=$BUILDPLATFORM rust:1
    /// RUN --mount=type=cache,target=/src/target cargo build --release
    /// ```
    /// ```dockerfile,passes
    /// FROM golang:1.26
    /// RUN --mount=type=cache,target=/root/.cache/go-build go build ./...
    /// ```
    /// ## Sources
    /// moby/buildkit#1673; docs.docker.com, "RUN --mount=type=cache" (`sharing`).
    pub CacheMountShared {
        name: "cache-mount-shared",
        severity: Warning,
        group: Dockerfile,
        title: "All platforms use one cache folder at once",
        title_zh: "所有平台同时使用同一缓存目录",
        since: "0.1.0",
        why_zh: "各平台共用同一个缓存目录，一种 CPU 的内容可能进入另一种 CPU 的镜像。",
        pitfalls: ["CACHE-MOUNT-SHARED"],
    }
}

/// Folders whose users lock them, or whose content is for one CPU.
const SINGLE: [&str; 9] = [
    "/apt", "/dpkg", "/yum", "/dnf", "cargo", "/target", "/.gradle", "/.m2", "/ccache",
];

impl Rule for CacheMountShared {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        for (at, instruction) in build.dockerfile.instructions.iter().enumerate() {
            let Some((flag, target)) = instruction.flags.iter().find_map(shared) else {
                continue;
            };
            if runs(build, at) < 2 {
                continue;
            }
            let text = Text {
                what: format!("{target} is one folder for the RUN of every platform."),
                why: "They run side by side, and this folder is made for one user or one CPU at a time.".into(),
                next: "Add `sharing=locked`, or an `id` of its own for each platform (`id=…-$TARGETARCH`).".into(),
            };
            let fix = locked(build, flag);
            let place = build.place(instruction.keyword.span, None);
            out.report_as(self, Self::METADATA.severity, place, text, fix);
        }
    }
}

/// How often an instruction is executed for different platforms.
fn runs(build: &BuildFacts<'_>, at: usize) -> usize {
    let platforms = build.outcome.platforms.iter();
    let steps = platforms.flat_map(|p| &p.steps);
    let own = steps.filter(|s| s.instruction == Some(at));
    own.map(|s| s.id).collect::<BTreeSet<_>>().len()
}

/// A cache mount that all platforms share, with its folder.
fn shared(flag: &Flag) -> Option<(&Flag, &str)> {
    let value = flag.value.as_ref().filter(|_| flag.name == "mount")?;
    let option = |key: &str| {
        value
            .text
            .split(',')
            .find_map(|part| part.trim().strip_prefix(key)?.strip_prefix('='))
    };
    if option("type") != Some("cache") || option("sharing").is_some_and(|s| s != "shared") {
        return None;
    }
    if option("id").is_some_and(|id| id.contains("TARGET")) {
        return None;
    }
    let target = option("target")
        .or(option("dst"))
        .or(option("destination"))?;
    let single = SINGLE.iter().any(|folder| target.contains(folder));
    single.then_some((flag, target))
}

fn locked(build: &BuildFacts<'_>, flag: &Flag) -> Option<Fix> {
    let value = flag.value.as_ref()?;
    // Written in quotes or over several lines, the end of the text is not the end of the value.
    let plain = build.source.get(value.span.start..value.span.end)? == value.text;
    let end = value.span.end;
    (plain && !value.text.contains("sharing=")).then(|| Fix {
        title: "Let one platform at a time use the folder".to_owned(),
        edits: vec![Edit {
            file: build.file.to_owned(),
            span: Span { start: end, end },
            text: ",sharing=locked".to_owned(),
        }],
    })
}
