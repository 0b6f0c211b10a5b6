//! The seam to `core::build`: what a job asks to be built, and what came of it.
//!
//! The runner does not build. It hands an [`Invocation`] to a function and lays the [`Verdict`]
//! out as the real tools would print it.

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::platform::Platform;

/// One build, from `docker buildx build`, `docker build`, a bake target or an action.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Invocation {
    /// Name of the Dockerfile, relative to the context.
    pub dockerfile_name: String,
    pub dockerfile: String,
    /// The build context, by slash-separated path below its root.
    pub context: BTreeMap<String, ContextFile>,
    /// As typed, one specifier each; empty for the builder's own.
    pub platforms: Vec<String>,
    /// Normalised references.
    pub tags: Vec<String>,
    pub push: bool,
    pub load: bool,
    /// `--output` values as typed.
    pub outputs: Vec<String>,
    /// `push-by-digest=true`.
    pub by_digest: bool,
    pub build_args: BTreeMap<String, String>,
    pub target: Option<String>,
    pub build_contexts: BTreeMap<String, String>,
    /// As typed after `--provenance`; `None` for the default.
    pub provenance: Option<String>,
    pub sbom: Option<String>,
    pub annotations: Vec<String>,
    pub labels: Vec<(String, String)>,
    pub cache_to: Vec<String>,
    pub cache_from: Vec<String>,
    /// Whether attestations are attached, defaults considered.
    pub attests: bool,
    /// Line of the CI file that asked for it, from 1.
    pub line: usize,
    /// Whether nothing that is not simulated can have put files into the context.
    pub context_is_known: bool,
}

/// A file of the context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextFile {
    /// `None` where only a real run could say.
    pub bytes: Option<Vec<u8>>,
    /// How the job made it.
    pub made: Option<Made>,
}

/// A file that a command of the job made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The command, such as `go build -o server .`.
    pub by: String,
    /// The CPU that it is for, where it is a program.
    pub machine: Option<Platform>,
    /// Line of the CI file.
    pub line: usize,
}

/// What came of a build.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// `[linux/arm64 internal] load metadata for …`: platform prefix and reference.
    pub loads: Vec<String>,
    pub steps: Vec<Step>,
    pub failure: Option<Failure>,
    /// In the order of the request; empty if the build fails.
    pub images: Vec<Image>,
    /// The root of what is exported, where it is an index.
    pub index: Option<Digest>,
    /// BuildKit's lint warnings: line, rule and message.
    pub warnings: Vec<(usize, String, String)>,
    /// Whether the digests are those that a real build would have.
    pub exact: bool,
}

/// A vertex of the progress log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub name: String,
    pub kind: StepKind,
    pub platform: Option<Platform>,
    /// Executed under an emulator.
    pub emulated: bool,
    /// Positions of the platforms that need it.
    pub lanes: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    Source,
    Exec,
    File,
}

/// Why a build failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Behind `failed to solve: `.
    pub text: String,
    /// Position in [`Verdict::steps`] of the vertex that failed.
    pub step: Option<usize>,
    /// What that vertex printed.
    pub output: Vec<String>,
    /// Line of the Dockerfile, from 1.
    pub line: Option<usize>,
    /// A RUN for a platform that the builder cannot execute.
    pub no_emulator: bool,
}

/// One platform's image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    pub platform: Platform,
    pub manifest: Digest,
    pub config: Digest,
    pub attestation: Option<Digest>,
}

impl Verdict {
    /// What a tag points at after the push: the index, or the only manifest.
    pub fn root(&self) -> Option<&Digest> {
        self.index
            .as_ref()
            .or_else(|| self.images.first().map(|image| &image.manifest))
    }
}

impl Verdict {
    /// Fills in stand-in digests where the answer carries none, so that logs and pushes have some.
    pub fn completed(mut self, invocation: &Invocation) -> Self {
        if self.failure.is_some() {
            return self;
        }
        let stand_in = |what: &str, platform: &str| {
            let text = format!("simulated {what} {platform} {}", invocation.dockerfile);
            Digest::sha256(text.as_bytes())
        };
        if self.images.is_empty() {
            self.exact = false;
            let own = ["linux/amd64".to_owned()];
            let wanted = if invocation.platforms.is_empty() {
                own.as_slice()
            } else {
                &invocation.platforms
            };
            for specifier in wanted {
                let Ok(platform) = specifier.parse::<Platform>() else {
                    continue;
                };
                self.images.push(Image {
                    manifest: stand_in("manifest", specifier),
                    config: stand_in("config", specifier),
                    attestation: invocation
                        .attests
                        .then(|| stand_in("attestation", specifier)),
                    platform,
                });
            }
        }
        if self.index.is_none() && (self.images.len() > 1 || invocation.attests) {
            let all: Vec<&str> = self.images.iter().map(|i| i.manifest.as_str()).collect();
            self.index = Some(stand_in("index", &all.join(" ")));
        }
        self
    }
}
