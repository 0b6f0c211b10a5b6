//! What a job is written for.

/// Choices of `polyarch generate`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    pub registry: Registry,
    /// Path of the image behind the host, such as `acme/app`.
    pub image: String,
    /// Specifiers such as `linux/arm64`, in the order of the index.
    pub platforms: Vec<String>,
    pub strategy: Strategy,
    /// Keep a build cache between runs.
    pub cache: bool,
    pub provenance: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registry {
    DockerHub,
    Ecr,
    Ghcr,
    GitLab,
    ArtifactRegistry,
    /// Any other, by its host.
    Other(String),
}

/// How foreign platforms are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// RUN steps of foreign platforms run under QEMU.
    Emulation,
    /// The Dockerfile compiles on the builder's platform; nothing runs under QEMU.
    CrossCompile,
    /// Each platform on a runner of its own CPU, merged by digest.
    Native,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            registry: Registry::DockerHub,
            image: "acme/app".to_owned(),
            platforms: vec!["linux/amd64".to_owned(), "linux/arm64".to_owned()],
            strategy: Strategy::Emulation,
            cache: false,
            provenance: true,
        }
    }
}

impl Options {
    pub(super) fn platform_list(&self) -> String {
        self.platforms.join(",")
    }

    /// CPUs as binfmt and matrix legs name them, each once.
    pub(super) fn architectures(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for platform in &self.platforms {
            let name = platform.split('/').nth(1).unwrap_or("amd64").to_owned();
            if !all.contains(&name) {
                all.push(name);
            }
        }
        all
    }

    /// The name without tag where it needs no variables of the CI service.
    pub(super) fn name(&self) -> String {
        match &self.registry {
            Registry::DockerHub => format!("docker.io/{}", self.image),
            Registry::Ghcr => format!("ghcr.io/{}", self.image.to_lowercase()),
            Registry::GitLab => format!("registry.gitlab.com/{}", self.image),
            Registry::ArtifactRegistry => format!("europe-docker.pkg.dev/{}", self.image),
            Registry::Ecr => format!(
                "$AWS_ACCOUNT_ID.dkr.ecr.$AWS_DEFAULT_REGION.amazonaws.com/{}",
                self.image
            ),
            Registry::Other(host) => format!("{host}/{}", self.image),
        }
    }

    /// The host to log in to; empty for Docker Hub.
    pub(super) fn host(&self) -> String {
        match &self.registry {
            Registry::DockerHub => String::new(),
            _ => self.name().split('/').next().unwrap_or_default().to_owned(),
        }
    }
}
