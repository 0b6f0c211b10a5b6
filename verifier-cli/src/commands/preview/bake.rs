//! `polyarch preview --bake`: each target of a bake or compose file is a build of its own.

use std::path::PathBuf;

use polyarch_core::analysis::{Project, Settings};
use polyarch_core::ci::bake::BakeFile;
use polyarch_core::ci::settings::EMULATION_FACTOR;
use polyarch_core::ci::{BakeError, BakeRequest, BakeTarget, bake_targets};

use super::{Build, bases, context, folder, known, read, settings, text};
use crate::args::preview::Preview;
use crate::error::CliError;
use crate::output;

/// The targets that are asked for, in the order in which bake builds them.
pub(super) fn builds(args: &Preview) -> Result<Vec<Build>, CliError> {
    let mut files = Vec::new();
    for path in &args.bake {
        files.push((path.display().to_string(), text(&read(path)?)));
    }
    let files: Vec<BakeFile<'_>> = files
        .iter()
        .map(|(name, text)| BakeFile { name, text })
        .collect();
    let overrides: Vec<String> = args
        .set
        .iter()
        .filter(|pair| !pair.starts_with(EMULATION_FACTOR))
        .cloned()
        .collect();
    let request = BakeRequest {
        files: &files,
        targets: &args.places,
        overrides: &overrides,
    };
    let variables = |name: &str| std::env::var(name).ok();
    let targets = bake_targets(&request, &variables).map_err(|error| refused(&error))?;
    targets
        .into_iter()
        .map(|target| {
            let project = project(args, &target)?;
            Ok(Build {
                target: Some(target.name),
                project,
            })
        })
        .collect()
}

/// The error with the line that it is about.
fn refused(error: &BakeError) -> CliError {
    let line = match error {
        BakeError::Refused(refusal) => refusal.place.as_ref().and_then(|(_, line, text)| {
            let found = text.lines().nth(line.checked_sub(1)?)?;
            Some(format!("\n  {line} | {}", found.trim_end()))
        }),
        _ => None,
    };
    CliError::Usage(format!("{error}{}", line.unwrap_or_default()))
}

/// What is not known of a target, or not read by buildx either, a line each.
fn tell(target: &BakeTarget) {
    for unread in &target.unread {
        let line = unread
            .line
            .map_or(String::new(), |line| format!(", line {line}"));
        let what = if unread.is_ignored {
            "is ignored"
        } else {
            "is left out"
        };
        output::stderr(&format!(
            "warning: target {}{line}: `{}` {what}: {}\n",
            target.name, unread.field, unread.why
        ));
    }
}

fn project(args: &Preview, target: &BakeTarget) -> Result<Project, CliError> {
    tell(target);
    let context = PathBuf::from(&target.context);
    folder(&context)?;
    let (dockerfile_name, dockerfile) = if let Some(inline) = &target.inline {
        ("Dockerfile".to_owned(), inline.clone())
    } else {
        let path = PathBuf::from(&target.dockerfile);
        let text = text(&read(&path)?);
        let name = path.strip_prefix("./").unwrap_or(&path);
        (name.display().to_string(), text)
    };
    Ok(Project {
        dockerfile,
        files: context::files(&context, &dockerfile_name, false),
        dockerfile_name,
        bases: args.bases.as_deref().map(bases).transpose()?,
        known: args.known.as_deref().map(known).transpose()?,
        settings: of_target(settings(args)?, args, target),
        job: None,
    })
}

/// The target's settings; the command line's win where it says some, as `--set` does.
fn of_target(usual: Settings, args: &Preview, target: &BakeTarget) -> Settings {
    let invocation = &target.invocation;
    let mut settings = usual;
    if args.platforms.is_empty() {
        // A target without platforms is built for the builder's own.
        settings.platforms = if invocation.platforms.is_empty() {
            vec![args.build_platform.clone()]
        } else {
            invocation.platforms.clone()
        };
    }
    let pairs = invocation.build_args.iter();
    settings.build_args = pairs.map(|(k, v)| (k.clone(), v.clone())).collect();
    settings.target.clone_from(&invocation.target);
    let contexts = invocation.build_contexts.iter();
    settings.contexts = contexts.map(|(k, v)| (k.clone(), v.clone())).collect();
    settings.tags.clone_from(&invocation.tags);
    let export = &mut settings.export;
    let unless_said = |own: &mut Vec<String>, of_target: &[String]| {
        if own.is_empty() {
            *own = of_target.to_vec();
        }
    };
    unless_said(&mut export.outputs, &invocation.outputs);
    unless_said(&mut export.annotations, &invocation.annotations);
    unless_said(&mut export.cache_to, &invocation.cache_to);
    export.provenance = export.provenance.take().or(invocation.provenance.clone());
    export.sbom = export.sbom.take().or(invocation.sbom.clone());
    settings
}
