//! From options and policy to what core is told to expect. The command line wins over the file.

use std::path::{Path, PathBuf};

use polyarch_core::analysis::{self, Project, Settings};
use polyarch_core::digest::Digest;
use polyarch_core::platform::Platform;
use polyarch_core::verify::{Depth, Expectation, Promise};

use super::others::Other;
use crate::args::verify::Verify;
use crate::commands::preview::{build_arg, context};
use crate::error::CliError;
use crate::metadata;
use crate::policy::Policy;
use crate::source::Location;

/// What all references of a run must fulfil.
#[derive(Debug)]
pub(super) struct Demands {
    base: Expectation,
    expected: Option<Digest>,
    metadata_file: Option<PathBuf>,
    /// The policy file that was read.
    pub(super) policy_file: Option<PathBuf>,
}

impl Demands {
    /// Reads the policy, checks everything that can be checked before anything is fetched.
    pub(super) fn new(args: &Verify) -> Result<Self, CliError> {
        let policy_file = match (&args.policy, args.no_policy) {
            (_, true) => None,
            (Some(path), false) => Some(path.clone()),
            (None, false) => Policy::here(),
        };
        let policy = match &policy_file {
            Some(path) => Policy::read(path)?,
            None => Policy::default(),
        };
        let platforms = if args.platforms.is_empty() {
            policy.platforms
        } else {
            args.platforms.clone()
        };
        let base = if platforms.is_empty() {
            Expectation::default()
        } else {
            Expectation::of(platforms)
        };
        let promises = match &args.dockerfile {
            Some(path) => promises(path, args, &base)?,
            None => Vec::new(),
        };
        let own = args.allow.iter().map(|allow| allow.0.clone());
        Ok(Self {
            base: Expectation {
                exact: args.exact || policy.exact.unwrap_or(false),
                depth: args.deep.or(policy.depth).unwrap_or_default(),
                promises,
                strict: args.strict,
                waivers: own.chain(policy.waivers).collect(),
                ..base
            },
            expected: args.expect_digest.clone(),
            metadata_file: args.metadata_file.clone(),
            policy_file,
        })
    }

    /// How deep to look.
    pub(super) fn depth(&self) -> Depth {
        self.base.depth
    }

    /// What one reference must be.
    pub(super) fn of(
        &self,
        location: &Location,
        others: &[Other],
    ) -> Result<Expectation, CliError> {
        let mut expectation = self.base.clone();
        let digests = &mut expectation.digests;
        if let Some(digest) = &self.expected {
            digests.push(("--expect-digest".to_owned(), digest.clone()));
        }
        if let Some(path) = &self.metadata_file {
            let reference = match location {
                Location::Registry(reference) => Some(reference),
                _ => None,
            };
            let digest = metadata::digest_for(path, reference)?;
            digests.push((path.display().to_string(), digest));
        }
        for other in others {
            if let Ok(digest) = &other.digest {
                digests.push((other.text.clone(), digest.clone()));
            }
        }
        Ok(expectation)
    }
}

/// What the Dockerfile says of each required platform, with its own folder as the context.
fn promises(
    path: &Path,
    args: &Verify,
    expectation: &Expectation,
) -> Result<Vec<Promise>, CliError> {
    let bytes = std::fs::read(path).map_err(|source| CliError::Read {
        path: path.to_owned(),
        source,
    })?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        Some(_) | None => Path::new("."),
    };
    let project = Project {
        dockerfile: String::from_utf8_lossy(&bytes).into_owned(),
        files: context::files(folder, &name, false),
        dockerfile_name: path.display().to_string(),
        settings: Settings {
            platforms: expectation
                .platforms
                .iter()
                .map(Platform::specifier)
                .collect(),
            build_args: args
                .build_args
                .iter()
                .filter_map(|text| build_arg(text))
                .collect(),
            target: args.target.clone(),
            ..Settings::default()
        },
        ..Project::default()
    };
    analysis::promises(&project).map_err(|(platform, text)| {
        CliError::Usage(format!(
            "{} cannot be built for {platform}, so it does not say what the image must be: {text}",
            path.display()
        ))
    })
}
