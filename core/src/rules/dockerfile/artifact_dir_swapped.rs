//! `artifact-dir-swapped`.

use crate::dockerfile::Kind;
use crate::dockerfile::context::{Ignore, sources};

use super::foreign_files::{chooses, foreign};
use crate::content::Origin;
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

/// What BuildKit calls a CPU, and what compilers and `uname` call it.
const NAMES: [(&str, &[&str]); 5] = [
    ("amd64", &["x86_64", "x64", "x86-64"]),
    ("arm64", &["aarch64", "armv8"]),
    ("arm", &["armv7", "armv7l", "armhf"]),
    ("386", &["i386", "i686", "x86"]),
    ("ppc64le", &["powerpc64le"]),
];

declare_rule! {
    /// ## What happens
    /// COPY takes a folder for each `TARGETARCH`, but the folders have other names (`x86_64`,
    /// `aarch64`), or hold programs for another CPU than their name says.
    /// With other names the build fails: `"/bin/amd64/app": not found`.
    /// ## Fails
    /// ```dockerfile,fails
    /// #: file target/x86_64/app x
    /// #: file target/aarch64/app x
    /// FROM debian
    /// ARG TARGETARCH
    /// COPY target/${TARGETARCH}/app /app
    /// ```
    /// ```dockerfile,fails
    /// #: program bin/amd64/app linux/arm64
    /// #: program bin/arm64/app linux/amd64
    /// FROM debian
    /// ARG TARGETARCH
    /// COPY bin/${TARGETARCH}/app /app
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// #: program bin/amd64/app linux/amd64
    /// #: program bin/arm64/app linux/arm64
    /// FROM debian
    /// ARG TARGETARCH
    /// COPY bin/${TARGETARCH}/app /app
    /// ```
    /// ## Sources
    /// BuildKit 73ed6825, automatic platform arguments.
    pub ArtifactDirSwapped {
        name: "artifact-dir-swapped",
        severity: Error,
        group: Dockerfile,
        title: "The folder for a platform has another name or content",
        title_zh: "平台目录的名称或内容不符",
        since: "0.1.0",
        why_zh: "目录名说的是一种 CPU，里面的程序却属于另一种。",
        pitfalls: ["ARTIFACT-DIR-SWAPPED"],
    }
}

impl Rule for ArtifactDirSwapped {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        misnamed(*self, build, out);
        let mut told = std::collections::BTreeSet::new();
        for file in foreign(build) {
            let at = file.entry.label.instruction;
            let from_context = file.entry.label.origin == Origin::Context;
            let Some(instruction) = build.instruction(at) else {
                continue;
            };
            if !from_context || !chooses(build, at) || !told.insert(at) {
                continue;
            }
            let name = file.entry.label.from.trim_start_matches("context:");
            let text = Text {
                what: format!(
                    "{name} is for {}, but taken for {}",
                    file.machine, file.platform
                ),
                why: "The folder's name says one CPU and the program in it is for another.".into(),
                next: "Swap the folders, or fix the job that fills them.".into(),
            };
            out.report(
                self,
                build.place(instruction.keyword.span, Some(file.platform)),
                text,
            );
        }
    }
}

/// Folders with the names of compilers.
fn misnamed(rule: ArtifactDirSwapped, build: &BuildFacts<'_>, out: &mut Findings) {
    if build.files.is_empty() {
        return;
    }
    let ignore = build.request.dockerignore.as_deref();
    let ignore = ignore
        .and_then(|text| Ignore::parse(text).ok())
        .unwrap_or_default();
    let kept: Vec<&str> = build
        .files
        .iter()
        .map(String::as_str)
        .filter(|f| ignore.keeps(f))
        .collect();
    for instruction in &build.dockerfile.instructions {
        let (Kind::Copy(transfer) | Kind::Add(transfer)) = &instruction.kind else {
            continue;
        };
        if transfer.from.is_some() {
            continue;
        }
        for source in &transfer.sources {
            for (platform, _) in build.platforms() {
                let fill = |name: &str| {
                    source
                        .text
                        .replace("${TARGETARCH}", name)
                        .replace("$TARGETARCH", name)
                        .replace("${TARGETOS}", &platform.os)
                        .replace("$TARGETOS", &platform.os)
                };
                let asked = fill(&platform.architecture);
                let has = |path: &str| sources(path, &kept).is_ok_and(|found| !found.is_empty());
                if asked == source.text || asked.contains('$') || has(&asked) {
                    continue;
                }
                let names = NAMES
                    .iter()
                    .find(|(name, _)| *name == platform.architecture);
                let others = names.into_iter().flat_map(|(_, others)| others.iter());
                let Some(other) = others.map(|other| fill(other)).find(|path| has(path)) else {
                    continue;
                };
                let asked = asked.trim_start_matches('/');
                let text = Text {
                    what: format!("{asked} is not in the build context; {other} is"),
                    why: format!("The step fails: \"/{asked}\": not found. TARGETARCH is amd64 or arm64, never x86_64 or aarch64.").into(),
                    next: "Rename the folders to the names of TARGETARCH.".into(),
                };
                out.report(&rule, build.place(source.span, Some(platform)), text);
                break;
            }
        }
    }
}
