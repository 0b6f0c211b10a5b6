//! What a user hands in: files and settings.

use super::JobRequest;
use crate::build::documents::ExportFlags;

/// Everything an analysis depends on. Texts are kept exactly as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    pub dockerfile: String,
    /// Name of the Dockerfile as the user knows it; places of findings carry it.
    pub dockerfile_name: String,
    /// Further files of the build context. Only names are needed to answer most questions.
    pub files: Vec<ContextFile>,
    /// A base-image catalogue in the form of `--bases`; the embedded one where absent.
    pub bases: Option<String>,
    /// What only a build can know, in the form of `--known`.
    pub known: Option<String>,
    /// The CI job that builds the project, for [`analyse_job`](super::analyse_job);
    /// [`analyse`](super::analyse) does not look at it.
    pub job: Option<JobRequest>,
    pub settings: Settings,
}

/// A file of the build context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextFile {
    /// Slash-separated path below the context's root, such as `cmd/app/main.go`.
    pub path: String,
    /// Its content, where it is known.
    pub bytes: Option<Vec<u8>>,
}

/// Choices that stand on `docker buildx build`'s command line or in the builder's set-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// As typed after `--platform`, one specifier each; may be wrong.
    pub platforms: Vec<String>,
    /// The builder's own platform.
    pub build_platform: String,
    pub build_args: Vec<(String, String)>,
    pub target: Option<String>,
    /// `--build-context NAME=VALUE`.
    pub contexts: Vec<(String, String)>,
    /// Tags to push, as typed after `-t`.
    pub tags: Vec<String>,
    pub push: bool,
    /// Driver of the builder: `docker`, `docker-container`, `kubernetes` or `remote`.
    pub driver: String,
    /// Whether the daemon uses the containerd image store (it decides for the `docker` driver).
    pub containerd_store: bool,
    /// Platforms that the builder's machine can execute besides its own: `all`, `none`, or
    /// architectures as `tonistiigi/binfmt --install` takes them.
    pub emulators: Vec<String>,
    pub attestations: Attestations,
    /// BuildKit version whose defaults the prediction follows; the newest known where absent.
    pub buildkit: Option<String>,
    /// How many times slower programs are under an emulator, for estimates; each kind of work's own
    /// factor where absent (`environment::CostModel`).
    pub emulation_factor: Option<u32>,
    /// Flags that shape what is exported, as typed; they win over `attestations`.
    pub export: ExportFlags,
}

/// What `--provenance` and `--sbom` ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Attestations {
    /// Neither flag is given: BuildKit's default, a minimal provenance.
    #[default]
    Default,
    /// `--provenance=false`.
    None,
    /// `--provenance=mode=max`.
    Max,
    /// `--sbom=true` besides the default provenance.
    WithSbom,
}

impl Default for Project {
    fn default() -> Self {
        Self {
            dockerfile: String::new(),
            dockerfile_name: "Dockerfile".to_owned(),
            files: Vec::new(),
            bases: None,
            known: None,
            job: None,
            settings: Settings::default(),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            platforms: vec!["linux/amd64".to_owned(), "linux/arm64".to_owned()],
            build_platform: "linux/amd64".to_owned(),
            build_args: Vec::new(),
            target: None,
            contexts: Vec::new(),
            tags: Vec::new(),
            push: true,
            driver: "docker-container".to_owned(),
            containerd_store: false,
            emulators: Vec::new(),
            attestations: Attestations::Default,
            buildkit: None,
            emulation_factor: None,
            export: ExportFlags::default(),
        }
    }
}
