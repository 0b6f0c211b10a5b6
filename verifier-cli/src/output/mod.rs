//! Everything that is printed: reports in each format, and the two standard streams.

mod capped;
pub(crate) mod columns;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod markdown;
pub(crate) mod outcome;
pub(crate) mod preview;
mod sarif;
mod stream;
mod text;
pub(crate) mod tree;

use self::outcome::Run;
use crate::args::format::{Format, Output};
use crate::error::CliError;

pub(crate) use stream::{file, stderr, stdout};

/// Writes one report to its place.
pub(crate) fn write(target: &Output, run: &Run) -> Result<(), CliError> {
    let text = match target.format {
        Format::Human => human::render(run),
        Format::Json => json::render(run),
        Format::Junit => junit::render(run),
        Format::Sarif => sarif::render(run),
        Format::Github => github::render(run),
        Format::Gitlab => gitlab::render(run),
        Format::Markdown => markdown::render(run),
    };
    match &target.file {
        Some(path) => file(path, &text),
        None => stdout(&text),
    }
}

/// The JSON schema of `--format json`.
pub(crate) fn json_schema() -> &'static str {
    json::SCHEMA
}

#[cfg(test)]
mod tests;
