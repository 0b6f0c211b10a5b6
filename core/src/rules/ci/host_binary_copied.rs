//! `host-binary-copied`.

use crate::ci::build::{ContextFile, Invocation};
use crate::diagnostic::Place;
use crate::dockerfile::{self, Instruction, Kind};
use crate::platform::Platform;
use crate::rules::{BuildFacts, Findings, JobFacts, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// The job compiles a program on its own machine, and the Dockerfile copies it into the image
    /// of every platform.
    /// Build and push succeed; on another CPU the container ends with `exec format error`.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// #: dockerfile COPY server /server
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - apk add go
    ///     - go build -o server .
    ///     - docker buildx build --platform linux/amd64,linux/arm64 .
    /// ```
    /// ```dockerfile,fails
    /// #: program bin/server linux/amd64
    /// FROM alpine:3.22
    /// COPY bin/server /server
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// #: program bin/amd64/server linux/amd64
    /// #: program bin/arm64/server linux/arm64
    /// FROM alpine:3.22
    /// ARG TARGETARCH
    /// COPY bin/$TARGETARCH/server /server
    /// ```
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// #: dockerfile ARG TARGETARCH
    /// #: dockerfile COPY bin/$TARGETARCH/server /server
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - apk add go
    ///     - for a in amd64 arm64; do GOARCH=$a go build -o bin/$a/server .; done
    ///     - docker buildx build --platform linux/amd64,linux/arm64 .
    /// ```
    /// ## Sources
    /// The founding post; docker/buildx#566.
    pub HostBinaryCopied {
        name: "host-binary-copied",
        severity: Error,
        group: Builder,
        title: "A program of the runner's CPU is copied into every image",
        title_zh: "构建机架构的程序被复制进所有镜像",
        since: "0.1.0",
        why_zh: "构建会成功，但容器在那种 CPU 上以 `exec format error` 结束。",
        pitfalls: ["HOST-BINARY-COPIED"],
    }
}

impl Rule for HostBinaryCopied {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        for (instruction, platform, what) in crate::rules::dockerfile::host_programs(build) {
            let text = Text {
                what,
                why: "The build succeeds, and the container ends with `exec format error` on that CPU.".into(),
                next: "Build it in the Dockerfile, or build one for each platform and copy `bin/$TARGETARCH/…`.".into(),
            };
            out.report(
                self,
                build.place(instruction.keyword.span, Some(platform)),
                text,
            );
        }
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let mut told = Vec::new();
        for built in job.run.into_iter().flat_map(|run| &run.builds) {
            let build = &built.invocation;
            let (file, _) = dockerfile::parse(&build.dockerfile);
            for stage in file.stages() {
                if !runs_on_target(stage) {
                    continue;
                }
                for instruction in stage {
                    let Some((name, by, wrong)) = wrong_copy(instruction, build) else {
                        continue;
                    };
                    if told.contains(&(build.dockerfile_name.clone(), instruction.span)) {
                        continue;
                    }
                    told.push((build.dockerfile_name.clone(), instruction.span));
                    let place = Place::Source {
                        file: build.dockerfile_name.clone(),
                        span: instruction.span,
                        platform: Some(wrong.1.clone()),
                    };
                    let text = Text {
                        what: format!("{name} is made by `{by}` for {} and is copied into the image of {}.", wrong.0, wrong.1),
                        why: "The build succeeds, and the container ends with `exec format error` on that CPU.".into(),
                        next: "Build it in the Dockerfile, or build one for each platform and copy `bin/$TARGETARCH/…`.".into(),
                    };
                    out.report(self, place, text);
                }
            }
        }
    }
}

/// Stages for the builder's own platform only pass programs on.
fn runs_on_target(stage: &[Instruction]) -> bool {
    let from = stage.first().map(|i| &i.kind);
    !matches!(from, Some(Kind::From(from)) if from.platform.as_ref().is_some_and(|p| p.text.contains("BUILDPLATFORM")))
}

type Wrong = (Platform, Platform);

/// The copied file, the command that made it, and its CPU beside the image's.
fn wrong_copy(instruction: &Instruction, build: &Invocation) -> Option<(String, String, Wrong)> {
    let (Kind::Copy(transfer) | Kind::Add(transfer)) = &instruction.kind else {
        return None;
    };
    if transfer.from.is_some() {
        return None;
    }
    for specifier in &build.platforms {
        let Ok(platform) = specifier.parse::<Platform>() else {
            continue;
        };
        for source in &transfer.sources {
            let source = expanded(&source.text, &platform);
            for (path, file) in copied(&source, build) {
                let Some(made) = &file.made else {
                    continue;
                };
                let Some(machine) = made.machine.as_ref().filter(|m| !runs(m, &platform)) else {
                    continue;
                };
                return Some((path.clone(), made.by.clone(), (machine.clone(), platform)));
            }
        }
    }
    None
}

fn runs(machine: &Platform, on: &Platform) -> bool {
    let (machine, on) = (machine.normalised(), on.normalised());
    machine.os == on.os && machine.architecture == on.architecture
}

/// The automatic platform variables in a source.
fn expanded(source: &str, platform: &Platform) -> String {
    let mut text = source.to_owned();
    for (name, value) in [
        ("TARGETARCH", &platform.architecture),
        ("TARGETOS", &platform.os),
        ("TARGETVARIANT", &platform.variant),
        ("TARGETPLATFORM", &platform.specifier()),
    ] {
        text = text
            .replace(&format!("${{{name}}}"), value)
            .replace(&format!("${name}"), value);
    }
    text
}

/// Files of the context that a source takes.
fn copied<'b>(source: &str, build: &'b Invocation) -> Vec<(&'b String, &'b ContextFile)> {
    let path = source.trim_start_matches("./").trim_matches('/');
    let inside = format!("{path}/");
    let all = path.is_empty() || path == ".";
    build
        .context
        .iter()
        .filter(|(name, _)| all || *name == path || name.starts_with(&inside))
        .collect()
}
