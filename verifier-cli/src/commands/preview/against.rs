//! `polyarch preview --against`: the other side of a comparison, and its printing.

use std::path::{Path, PathBuf};
use std::process::Command;

use polyarch_core::analysis::{Analysis, Project, analyse};
use polyarch_core::share;

use super::{context, read, text};
use crate::args::preview::{Preview, PreviewFormat};
use crate::error::CliError;
use crate::output;
use crate::output::preview::against;

/// Prints what changes from `other` to `after`, the build that the command line describes.
pub(super) fn print(
    args: &Preview,
    other: &str,
    project: &Project,
    after: &Analysis,
) -> Result<(), CliError> {
    let render = match args.format {
        PreviewFormat::Human => against::human,
        PreviewFormat::Markdown => against::markdown,
        PreviewFormat::Json
        | PreviewFormat::Sarif
        | PreviewFormat::Github
        | PreviewFormat::Gitlab => {
            return Err(CliError::Usage(
                "--against prints for people only; use --format human or markdown".to_owned(),
            ));
        }
    };
    let (name, before) = side(other, project)?;
    output::stdout(&render(&name, &analyse(&before), after))
}

/// The other build and what to call it. Files have the settings of the command line, a link has
/// its own.
fn side(other: &str, project: &Project) -> Result<(String, Project), CliError> {
    let path = Path::new(other);
    if path.is_dir() {
        let dockerfile = text(&read(&path.join("Dockerfile"))?);
        let files = context::files(path, "Dockerfile", false);
        let project = Project {
            dockerfile,
            files,
            ..project.clone()
        };
        return Ok((other.to_owned(), project));
    }
    let fragment = other.rsplit('#').next().unwrap_or_default();
    if !path.exists() && fragment.starts_with("v1.") {
        let project = share::decode(other).map_err(|error| CliError::Usage(error.to_string()))?;
        return Ok(("the playground link".to_owned(), project));
    }
    let dockerfile = match other.strip_suffix(':') {
        Some(revision) if !path.exists() => of_revision(revision, &project.dockerfile_name)?,
        _ => text(&read(path)?),
    };
    let project = Project {
        dockerfile,
        ..project.clone()
    };
    Ok((other.to_owned(), project))
}

/// The Dockerfile as a git revision has it; the context's files are those of now.
fn of_revision(revision: &str, file: &str) -> Result<String, CliError> {
    let path = PathBuf::from(file);
    let (folder, name) = match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) if !folder.as_os_str().is_empty() => (folder, name),
        _ => (Path::new("."), path.as_os_str()),
    };
    let refused = |why: &str| {
        CliError::Usage(format!(
            "git has no `{file}` in revision `{revision}`: {why}; name a revision as in \
             `--against main:`"
        ))
    };
    if revision.starts_with('-') {
        return Err(refused("a revision does not start with a dash"));
    }
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .arg("show")
        .arg(format!("{revision}:./{}", name.to_string_lossy()))
        .output()
        .map_err(|error| refused(&error.to_string()))?;
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(refused(text(&output.stderr).trim()))
    }
}
