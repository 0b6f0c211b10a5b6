//! What a user is shown: one column a platform, one row an instruction, and what comes of it.

use super::Cost;
use crate::build::BuiltImage;
use crate::content::Origin;
use crate::diagnostic::{Diagnostic, Span};
use crate::digest::Digest;
use crate::platform::Platform;

/// The whole answer to one [`super::Project`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysis {
    pub verdict: Verdict,
    /// In the order of the request, which is the order of the index.
    pub platforms: Vec<PlatformView>,
    /// The Dockerfile's stages in file order, used or not.
    pub stages: Vec<StageView>,
    /// All findings, gravest first within a place, places in file order.
    pub diagnostics: Vec<Diagnostic>,
    /// What a build prints as warnings (BuildKit's lint of the first platform).
    pub warnings: Vec<WarningView>,
    /// What `docker build --check` prints.
    pub check: Vec<WarningView>,
    /// The error of `docker build --check`, after `failed to solve: `.
    pub check_error: Option<String>,
    /// Predicted registry documents: index, then each platform's manifest and config, then the
    /// attestations.
    pub documents: Vec<DocumentView>,
    /// Estimate of how long the build takes.
    pub cost: Cost,
}

impl Analysis {
    /// What the instruction at a line put into the image of a column, wrong files first, then
    /// those for one CPU.
    pub fn brought(&self, column: usize, line: usize) -> Vec<&ContentView> {
        let content = self.platforms.get(column).map(|platform| &platform.content);
        let mut brought: Vec<&ContentView> = content
            .into_iter()
            .flatten()
            .filter(|entry| entry.line == Some(line))
            .collect();
        brought.sort_by_key(|entry| (!entry.wrong, entry.cpu.is_none()));
        brought
    }
}

/// The one sentence at the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub kind: VerdictKind,
    /// How many platforms would be in the tag.
    pub published: usize,
    /// How many were asked for.
    pub requested: usize,
    /// The tool's own text of the first thing that fails.
    pub error: Option<String>,
    /// Position in [`Analysis::diagnostics`] of the finding that decides.
    pub finding: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerdictKind {
    /// Everything that was asked for would be published, and nothing grave is known about it.
    Publishes,
    /// It would be published, but something in it is wrong.
    PublishesWrong,
    /// Nothing is pushed: the build or the push fails.
    Fails,
    /// The build succeeds, but nothing is pushed.
    NothingPushed,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformView {
    /// As the user typed it.
    pub requested: String,
    /// Normalised; `None` where the text is no platform.
    pub platform: Option<Platform>,
    /// What the exported config and index entry say.
    pub export: Option<Platform>,
    /// BuildKit's text after `failed to solve: ` had this platform alone failed.
    pub error: Option<String>,
    /// The steps of this platform's build graph in topological order.
    pub steps: Vec<StepView>,
    /// Estimate of how long this platform takes.
    pub cost: Cost,
    /// The images that it pulls, each with the platform that it is asked for.
    pub pulls: Vec<(String, Platform)>,
    /// The image's config as name and value, in the order of `docker image inspect`; empty if the
    /// platform fails.
    pub config: Vec<(String, Vec<String>)>,
    /// `created_by` of each history entry that this Dockerfile adds.
    pub history: Vec<String>,
    /// The image with its typed config; `None` if the platform fails.
    pub image: Option<BuiltImage>,
    /// The files that the Dockerfile brings into the image, by path; empty if the platform fails.
    pub content: Vec<ContentView>,
}

/// A file or folder of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentView {
    /// Absolute.
    pub path: String,
    /// It speaks for all files in it that have no entry of their own.
    pub folder: bool,
    /// `linux/arm64`, `any` or `unknown`.
    pub machine: String,
    /// `context:bin/app`, `build:12`, an image or a URL.
    pub from: String,
    /// Why, as a sentence without a stop.
    pub why: String,
    pub origin: Origin,
    /// The CPU that it is for, where it is for one.
    pub cpu: Option<Platform>,
    /// It is for another CPU than the image.
    pub wrong: bool,
    /// Line of the instruction that put it into the image, from 1; `None` for a program that comes
    /// with the base.
    pub line: Option<usize>,
    /// Line of the instruction that made it or took it from outside, where that is another one.
    pub made: Option<usize>,
}

