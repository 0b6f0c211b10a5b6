//! `polyarch preview`: what each platform gets, before anything is built.

pub(super) mod context;
mod job;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use polyarch_core::analysis::{Project, Settings, analyse};
use polyarch_core::build::documents::{ExportFlags, Known};
use polyarch_core::diagnostic::Severity;

use crate::args::preview::{Preview, PreviewFormat};
use crate::error::CliError;
use crate::exit_code::ExitCode;
use crate::output;
use crate::output::preview::{Shown, github, human, json, markdown};

/// Reads the files, asks core, prints.
pub(crate) fn run(args: &Preview) -> Result<ExitCode, CliError> {
    if let Some(file) = &args.ci {
        return job::run(args, file);
    }
    let project = project(args)?;
    let analysis = analyse(&project);
    let shown = Shown {
        project: &project,
        analysis: &analysis,
        job: None,
        only_findings: args.check,
    };
    print(args, &shown)?;
    let mut severities = analysis.diagnostics.iter().map(|found| found.severity);
    let failed = args.check && severities.any(|severity| severity == Severity::Error);
    Ok(if failed {
        ExitCode::Failed
    } else {
        ExitCode::Pass
    })
}

fn print(args: &Preview, shown: &Shown<'_>) -> Result<(), CliError> {
    let text = match args.format {
        PreviewFormat::Human => human::render(shown),
        PreviewFormat::Json => json::render(shown),
        PreviewFormat::Github => github::render(shown),
        PreviewFormat::Markdown => markdown::render(shown),
    };
    output::stdout(&text)
}

fn project(args: &Preview) -> Result<Project, CliError> {
    if !args.context.is_dir() {
        let path = args.context.display();
        return Err(CliError::Usage(format!(
            "the build context `{path}` is not a folder; give the folder that COPY reads from"
        )));
    }
    let (name, dockerfile) = dockerfile(args)?;
    let bases = args.bases.as_deref().map(bases).transpose()?;
    let known = args.known.as_deref().map(known).transpose()?;
    Ok(Project {
        dockerfile,
        files: context::files(&args.context, &name, false),
        dockerfile_name: name,
        bases,
        known,
        settings: settings(args)?,
    })
}

fn settings(args: &Preview) -> Result<Settings, CliError> {
    let usual = Settings::default();
    let platforms: Vec<String> = args
        .platforms
        .iter()
        .map(|platform| platform.trim().to_owned())
        .filter(|platform| !platform.is_empty())
        .collect();
    let flags = ExportFlags {
        outputs: args.outputs.clone(),
        provenance: args.provenance.clone(),
        sbom: args.sbom.clone(),
        annotations: args.annotations.clone(),
        cache_to: args.cache_to.clone(),
        ..ExportFlags::default()
    };
    Ok(Settings {
        platforms: if platforms.is_empty() {
            usual.platforms.clone()
        } else {
            platforms
        },
        build_platform: args.build_platform.clone(),
        build_args: args
            .build_args
            .iter()
            .filter_map(|text| build_arg(text))
            .collect(),
        target: args.target.clone(),
        contexts: args
            .contexts
            .iter()
            .map(|text| named_context(text))
            .collect::<Result<_, _>>()?,
        tags: args.tags.clone(),
        buildkit: args.buildkit.clone(),
        export: flags,
        ..usual
    })
}

/// `K=V`; `K` alone takes its value from the environment, and counts as not given without one.
pub(super) fn build_arg(text: &str) -> Option<(String, String)> {
    match text.split_once('=') {
        Some((key, value)) => Some((key.to_owned(), value.to_owned())),
        None => Some((text.to_owned(), std::env::var(text).ok()?)),
    }
}

fn named_context(text: &str) -> Result<(String, String), CliError> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty());
    let (name, value) = pair.ok_or_else(|| {
        CliError::Usage(format!(
            "`{text}` is not a named context; write --build-context NAME=VALUE"
        ))
    })?;
    Ok((name.to_owned(), value.to_owned()))
}

/// The Dockerfile's name for findings, and its text.
fn dockerfile(args: &Preview) -> Result<(String, String), CliError> {
    let path: PathBuf = match &args.file {
        Some(path) if path.as_os_str() == "-" => {
            let mut bytes = Vec::new();
            std::io::stdin()
                .read_to_end(&mut bytes)
                .map_err(|source| CliError::Read {
                    path: path.clone(),
                    source,
                })?;
            return Ok(("Dockerfile".to_owned(), text(&bytes)));
        }
        Some(path) => path.clone(),
        None => args.context.join("Dockerfile"),
    };
    let bytes = read(&path)?;
    let name = path.strip_prefix("./").unwrap_or(&path);
    Ok((name.display().to_string(), text(&bytes)))
}

fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    std::fs::read(path).map_err(|source| CliError::Read {
        path: path.to_owned(),
        source,
    })
}

/// What is no UTF-8 becomes U+FFFD, as the tools print it.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn bases(path: &Path) -> Result<String, CliError> {
    let text = text(&read(path)?);
    let (_, errors) = polyarch_core::bases::read(&text);
    match errors.first() {
        None => Ok(text),
        Some(error) => Err(CliError::Usage(format!("{}: {error}", path.display()))),
    }
}

fn known(path: &Path) -> Result<String, CliError> {
    let text = text(&read(path)?);
    match Known::read(&text) {
        Ok(_) => Ok(text),
        Err(error) => Err(CliError::Usage(format!("{}: {error}", path.display()))),
    }
}
