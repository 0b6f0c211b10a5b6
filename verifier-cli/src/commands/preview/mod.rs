//! `polyarch preview`: what each platform gets, before anything is built.

mod against;
mod bake;
mod cache;
pub(super) mod context;
mod job;
mod resolve;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use polyarch_core::analysis::{Analysis, Project, Settings, alternatives, analyse};
use polyarch_core::build::documents::{ExportFlags, Known};
use polyarch_core::ci::settings::EMULATION_FACTOR;
use polyarch_core::diagnostic::Severity;
use polyarch_core::environment::CostModel;

use crate::args::preview::{Preview, PreviewFormat};
use crate::error::CliError;
use crate::exit_code::ExitCode;
use crate::output;
use crate::output::preview::{Shown, github, gitlab, human, json, markdown, sarif, targets};

/// One build that is previewed.
struct Build {
    /// Its name in a bake file.
    target: Option<String>,
    project: Project,
}

/// Reads the files, asks core, prints.
pub(crate) fn run(args: &Preview) -> Result<ExitCode, CliError> {
    if let Some(file) = &args.ci {
        return job::run(args, file);
    }
    let mut builds = if args.bake.is_empty() {
        vec![Build {
            target: None,
            project: project(args)?,
        }]
    } else {
        bake::builds(args)?
    };
    if args.resolve {
        let mut projects: Vec<&mut Project> =
            builds.iter_mut().map(|build| &mut build.project).collect();
        resolve::resolve(&mut projects, &args.transport)?;
    }
    let analyses: Vec<Analysis> = builds.iter().map(|build| analyse(&build.project)).collect();
    if let (Some(other), [build], [after]) = (&args.against, &*builds, &*analyses) {
        against::print(args, other, &build.project, after)?;
        return Ok(ExitCode::Pass);
    }
    let shown: Vec<Shown<'_>> = builds
        .iter()
        .zip(&analyses)
        .map(|(build, analysis)| Shown {
            target: build.target.as_deref(),
            project: &build.project,
            analysis,
            alternatives: alternatives(&build.project),
            job: None,
            only_findings: args.check,
            code: code(args, analysis),
        })
        .collect();
    print(args, &shown)?;
    let codes = shown.iter().map(|shown| shown.code);
    Ok(codes.fold(ExitCode::Pass, ExitCode::worst))
}

fn code(args: &Preview, analysis: &Analysis) -> ExitCode {
    let mut severities = analysis.diagnostics.iter().map(|found| found.severity);
    if args.check && severities.any(|severity| severity == Severity::Error) {
        ExitCode::Failed
    } else {
        ExitCode::Pass
    }
}

fn print(args: &Preview, shown: &[Shown<'_>]) -> Result<(), CliError> {
    let each = |render: fn(&Shown<'_>) -> String| {
        let texts: Vec<String> = shown.iter().map(render).collect();
        texts.join("\n")
    };
    let text = match args.format {
        PreviewFormat::Human => targets::overview(shown) + &each(human::render),
        PreviewFormat::Json => json::render(shown),
        PreviewFormat::Sarif => sarif::render(shown),
        PreviewFormat::Github => each(github::render),
        PreviewFormat::Gitlab => gitlab::render(shown),
        PreviewFormat::Markdown => each(markdown::render),
    };
    output::stdout(&text)
}

/// A named folder as a build context.
fn folder(path: &Path) -> Result<(), CliError> {
    if path.is_dir() {
        return Ok(());
    }
    let path = path.display();
    Err(CliError::Usage(format!(
        "the build context `{path}` is not a folder; give the folder that COPY reads from"
    )))
}

fn project(args: &Preview) -> Result<Project, CliError> {
    let context = args.context()?;
    folder(&context)?;
    let (name, dockerfile) = dockerfile(args, &context)?;
    let bases = args.bases.as_deref().map(bases).transpose()?;
    let known = args.known.as_deref().map(known).transpose()?;
    Ok(Project {
        dockerfile,
        files: context::files(&context, &name, false),
        dockerfile_name: name,
        bases,
        known,
        settings: settings(args)?,
        job: None,
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
        emulation_factor: emulation_factor(args)?,
        export: flags,
        ..usual
    })
}

/// The one `--set` that is about builds, of those that are not a job's.
fn emulation_factor(args: &Preview) -> Result<Option<u32>, CliError> {
    let mut factor = None;
    for pair in &args.set {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if key != EMULATION_FACTOR && !args.bake.is_empty() {
            continue;
        }
        if key != EMULATION_FACTOR {
            return Err(CliError::Usage(format!(
                "--set {key} is about a job; give --ci too, or only {EMULATION_FACTOR}"
            )));
        }
        factor = Some(CostModel::factor(value).ok_or_else(|| {
            CliError::Usage(format!(
                "`{value}` is no value for {key}; it is a whole number from 1 to 1000"
            ))
        })?);
    }
    Ok(factor)
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
fn dockerfile(args: &Preview, context: &Path) -> Result<(String, String), CliError> {
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
        None => context.join("Dockerfile"),
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
