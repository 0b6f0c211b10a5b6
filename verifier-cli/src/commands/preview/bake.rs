//! `polyarch preview --bake`: each target of a bake or compose file is a build of its own.

use std::path::{Path, PathBuf};

use polyarch_core::analysis::{Project, Settings};
use polyarch_core::ci::{BakeTarget, bake_targets};

use super::{Build, bases, context, folder, known, read, settings, text};
use crate::args::preview::Preview;
use crate::error::CliError;
use crate::output;

/// The targets that are asked for, in the order in which bake builds them.
pub(super) fn builds(args: &Preview, file: &Path) -> Result<Vec<Build>, CliError> {
    let source = text(&read(file)?);
    let name = file.display().to_string();
    let variables = |name: &str| std::env::var(name).ok();
    let targets = bake_targets(&name, &source, &variables, &args.places)
        .map_err(|error| CliError::Usage(error.to_string()))?;
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

fn project(args: &Preview, target: &BakeTarget) -> Result<Project, CliError> {
    if !target.exact {
        output::stderr(&format!(
            "warning: target {} uses functions or conditions, which are not evaluated; what they \
             set is left out\n",
            target.name
        ));
    }
    let context = PathBuf::from(&target.context);
    folder(&context)?;
    let (dockerfile_name, dockerfile) = if let Some(inline) = &target.inline {
        ("Dockerfile".to_owned(), inline.clone())
    } else {
        let usual = || context.join("Dockerfile");
        let path = target.dockerfile.as_ref().map_or_else(usual, PathBuf::from);
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
