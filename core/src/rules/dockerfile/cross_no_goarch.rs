//! `cross-no-goarch`.

use crate::content::{Content, Machine, Origin};
use crate::diagnostic::{Edit, Fix, Severity, Span};
use crate::dockerfile::{Instruction, Kind};

use super::shell;
use crate::platform::Platform;
use crate::rules::WrittenStage;
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// A stage with `--platform=$BUILDPLATFORM` compiles without saying for which platform.
    /// The program is for the builder's CPU, on every platform; the images are labelled as asked for.
    /// Where the log shows the step once for all platforms, they all get the very same file.
    /// ## Fails
    /// ```dockerfile,fails
    /// FROM --platform=$BUILDPLATFORM golang AS build
    /// COPY . .
    /// RUN go build -o /out/app .
    /// FROM alpine
    /// COPY --from=build /out/app /app
    /// ```
    /// ```dockerfile,fails
    /// FROM --platform=$BUILDPLATFORM rust AS build
    /// RUN cargo build --release
    /// FROM alpine
    /// COPY --from=build /app /app
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM --platform=$BUILDPLATFORM golang AS build
    /// ARG TARGETOS TARGETARCH
    /// RUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /out/app .
    /// FROM alpine
    /// COPY --from=build /out/app /app
    /// ```
    /// ```dockerfile,passes
    /// FROM golang AS build
    /// RUN go build -o /out/app .
    /// FROM alpine
    /// COPY --from=build /out/app /app
    /// ```
    /// ```dockerfile,passes
    /// FROM --platform=$BUILDPLATFORM golang AS build
    /// ARG TARGETOS TARGETARCH
    /// RUN go install example.com/generator@latest
    /// RUN generator && GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /out/app .
    /// FROM alpine
    /// COPY --from=build /out/app /app
    /// ```
    /// ## Sources
    /// Docker documentation, "Multi-platform builds", cross-compilation.
    pub CrossNoGoarch {
        name: "cross-no-goarch",
        severity: Error,
        group: Dockerfile,
        title: "A stage on the builder's platform compiles for the builder",
        title_zh: "构建机平台上的阶段为构建机编译",
        since: "0.1.0",
        why_zh: "该阶段在构建机的平台上运行，命令又没有指明别的平台；产物随后被复制进其他 CPU 的镜像。",
        pitfalls: ["CROSS-NO-GOARCH"],
    }
}

impl Rule for CrossNoGoarch {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        for stage in build.stages() {
            let foreign = shell::foreign_targets(build, &stage);
            if foreign.is_empty() || shell::sets_target(stage.body) {
                continue;
            }
            for (offset, instruction) in stage.body.iter().enumerate() {
                let Some(compiler) = compiler(instruction) else {
                    continue;
                };
                let name = stage.name().unwrap_or_else(|| "RUN".to_owned());
                let made = format!("{name}:{}", instruction.start_line);
                if !reaches_others(build, &made, compiler) {
                    continue;
                }
                let platforms = foreign.join(", ");
                let what = format!("`{compiler}` compiles for the builder, also for {platforms}");
                let text = Text {
                    what,
                    why:
                        "The stage runs on the builder's platform and the command names no other; \
                        the file is then copied into images for other CPUs."
                            .into(),
                    next: next(compiler).into(),
                };
                let before = stage.body.get(..offset).unwrap_or_default();
                let fix = fix(build, &stage, before, instruction, compiler);
                let place = build.place(instruction.keyword.span, None);
                out.report_as(self, Severity::Error, place, text, fix);
            }
        }
    }
}

/// Whether what the instruction makes gets into an image for another CPU, as far as can be told. The
/// target may be set in the base image, and a tool of the build alone may be for the builder.
fn reaches_others(build: &BuildFacts<'_>, made: &str, compiler: &str) -> bool {
    let foreign = |entry: &Content, platform: &Platform| match &entry.label.machine {
        Machine::For(machine) => machine.architecture != platform.architecture,
        Machine::Any | Machine::Unknown => false,
    };
    let mut is_followed = false;
    let mut may_be_there = false;
    for (platform, followed) in build.contents() {
        for entry in &followed.content {
            let label = &entry.label;
            if label.origin == Origin::Command && label.from == made {
                if foreign(entry, platform) {
                    return true;
                }
                is_followed |= label.machine != Machine::Unknown;
            }
            may_be_there |= match label.origin {
                Origin::Command | Origin::Image => {
                    label.machine == Machine::Unknown || foreign(entry, platform)
                }
                Origin::Context | Origin::Download | Origin::Packages => false,
            };
        }
    }
    !is_followed && may_be_there && compiler != "go install"
}

/// The command that compiles without naming a target.
fn compiler(instruction: &Instruction) -> Option<&'static str> {
    if !matches!(instruction.kind, Kind::Run(_)) {
        return None;
    }
    let text = shell::script(instruction);
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let commands: [(&str, &[&str]); 5] = [
        ("go build", &["GOARCH", "xx-go", "gox"]),
        ("go install", &["GOARCH", "xx-go"]),
        (
            "cargo build",
            &["--target", "xx-cargo", "cross ", "CARGO_BUILD_TARGET"],
        ),
        (
            "dotnet publish",
            &[" -a ", "--arch", " -r ", "--runtime", "UseAppHost=false"],
        ),
        ("gcc ", &["-linux-", "xx-clang", "--target", "TARGET"]),
    ];
    commands
        .into_iter()
        .find(|(command, targeted)| shell::runs(&text, command) && !has(targeted))
        .map(|(command, _)| command.trim_end())
}

fn next(compiler: &str) -> &'static str {
    match compiler {
        "go build" | "go install" => {
            "Declare `ARG TARGETOS TARGETARCH` and compile with \
            `GOOS=$TARGETOS GOARCH=$TARGETARCH`."
        }
        "cargo build" => "Map $TARGETARCH to a Rust target and pass `--target`, or use xx-cargo.",
        "dotnet publish" => "Declare `ARG TARGETARCH` and publish with `-a $TARGETARCH`.",
        _ => "Use a cross compiler for $TARGETARCH, such as xx-clang.",
    }
}

/// Go's own switches are known; the others need more than an edit.
fn fix(
    build: &BuildFacts<'_>,
    stage: &WrittenStage<'_>,
    before: &[Instruction],
    instruction: &Instruction,
    compiler: &str,
) -> Option<Fix> {
    if !compiler.starts_with("go ") {
        return None;
    }
    let written = instruction.span.of(build.source);
    let at = instruction.span.start + written.find(compiler)?;
    let mut edits = vec![Edit {
        file: build.file.to_owned(),
        span: Span::new(at, at),
        text: "GOOS=$TARGETOS GOARCH=$TARGETARCH ".to_owned(),
    }];
    let missing: Vec<&str> = ["TARGETOS", "TARGETARCH"]
        .into_iter()
        .filter(|name| !shell::is_declared(build, stage, before, name))
        .collect();
    if !missing.is_empty() {
        let start = instruction.span.start;
        edits.push(Edit {
            file: build.file.to_owned(),
            span: Span::new(start, start),
            text: format!("ARG {}\n", missing.join(" ")),
        });
    }
    Some(Fix {
        title: "Compile for the target platform".to_owned(),
        edits,
    })
}
