//! From what a user hands in to what the core asks for: request, builder, catalogue.

use std::collections::BTreeSet;

use crate::bases::{self, Catalogue};
use crate::build::{BuildRequest, predict};
use crate::content::SourceFile;
use crate::dockerfile;
use crate::environment::{Driver, EMULATED_ARCHITECTURES, Environment, ImageStore, Node};
use crate::platform::Platform;

use super::{ContextFile, Project, Settings};

/// The files of the context, as content is followed from them.
pub(super) fn sources(project: &Project) -> Vec<SourceFile<'_>> {
    let files = project.files.iter();
    files
        .map(|file| SourceFile {
            path: &file.path,
            bytes: file.bytes.as_deref(),
        })
        .collect()
}

/// The builder that the settings describe.
pub(super) fn environment(settings: &Settings) -> Environment {
    let driver = match settings.driver.as_str() {
        "docker" => Driver::Docker,
        "kubernetes" => Driver::Kubernetes,
        "remote" => Driver::Remote,
        _ => Driver::DockerContainer,
    };
    // Only BuildKit's own images bring emulators along; dockerd does not.
    let emulators = match driver {
        Driver::Docker | Driver::Legacy => Vec::new(),
        Driver::DockerContainer | Driver::Kubernetes | Driver::Remote => EMULATED_ARCHITECTURES
            .iter()
            .map(|&name| name.to_owned())
            .collect(),
    };
    let newest = Environment::newest();
    Environment {
        driver,
        store: if settings.containerd_store {
            ImageStore::Containerd
        } else {
            ImageStore::GraphDriver
        },
        buildkit: settings
            .buildkit
            .as_deref()
            .and_then(|version| version.parse().ok())
            .unwrap_or(newest.buildkit),
        binfmt: settings
            .emulators
            .iter()
            .filter(|name| *name != "none")
            .cloned()
            .collect(),
        emulators,
        nodes: vec![Node {
            name: "builder0".to_owned(),
            endpoint: "default".to_owned(),
            platforms: vec![native(settings)],
        }],
        ..newest
    }
}

/// The builder's own platform; what cannot be understood counts as amd64.
fn native(settings: &Settings) -> Platform {
    let parsed: Result<Platform, _> = settings.build_platform.trim().parse();
    parsed.unwrap_or_else(|_| Platform::new("linux", "amd64"))
}

/// What BuildKit is asked for.
pub(super) fn request(project: &Project) -> BuildRequest {
    let settings = &project.settings;
    BuildRequest {
        platforms: settings
            .platforms
            .iter()
            .map(|platform| platform.trim().to_owned())
            .filter(|platform| !platform.is_empty())
            .collect(),
        build_platforms: vec![native(settings)],
        build_args: settings.build_args.iter().cloned().collect(),
        target: settings.target.clone(),
        contexts: settings.contexts.iter().cloned().collect(),
        dockerignore: ignore_file(project),
    }
}

/// `NAME.dockerignore` beside the Dockerfile wins over the context's `.dockerignore`.
fn ignore_file(project: &Project) -> Option<String> {
    let own = format!("{}.dockerignore", project.dockerfile_name);
    let text = |path: &str| {
        let is_it = |file: &&ContextFile| file.path.trim_start_matches("./") == path;
        let bytes = project.files.iter().find(is_it)?.bytes.as_ref()?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    };
    text(&own).or_else(|| text(".dockerignore"))
}

/// The base images that a build of the project asks registries for, normalised, each once.
pub fn base_references(project: &Project) -> BTreeSet<String> {
    let (file, problems) = dockerfile::parse(&project.dockerfile);
    let request = request(project);
    let (catalogue, _) = catalogue(project);
    let outcome = predict(&project.dockerfile, &file, &problems, &request, &catalogue);
    let platforms = outcome.platforms.into_iter();
    let bases = platforms.flat_map(|platform| platform.bases);
    bases.map(|base| base.reference).collect()
}

/// The catalogue given, or the embedded one; and what is wrong with the one given.
pub(super) fn catalogue(project: &Project) -> (Catalogue, Vec<bases::ReadError>) {
    match &project.bases {
        Some(text) => bases::read(text),
        None => (Catalogue::embedded(), Vec::new()),
    }
}
