//! The jobs of a pipeline.

use crate::ci::yaml::{Mark, Node};

/// A file as read, with all that it includes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pipeline {
    /// Names of the files; [`Mark::file`] counts in it.
    pub files: Vec<String>,
    pub stages: Vec<String>,
    /// Visible jobs in file order, each leg of a matrix by itself.
    pub jobs: Vec<Job>,
    pub unmodelled: Vec<Unmodelled>,
}

/// Something in the file that the simulation leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmodelled {
    pub mark: Mark,
    pub what: String,
}

/// Why GitLab would not take the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    pub mark: Mark,
    /// Name of the file, where it is not the CI file itself.
    pub file: Option<String>,
    pub message: String,
}

/// A job after everything is merged into it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Job {
    /// With the leg of its matrix: `build: [arm64]`.
    pub name: String,
    /// The name without the leg.
    pub base: String,
    pub mark: Mark,
    pub stage: String,
    pub image: Option<Image>,
    pub services: Vec<ServiceImage>,
    /// Global, then the job's own, then the matrix leg's; later ones win.
    pub variables: Vec<(String, String)>,
    pub before_script: Vec<Entry>,
    pub script: Vec<Entry>,
    pub after_script: Vec<Entry>,
    pub artifacts: Vec<String>,
    /// `artifacts: reports: dotenv`.
    pub dotenv: Vec<String>,
    pub needs: Option<Vec<String>>,
    /// `only` and `except`, which count where there are no rules.
    pub only: Option<Refs>,
    pub except: Option<Refs>,
    pub rules: Vec<Rule>,
    pub when: Option<String>,
    pub allow_failure: bool,
    pub tags: Vec<String>,
    /// Seconds, where `timeout` says so.
    pub timeout: Option<f64>,
}

/// An image with its entrypoint.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Image {
    pub name: String,
    pub entrypoint: Option<Vec<String>>,
    pub mark: Mark,
}

/// A service beside the job.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServiceImage {
    pub name: String,
    pub aliases: Vec<String>,
    pub command: Vec<String>,
    pub entrypoint: Option<Vec<String>>,
    pub variables: Vec<(String, String)>,
    pub mark: Mark,
}

/// One item of a script as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    pub text: String,
    pub mark: Mark,
}

/// What `only` or `except` ask for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refs {
    /// Names, patterns and kinds of pipelines; empty where none is asked for.
    pub refs: Vec<String>,
    /// Expressions over variables; one that holds is enough.
    pub variables: Vec<String>,
}

impl Refs {
    pub(super) fn of(node: &Node) -> Self {
        let texts = |node: Option<&Node>| -> Vec<String> {
            let list = node.map(Node::texts).unwrap_or_default();
            list.into_iter().map(str::to_owned).collect()
        };
        if node.as_mapping().is_none() {
            return Self {
                refs: texts(Some(node)),
                variables: Vec::new(),
            };
        }
        Self {
            refs: texts(node.get("refs")),
            variables: texts(node.get("variables")),
        }
    }
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rule {
    pub condition: Option<String>,
    pub when: Option<String>,
    /// Whether it also asks for changed or existing files.
    pub asks_files: bool,
    pub variables: Vec<(String, String)>,
    pub mark: Mark,
}
