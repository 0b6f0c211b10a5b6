//! `polyarch preview`: the options of a prediction, named as buildx names them.

use std::path::PathBuf;

use super::transport::Transport;
use crate::error::CliError;

/// Options of `polyarch preview`.
#[derive(Debug, clap::Args)]
pub(crate) struct Preview {
    /// The Dockerfile, or `-` for standard input; `Dockerfile` in the context otherwise
    #[arg(short, long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Platforms to build [default: linux/amd64,linux/arm64]; repeatable
    #[arg(long = "platform", value_name = "P[,P…]", value_delimiter = ',')]
    pub(crate) platforms: Vec<String>,
    /// The builder's own platform
    #[arg(long, value_name = "P", default_value = "linux/amd64")]
    pub(crate) build_platform: String,
    /// A build argument; repeatable
    #[arg(long = "build-arg", value_name = "K=V")]
    pub(crate) build_args: Vec<String>,
    /// The stage to build
    #[arg(long, value_name = "STAGE")]
    pub(crate) target: Option<String>,
    /// A further named context; repeatable
    #[arg(long = "build-context", value_name = "NAME=VALUE")]
    pub(crate) contexts: Vec<String>,
    /// A tag to push; repeatable
    #[arg(short = 't', long = "tag", value_name = "REF")]
    pub(crate) tags: Vec<String>,
    /// Where the result goes, as buildx takes it; repeatable
    #[arg(short = 'o', long = "output", value_name = "TYPE")]
    pub(crate) outputs: Vec<String>,
    /// Provenance attestation, as buildx takes it
    #[arg(long, value_name = "MODE")]
    pub(crate) provenance: Option<String>,
    /// SBOM attestation, as buildx takes it
    #[arg(long, value_name = "SBOM")]
    pub(crate) sbom: Option<String>,
    /// An annotation, as buildx takes it; repeatable
    #[arg(long = "annotation", value_name = "K=V")]
    pub(crate) annotations: Vec<String>,
    /// A cache export, as buildx takes it; repeatable
    #[arg(long = "cache-to", value_name = "CACHE")]
    pub(crate) cache_to: Vec<String>,
    /// The BuildKit whose defaults the prediction follows [default: the newest known]
    #[arg(long, value_name = "VERSION")]
    pub(crate) buildkit: Option<String>,
    /// A base-image catalogue; the embedded one otherwise
    #[arg(long, value_name = "FILE")]
    pub(crate) bases: Option<PathBuf>,
    /// Ask the registries for the base images; what they say is kept by digest in the user's cache
    #[arg(long, conflicts_with_all = ["bases", "ci"])]
    pub(crate) resolve: bool,
    /// What only a build can know; with it the predicted documents are exact
    #[arg(long, value_name = "FILE")]
    pub(crate) known: Option<PathBuf>,
    /// Preview the targets of a docker-bake.hcl, its JSON form or a compose file; repeated, files
    /// are merged. Names of targets or groups follow in the place of the context
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "ci", "file", "build_args", "target", "contexts", "tags",
    ])]
    pub(crate) bake: Vec<PathBuf>,
    /// A .gitlab-ci.yml or GitHub workflow: the job is played through first
    #[arg(long, value_name = "FILE")]
    pub(crate) ci: Option<PathBuf>,
    /// Which job of --ci; the first that builds an image otherwise
    #[arg(long, value_name = "NAME", requires = "ci")]
    pub(crate) job: Option<String>,
    /// A setting of the simulation that no file tells; repeatable. All but
    /// `build.emulation-factor` are about --ci. With --bake, TARGET.FIELD=VALUE as buildx takes it
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// What changes against another Dockerfile, a folder with one, a git revision of this one
    /// (`main:`) or a playground link; for people and as markdown
    #[arg(long, value_name = "OTHER", conflicts_with_all = ["ci", "bake", "check"])]
    pub(crate) against: Option<String>,
    /// Only the findings; exit code 1 if there is an error among them
    #[arg(long)]
    pub(crate) check: bool,
    /// Output format
    #[arg(long, value_name = "F", value_enum, default_value_t)]
    pub(crate) format: PreviewFormat,
    /// The build context [default: .]; with --bake the targets
    #[arg(value_name = "CONTEXT_DIR|TARGET")]
    pub(crate) places: Vec<String>,
    #[command(flatten)]
    pub(crate) transport: Transport,
}

impl Preview {
    /// The build context, where it is not a bake file that says it.
    pub(crate) fn context(&self) -> Result<PathBuf, CliError> {
        match self.places.as_slice() {
            [] => Ok(PathBuf::from(".")),
            [context] => Ok(PathBuf::from(context)),
            [_, second, ..] => Err(CliError::Usage(format!(
                "`{second}` is one build context too many; give one folder"
            ))),
        }
    }
}

/// How a preview is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum PreviewFormat {
    #[default]
    Human,
    Json,
    Sarif,
    Github,
    Gitlab,
    Markdown,
}
