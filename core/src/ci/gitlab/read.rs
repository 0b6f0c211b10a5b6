//! The whole file: global keys, then each visible job.

use std::collections::BTreeMap;

use super::extends::{budget, dereferenced, extended, refusal};
use super::include::Reader;
use super::job;
use super::matrix;
use super::model::{Job, Pipeline, Refusal};
use crate::ci::yaml::{Kind, Node};

/// Top-level keys that are no jobs.
const GLOBAL: [&str; 13] = [
    "default",
    "include",
    "stages",
    "variables",
    "workflow",
    "image",
    "services",
    "before_script",
    "after_script",
    "cache",
    "spec",
    "types",
    "$schema",
];

const MAX_JOBS: usize = 500;

/// Reads a `.gitlab-ci.yml`; `given` are the project's other files by path, for local includes.
pub fn read(name: &str, text: &str, given: &BTreeMap<String, String>) -> Result<Pipeline, Refusal> {
    let mut reader = Reader {
        given,
        files: Vec::new(),
        unmodelled: Vec::new(),
    };
    let root = reader.read(name, text, None, 0)?;
    let mut pipeline = Pipeline {
        files: reader.files,
        stages: stages(&root),
        jobs: Vec::new(),
        unmodelled: reader.unmodelled,
    };
    let globals = Globals::of(&root);
    for (key, value) in root.as_mapping().unwrap_or_default() {
        let Some(job_name) = key.as_str() else {
            continue;
        };
        let is_job = !GLOBAL.contains(&job_name) && !job_name.starts_with('.');
        if !is_job {
            continue;
        }
        if value.as_mapping().is_none() {
            return Err(refusal(
                key.mark,
                format!("jobs {job_name} config should be a hash"),
            ));
        }
        let node = extended(&root, job_name, value, &mut Vec::new())?;
        let node = dereferenced(&root, &node, 0, &mut budget())?;
        let read = job::read(
            job_name,
            key.mark,
            &node,
            &globals,
            &mut pipeline.unmodelled,
        )?;
        check_stage(&pipeline.stages, &read)?;
        pipeline.jobs.extend(matrix::legs(read, &node)?);
        if pipeline.jobs.len() > MAX_JOBS {
            return Err(refusal(key.mark, "the file has too many jobs".to_owned()));
        }
    }
    if pipeline.jobs.is_empty() && pipeline.unmodelled.is_empty() {
        return Err(refusal(
            root.mark,
            "jobs config should contain at least one visible job".to_owned(),
        ));
    }
    check_needs(&pipeline)?;
    Ok(pipeline)
}

/// What `default` and the old global keys give to each job.
pub(super) struct Globals<'a> {
    pub(super) root: &'a Node,
    pub(super) default: Option<&'a Node>,
    pub(super) variables: Vec<(String, String)>,
}

impl<'a> Globals<'a> {
    fn of(root: &'a Node) -> Self {
        Self {
            root,
            default: root.get("default"),
            variables: root
                .get("variables")
                .map(job::variables)
                .unwrap_or_default(),
        }
    }

    /// The default for a key that a job does not have.
    pub(super) fn get(&self, key: &str) -> Option<&'a Node> {
        let global = matches!(
            key,
            "image" | "services" | "before_script" | "after_script" | "cache"
        );
        self.default
            .and_then(|d| d.get(key))
            .or_else(|| if global { self.root.get(key) } else { None })
    }
}

fn stages(root: &Node) -> Vec<String> {
    let given = root
        .get("stages")
        .map(|s| s.texts().into_iter().map(str::to_owned).collect::<Vec<_>>());
    let given = given.unwrap_or_else(|| ["build", "test", "deploy"].map(str::to_owned).to_vec());
    std::iter::once(".pre".to_owned())
        .chain(given.into_iter().filter(|s| s != ".pre" && s != ".post"))
        .chain(std::iter::once(".post".to_owned()))
        .collect()
}

fn check_stage(stages: &[String], job: &Job) -> Result<(), Refusal> {
    if stages.contains(&job.stage) {
        return Ok(());
    }
    Err(refusal(
        job.mark,
        format!(
            "{} job: chosen stage {} does not exist; available stages are {}",
            job.name,
            job.stage,
            stages.join(", ")
        ),
    ))
}

fn check_needs(pipeline: &Pipeline) -> Result<(), Refusal> {
    for job in &pipeline.jobs {
        for need in job.needs.iter().flatten() {
            let exists = pipeline
                .jobs
                .iter()
                .any(|j| j.base == *need || j.name == *need);
            if !exists {
                return Err(refusal(
                    job.mark,
                    format!("{} job: undefined need: {need}", job.name),
                ));
            }
        }
    }
    check_cycles(pipeline)
}

/// `needs` that lead back to the job.
fn check_cycles(pipeline: &Pipeline) -> Result<(), Refusal> {
    let needs: BTreeMap<&str, Vec<&str>> = pipeline
        .jobs
        .iter()
        .map(|j| {
            (
                j.base.as_str(),
                j.needs.iter().flatten().map(String::as_str).collect(),
            )
        })
        .collect();
    for job in &pipeline.jobs {
        let mut seen = std::collections::BTreeSet::new();
        let mut open: Vec<&str> = needs.get(job.base.as_str()).cloned().unwrap_or_default();
        while let Some(name) = open.pop() {
            if name == job.base {
                return Err(refusal(
                    job.mark,
                    format!("{} job: `needs` lead back to the job itself", job.name),
                ));
            }
            if seen.insert(name) {
                open.extend(needs.get(name).into_iter().flatten());
            }
        }
    }
    Ok(())
}

/// Whether a node is an empty list or mapping.
pub(super) fn is_empty(node: &Node) -> bool {
    match &node.kind {
        Kind::Scalar { text, .. } => text.trim().is_empty() || node.is_null(),
        Kind::Sequence(items) => items.is_empty(),
        Kind::Mapping(entries) => entries.is_empty(),
    }
}
