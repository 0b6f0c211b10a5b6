//! What a build gives on each platform: an image or BuildKit's error, steps, and lint facts.

use crate::bases::{ContainerConfig, Entry, HistoryEntry};
use crate::diagnostic::Span;
use crate::platform::Platform;

use super::lint::Lint;

/// The whole answer to one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// In the order of the request, which is the order of the index; duplicates stay.
    pub platforms: Vec<PlatformOutcome>,
    /// What `docker build --check` finds: for the builder's platform and, without a target, in
    /// all stages.
    pub check: Check,
}

/// One platform's build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformOutcome {
    /// As typed.
    pub requested: String,
    /// Normalised; `None` where the text is no platform.
    pub platform: Option<Platform>,
    /// The image, or why there is none.
    pub result: Result<BuiltImage, BuildError>,
    /// Steps in topological order; empty where the build fails at conversion.
    pub steps: Vec<Step>,
    /// What lint finds on this platform. A build prints the first platform's only.
    pub lint: Vec<Lint>,
    /// What each instruction reached turned into, in file order; see [`PlatformOutcome::effect`].
    pub effects: Vec<Effect>,
    /// Base images that were resolved, in order.
    pub bases: Vec<ResolvedBase>,
}

impl PlatformOutcome {
    /// What the instruction at a position of `Dockerfile::instructions` turned into.
    pub fn effect(&self, instruction: usize) -> Option<&Effect> {
        let at = self
            .effects
            .partition_point(|effect| effect.instruction < instruction);
        let effect = self.effects.get(at)?;
        (effect.instruction == instruction).then_some(effect)
    }
}

/// The image that a platform's build exports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuiltImage {
    /// What the index entry says: the target platform, whatever the base was.
    pub export: Platform,
    /// What the config says: the same, but for a variant that only the base names.
    pub platform: Platform,
    pub author: String,
    pub config: ContainerConfig,
    /// The base's entries, then those of the Dockerfile; see `base_history`.
    pub history: Vec<HistoryEntry>,
    /// How many entries of `history` are the base image's own.
    pub base_history: usize,
    /// The base image's layers, as far as known; empty for `scratch`.
    pub base: Option<Entry>,
    /// Everything that the config says is known: no base with an unknown config is below it.
    pub exact: bool,
}

/// Why a build gives nothing on a platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildError {
    /// BuildKit's text after `failed to solve: `.
    pub text: String,
    /// Where in the Dockerfile, if it is about a place there.
    pub span: Option<Span>,
    /// Line that BuildKit shows, from 1; 0 where it shows none.
    pub line: usize,
    /// Position in `Dockerfile::instructions`.
    pub instruction: Option<usize>,
}

/// A vertex of the build graph, as the progress log names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Equal for equal steps, also across platforms of one outcome; no meaning elsewhere.
    pub id: usize,
    pub name: String,
    pub kind: StepKind,
    /// `None` where BuildKit has none (file steps; local, HTTP and git sources).
    pub platform: Option<Platform>,
    /// Positions of the steps it reads, in this list.
    pub inputs: Vec<usize>,
    /// The instruction, as a position in `Dockerfile::instructions`; `None` for internal steps.
    pub instruction: Option<usize>,
    /// Some other requested platform has the very same step.
    pub shared: bool,
}

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepKind {
    /// An image, the build context, a URL or a repository.
    Source,
    /// A program runs.
    Exec,
    /// Files are made or copied.
    File,
}

/// What an instruction did on one platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// Position in `Dockerfile::instructions`.
    pub instruction: usize,
    /// Position in the platform's steps, where a step stands behind it.
    pub step: Option<usize>,
    /// The history entry that it made, expanded for this platform; empty where it made none.
    pub history: String,
    /// The platform that its stage runs on.
    pub stage_platform: Platform,
    /// The platform that the stage builds for, where it has declared one that differs.
    pub cross: Option<Platform>,
    /// Variables that ENV or ARG set, and for FROM those that the image brings.
    pub sets: Vec<(String, String)>,
    /// The working directory after FROM or WORKDIR.
    pub directory: Option<String>,
}

/// A base image as a stage or `--from` got it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedBase {
    /// As written, after expansion.
    pub name: String,
    /// Normalised, with tag.
    pub reference: String,
    /// The platform it was asked for.
    pub wanted: Platform,
    /// The platform of the entry taken, as the index says it; `None` where nothing is known.
    pub entry: Option<Platform>,
    /// What the image's own config says.
    pub config: Option<Platform>,
    /// It has no index: every platform gets the same image.
    pub bare: bool,
    pub known: BaseKnowledge,
    /// Position of the FROM, COPY or RUN in `Dockerfile::instructions`.
    pub instruction: Option<usize>,
}

/// How much is known about a base image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaseKnowledge {
    /// Platforms and config.
    Full,
    /// Platforms only, from the embedded list.
    Platforms,
    /// Nothing: taken to exist for every platform.
    Assumed,
}

/// What `--check` prints.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Check {
    pub lint: Vec<Lint>,
    pub error: Option<BuildError>,
}
