//! `polyarch generate`: what a CI job is written for.

/// Options of `polyarch generate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Generate {
    /// The CI service
    #[arg(value_enum)]
    pub(crate) service: Service,
    /// The registry: hub, ecr, ghcr, gitlab, gar, or the host of another
    #[arg(long, value_name = "REGISTRY", default_value = "hub")]
    pub(crate) registry: String,
    /// The image's path behind the host
    #[arg(long, value_name = "PATH", default_value = "acme/app")]
    pub(crate) image: String,
    /// Platforms to build [default: linux/amd64,linux/arm64]; repeatable
    #[arg(long = "platform", value_name = "P[,P…]", value_delimiter = ',')]
    pub(crate) platforms: Vec<String>,
    /// How foreign platforms are built
    #[arg(long, value_enum, default_value_t)]
    pub(crate) strategy: Strategy,
    /// Keep a build cache between runs
    #[arg(long)]
    pub(crate) cache: bool,
    /// Attach no provenance
    #[arg(long)]
    pub(crate) no_provenance: bool,
    /// Take platforms and tag from a playground link
    #[arg(long, value_name = "LINK")]
    pub(crate) from: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Service {
    Gitlab,
    Github,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Strategy {
    /// Under QEMU
    #[default]
    Emulation,
    /// The Dockerfile compiles on the builder's platform
    CrossCompile,
    /// Each platform on its own runner, merged by digest
    Native,
}