/// A step as the progress log names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepView {
    /// `[linux/amd64->arm64 build 3/4] RUN go build …`
    pub name: String,
    pub kind: StepKind,
    /// `None` where BuildKit has none (file steps; local, HTTP and git sources).
    pub platform: Option<Platform>,
    /// `None` where nothing runs.
    pub runs: Option<Runs>,
    /// Equal for equal steps, also across platforms of one analysis; no meaning elsewhere.
    pub id: usize,
    /// Positions of the steps that it reads, in its platform's list.
    pub inputs: Vec<usize>,
    /// Whether it is one step for several of the requested platforms.
    pub shared: bool,
    /// Line of the instruction, from 1; `None` for internal steps.
    pub line: Option<usize>,
    /// Nothing that it stands on is assumed.
    pub exact: bool,
    /// Estimate of how long it takes; 0 where it cannot run.
    pub milliseconds: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    Source,
    Exec,
    File,
}

impl StepKind {
    /// The word of the JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Exec => "exec",
            Self::File => "file",
        }
    }
}

/// How a program of a step is executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runs {
    /// On a CPU of its own kind.
    Native,
    /// Under QEMU.
    Emulated,
    /// Not at all: the builder has neither the CPU nor an emulator.
    Unsupported,
}

impl Runs {
    /// The word of the JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Emulated => "emulated",
            Self::Unsupported => "unsupported",
        }
    }
}

/// A stage of the Dockerfile and its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageView {
    /// Its name as given, or `stage-N` for the N-th (from 0) without one.
    pub name: String,
    /// Whether any requested platform's build reaches it.
    pub used: bool,
    /// Whether it is the one that is exported.
    pub is_final: bool,
    pub rows: Vec<RowView>,
}

/// An instruction across all platforms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowView {
    /// First line of the instruction, from 1.
    pub line: usize,
    /// The instruction in the Dockerfile.
    pub span: Span,
    /// `RUN`, upper-case.
    pub keyword: String,
    /// The rest, without flags and on one line.
    pub text: String,
    /// Left to right; together they cover every column exactly once.
    pub cells: Vec<Cell>,
}

/// What an instruction is on one platform, or on several adjacent ones that share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// First column, from 0.
    pub column: usize,
    /// How many columns it spans, at least 1.
    pub columns: usize,
    pub state: CellState,
    /// Position in the first column's [`PlatformView::steps`], where a step stands behind it.
    pub step: Option<usize>,
    /// The platform that a build stage compiles for, where it runs on another one and says so.
    pub cross: Option<Platform>,
    /// Where it runs, as a platform.
    pub on: Option<Platform>,
    /// The history entry that it makes, with variables expanded for this platform.
    pub detail: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellState {
    /// A program runs.
    Runs(Runs),
    /// A base image is pulled.
    Pulled,
    /// Files are copied; nothing runs.
    Files,
    /// Only the image's configuration changes.
    Metadata,
    /// This is what stops the build; the tool's own text.
    Failed(String),
    /// Not reached: a stage that nothing needs, or behind a failure.
    NotRun,
    /// Cannot be said, and why.
    Unknown(String),
}

/// A warning as BuildKit prints it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WarningView {
    /// From 1; 0 where BuildKit has none.
    pub line: usize,
    /// BuildKit's CamelCase name.
    pub rule: String,
    pub message: String,
}

/// A predicted document of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentView {
    pub kind: DocumentKind,
    /// The image's platform; for an attestation, the platform that it is about.
    pub platform: Option<Platform>,
    pub media_type: String,
    pub digest: Digest,
    /// True if any input of the document is not known exactly, so that the digest is not the one
    /// that a build will have.
    pub simulated: bool,
    /// The exact bytes; `size` of a descriptor is their length.
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    Index,
    Manifest,
    Config,
    AttestationManifest,
    AttestationConfig,
}

impl DocumentKind {
    /// The word of the JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Manifest => "manifest",
            Self::Config => "config",
            Self::AttestationManifest => "attestation-manifest",
            Self::AttestationConfig => "attestation-config",
        }
    }
}
