//! `polyarch generate`: writes a CI job for the settings given.

use polyarch_core::ci::generate::{Options, Registry, Strategy, github, gitlab};
use polyarch_core::platform::Platform;
use polyarch_core::reference::Reference;

use crate::args::generate::{Generate, Service, Strategy as Asked};
use crate::error::CliError;
use crate::exit_code::ExitCode;
use crate::output;

/// Prints the file.
pub(crate) fn run(args: &Generate) -> Result<ExitCode, CliError> {
    let options = options(args)?;
    let text = match args.service {
        Service::Gitlab => gitlab(&options),
        Service::Github => github(&options),
    };
    output::stdout(&text)?;
    Ok(ExitCode::Pass)
}

fn options(args: &Generate) -> Result<Options, CliError> {
    let usual = Options::default();
    let mut options = Options {
        registry: registry(&args.registry),
        image: args.image.clone(),
        platforms: args.platforms.clone(),
        strategy: match args.strategy {
            Asked::Emulation => Strategy::Emulation,
            Asked::CrossCompile => Strategy::CrossCompile,
            Asked::Native => Strategy::Native,
        },
        cache: args.cache,
        provenance: !args.no_provenance,
    };
    if let Some(link) = &args.from {
        let project = polyarch_core::share::decode(link)
            .map_err(|error| CliError::Usage(error.to_string()))?;
        if options.platforms.is_empty() {
            options.platforms = project.settings.platforms;
        }
        let tag = project
            .settings
            .tags
            .first()
            .and_then(|tag| tag.parse::<Reference>().ok());
        if let Some(tag) = tag {
            options.image = tag.path;
            options.registry = registry(&tag.host);
        }
    }
    if options.platforms.is_empty() {
        options.platforms = usual.platforms;
    }
    for platform in &options.platforms {
        let parsed = platform.parse::<Platform>();
        parsed.map_err(|error| CliError::Usage(error.to_string()))?;
    }
    let named = format!("registry.invalid/{}", options.image).parse::<Reference>();
    named.map_err(|error| {
        CliError::Usage(format!(
            "`{}` is no path of an image: {error}",
            options.image
        ))
    })?;
    Ok(options)
}

fn registry(text: &str) -> Registry {
    match text {
        "hub" | "docker.io" => Registry::DockerHub,
        "ecr" => Registry::Ecr,
        "ghcr" | "ghcr.io" => Registry::Ghcr,
        "gitlab" | "registry.gitlab.com" => Registry::GitLab,
        "gar" => Registry::ArtifactRegistry,
        host => Registry::Other(host.to_owned()),
    }
}
