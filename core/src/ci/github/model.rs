//! The jobs of a workflow.

use serde_json::Value;

pub use crate::ci::gitlab::Refusal;
use crate::ci::gitlab::Unmodelled;
use crate::ci::yaml::Mark;

/// A workflow file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workflow {
    pub file: String,
    /// Names of the events in `on`.
    pub events: Vec<String>,
    pub env: Vec<(String, String)>,
    /// Each leg of a matrix by itself, in file order.
    pub jobs: Vec<Job>,
    pub unmodelled: Vec<Unmodelled>,
}

/// A job, or a leg of its matrix.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Job {
    /// `build`, or `build: [linux/amd64]` for a leg.
    pub name: String,
    pub base: String,
    pub mark: Mark,
    pub runs_on: String,
    pub needs: Vec<String>,
    pub env: Vec<(String, String)>,
    pub matrix: serde_json::Map<String, Value>,
    /// Of the job, else of the workflow.
    pub permissions: Option<Permissions>,
    pub steps: Vec<Step>,
    /// From `defaults: run:`.
    pub shell: Option<String>,
    pub directory: Option<String>,
    pub outputs: Vec<(String, String)>,
    pub condition: Option<String>,
    /// `timeout-minutes`.
    pub timeout: Option<f64>,
}

/// `permissions:`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Permissions {
    pub write_all: bool,
    pub packages: Option<String>,
    pub mark: Mark,
}

impl Permissions {
    pub fn may_write_packages(&self) -> bool {
        self.write_all || self.packages.as_deref() == Some("write")
    }
}

/// One step.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Step {
    pub mark: Mark,
    pub id: Option<String>,
    pub name: Option<String>,
    pub uses: Option<String>,
    pub run: Option<String>,
    pub with: Vec<(String, String)>,
    pub env: Vec<(String, String)>,
    pub shell: Option<String>,
    pub directory: Option<String>,
    pub condition: Option<String>,
    pub continue_on_error: bool,
}
