//! Reads a workflow and refuses what GitHub would refuse.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::model::{Job, Permissions, Refusal, Step, Workflow};
use crate::ci::gitlab::Unmodelled;
use crate::ci::yaml::{self, Kind, Mark, Node};

const STEP_KEYS: [&str; 12] = [
    "id",
    "if",
    "name",
    "uses",
    "run",
    "with",
    "env",
    "continue-on-error",
    "timeout-minutes",
    "shell",
    "working-directory",
    "background",
];

const MAX_LEGS: usize = 100;
const MAX_JOBS: usize = 300;

/// By its folder, or by its shape.
pub fn is_workflow(file: &str, text: &str) -> bool {
    let path = file.replace('\\', "/");
    if path.contains(".github/workflows/")
        || path.contains(".gitea/workflows/")
        || path.contains(".forgejo/workflows/")
    {
        return true;
    }
    let is_gitlab = path
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains("gitlab-ci"));
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    !is_gitlab && has("jobs:") && (has("on:") || has("\"on\":") || has("'on':"))
}

/// Reads a workflow.
pub fn read(file: &str, text: &str) -> Result<Workflow, Refusal> {
    let root = yaml::parse(0, text).map_err(|e| refusal(e.mark, e.message))?;
    if root.as_mapping().is_none() {
        return Err(refusal(root.mark, "the workflow is no mapping".to_owned()));
    }
    check_expressions(&root)?;
    let mut workflow = Workflow {
        file: file.to_owned(),
        events: events(root.get("on").or_else(|| root.get("true"))),
        env: pairs(root.get("env")),
        ..Workflow::default()
    };
    let Some(jobs) = root.get("jobs").and_then(Node::as_mapping) else {
        return Err(refusal(
            root.mark,
            "Required property is missing: jobs".to_owned(),
        ));
    };
    let top = root.get("permissions").map(permissions);
    for (key, node) in jobs {
        let name = key.as_str().unwrap_or_default();
        let job = job(
            name,
            key.mark,
            node,
            &root,
            top.as_ref(),
            &mut workflow.unmodelled,
        )?;
        workflow.jobs.extend(legs(&job, node));
        if workflow.jobs.len() > MAX_JOBS {
            return Err(refusal(
                key.mark,
                "the workflow has too many jobs".to_owned(),
            ));
        }
    }
    if workflow.jobs.is_empty() && workflow.unmodelled.is_empty() {
        return Err(refusal(
            root.mark,
            "The workflow must contain at least one job with no dependencies.".to_owned(),
        ));
    }
    check_needs(&workflow)?;
    Ok(workflow)
}

pub(super) fn refusal(mark: Mark, message: String) -> Refusal {
    Refusal {
        mark,
        file: None,
        message,
    }
}

/// Every `${{` needs its `}}`.
fn check_expressions(node: &Node) -> Result<(), Refusal> {
    match &node.kind {
        Kind::Scalar { text, .. } => {
            let mut rest = text.as_str();
            while let Some(at) = rest.find("${{") {
                rest = &rest[at + 3..];
                match rest.find("}}") {
                    Some(end) => rest = &rest[end + 2..],
                    None => {
                        return Err(refusal(
                            node.mark,
                            "The expression is not closed. An unescaped ${{ sequence was found, but the closing }} sequence was not found.".to_owned(),
                        ));
                    }
                }
            }
            Ok(())
        }
        Kind::Sequence(items) => items.iter().try_for_each(check_expressions),
        Kind::Mapping(entries) => entries.iter().try_for_each(|(_, v)| check_expressions(v)),
    }
}

fn events(node: Option<&Node>) -> Vec<String> {
    let Some(node) = node else {
        return Vec::new();
    };
    match node.as_mapping() {
        Some(entries) => entries
            .iter()
            .filter_map(|(k, _)| k.as_str())
            .map(str::to_owned)
            .collect(),
        None => node.texts().into_iter().map(str::to_owned).collect(),
    }
}

/// Scalars by name.
pub(super) fn pairs(node: Option<&Node>) -> Vec<(String, String)> {
    let entries = node.and_then(Node::as_mapping).unwrap_or_default();
    entries
        .iter()
        .filter_map(|(k, v)| {
            let text = match &v.kind {
                Kind::Scalar { text, .. } => text.clone(),
                Kind::Sequence(_) => v.texts().join("\n"),
                Kind::Mapping(_) => return None,
            };
            Some((k.as_str()?.to_owned(), text))
        })
        .collect()
}

fn permissions(node: &Node) -> Permissions {
    Permissions {
        write_all: node.as_str() == Some("write-all"),
        packages: node
            .get("packages")
            .and_then(Node::as_str)
            .map(str::to_owned),
        mark: node.mark,
    }
}

fn job(
    name: &str,
    mark: Mark,
    node: &Node,
    root: &Node,
    top: Option<&Permissions>,
    unmodelled: &mut Vec<Unmodelled>,
) -> Result<Job, Refusal> {
    let text = |key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
    let default = |key: &str| {
        let of = |n: &Node| {
            n.get("defaults")
                .and_then(|d| d.get("run"))
                .and_then(|r| r.get(key))
                .and_then(Node::as_str)
                .map(str::to_owned)
        };
        of(node).or_else(|| of(root))
    };
    leave_out(name, node, unmodelled);
    if node.get("uses").is_none() && node.get("runs-on").is_none() {
        return Err(refusal(
            mark,
            "Required property is missing: runs-on".to_owned(),
        ));
    }
    let steps = node
        .get("steps")
        .and_then(Node::as_sequence)
        .unwrap_or_default();
    if steps.is_empty() && node.get("uses").is_none() {
        return Err(refusal(
            mark,
            "Required property is missing: steps".to_owned(),
        ));
    }
    Ok(Job {
        name: name.to_owned(),
        base: name.to_owned(),
        mark,
        runs_on: node
            .get("runs-on")
            .map(|n| n.texts().join(" "))
            .unwrap_or_default(),
        needs: node
            .get("needs")
            .map(|n| n.texts().into_iter().map(str::to_owned).collect())
            .unwrap_or_default(),
        env: pairs(node.get("env")),
        matrix: Map::new(),
        permissions: node
            .get("permissions")
            .map(permissions)
            .or_else(|| top.cloned()),
        steps: steps.iter().map(step).collect::<Result<_, _>>()?,
        shell: default("shell"),
        directory: default("working-directory"),
        outputs: pairs(node.get("outputs")),
        condition: text("if"),
        timeout: text("timeout-minutes")
            .and_then(|t| t.parse::<u32>().ok())
            .map(|minutes| f64::from(minutes) * 60.0),
    })
}

/// Names what of a job is not simulated, each at its line.
fn leave_out(name: &str, node: &Node, unmodelled: &mut Vec<Unmodelled>) {
    let mut add = |mark: Mark, what: String| unmodelled.push(Unmodelled { mark, what });
    for (key, value) in node.as_mapping().unwrap_or_default() {
        match key.as_str() {
            Some("uses") => add(key.mark, format!("the reusable workflow of job {name}")),
            Some("container") => add(key.mark, format!("the container of job {name}")),
            Some("services") => {
                for (service, _) in value.as_mapping().unwrap_or_default() {
                    let service_name = service.as_str().unwrap_or_default();
                    add(
                        service.mark,
                        format!("the service {service_name} of job {name}"),
                    );
                }
            }
            _ => {}
        }
    }
    let Some(matrix) = node.get("strategy").and_then(|s| s.get("matrix")) else {
        return;
    };
    if matrix.as_str().is_some() {
        add(
            matrix.mark,
            format!("the matrix of job {name}, which an expression gives"),
        );
    }
    for (key, value) in matrix.as_mapping().unwrap_or_default() {
        if value.as_sequence().is_none() {
            let key = key.as_str().unwrap_or_default();
            add(
                value.mark,
                format!("{key} of the matrix of job {name}, which an expression gives"),
            );
        }
    }
}

pub(super) fn step(node: &Node) -> Result<Step, Refusal> {
    for (key, _) in node.as_mapping().unwrap_or_default() {
        let name = key.as_str().unwrap_or_default();
        if !STEP_KEYS.contains(&name) {
            return Err(refusal(key.mark, format!("Unexpected value '{name}'")));
        }
    }
    let text = |key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
    let (uses, run) = (text("uses"), text("run"));
    if uses.is_none() && run.is_none() {
        return Err(refusal(
            node.mark,
            "Every step must define a `uses` or `run` key".to_owned(),
        ));
    }
    if uses.is_some() && run.is_some() {
        return Err(refusal(
            node.mark,
            "A step cannot have both the `uses` and `run` keys".to_owned(),
        ));
    }
    Ok(Step {
        mark: node.mark,
        id: text("id"),
        name: text("name"),
        uses,
        run,
        with: pairs(node.get("with")),
        env: pairs(node.get("env")),
        shell: text("shell"),
        directory: text("working-directory"),
        condition: text("if"),
        continue_on_error: node
            .get("continue-on-error")
            .and_then(Node::as_bool)
            .unwrap_or(false),
    })
}

/// A node as JSON, as matrices hold them.
fn json(node: &Node, depth: usize) -> Value {
    match &node.kind {
        _ if depth > 20 => Value::Null,
        Kind::Scalar { text, plain } => {
            if node.is_null() {
                Value::Null
            } else if *plain
                && let Some(flag) = node.as_bool().filter(|_| text == "true" || text == "false")
            {
                Value::Bool(flag)
            } else {
                Value::String(text.clone())
            }
        }
        Kind::Sequence(items) => Value::Array(items.iter().map(|n| json(n, depth + 1)).collect()),
        Kind::Mapping(entries) => Value::Object(
            entries
                .iter()
                .filter_map(|(k, v)| Some((k.as_str()?.to_owned(), json(v, depth + 1))))
                .collect(),
        ),
    }
}

/// The legs of a matrix: the product of its lists, without `exclude`, with `include`.
fn legs(job: &Job, node: &Node) -> Vec<Job> {
    let Some(matrix) = node
        .get("strategy")
        .and_then(|s| s.get("matrix"))
        .and_then(Node::as_mapping)
    else {
        return vec![job.clone()];
    };
    let given = matrix.iter().all(|(_, v)| v.as_sequence().is_some());
    let list = |key: &str| -> Vec<Map<String, Value>> {
        let found = matrix
            .iter()
            .find(|(k, _)| k.as_str() == Some(key))
            .and_then(|(_, v)| v.as_sequence());
        found
            .unwrap_or_default()
            .iter()
            .filter_map(|n| json(n, 0).as_object().cloned())
            .collect()
    };
    let mut all: Vec<Map<String, Value>> = vec![Map::new()];
    let mut keys = Vec::new();
    for (key, values) in matrix {
        let name = key.as_str().unwrap_or_default();
        if matches!(name, "include" | "exclude") {
            continue;
        }
        // What an expression gives is named as left out; the job itself stays.
        let Some(values) = values.as_sequence() else {
            continue;
        };
        keys.push(name.to_owned());
        all = all
            .iter()
            .flat_map(|leg| {
                values.iter().map(|v| {
                    let mut next = leg.clone();
                    next.insert(name.to_owned(), json(v, 0));
                    next
                })
            })
            .take(MAX_LEGS)
            .collect();
    }
    if keys.is_empty() {
        all.clear();
    }
    let excluded = list("exclude");
    all.retain(|leg| {
        !excluded
            .iter()
            .any(|e| e.iter().all(|(k, v)| leg.get(k) == Some(v)))
    });
    include(&mut all, &keys, list("include"));
    if all.is_empty() && !given {
        return vec![job.clone()];
    }
    all.into_iter().map(|matrix| leg(job, matrix)).collect()
}

/// Each entry joins the combinations in which it overwrites no original value, or is one itself.
fn include(all: &mut Vec<Map<String, Value>>, keys: &[String], entries: Vec<Map<String, Value>>) {
    let originals = all.clone();
    for extra in entries {
        let mut fitted = false;
        for (leg, original) in all.iter_mut().zip(&originals) {
            let fits = keys
                .iter()
                .all(|k| extra.get(k).is_none_or(|v| original.get(k) == Some(v)));
            if fits {
                leg.extend(extra.clone());
                fitted = true;
            }
        }
        if !fitted && all.len() < MAX_LEGS {
            all.push(extra);
        }
    }
}

fn leg(job: &Job, matrix: Map<String, Value>) -> Job {
    let shown: Vec<String> = matrix
        .values()
        .filter_map(|v| match v {
            Value::String(text) => Some(text.clone()),
            Value::Bool(_) | Value::Number(_) => Some(v.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        })
        .collect();
    Job {
        name: format!("{}: [{}]", job.base, shown.join(", ")),
        matrix,
        ..job.clone()
    }
}

fn check_needs(workflow: &Workflow) -> Result<(), Refusal> {
    let names: BTreeSet<&str> = workflow.jobs.iter().map(|j| j.base.as_str()).collect();
    for job in &workflow.jobs {
        for need in &job.needs {
            if !names.contains(need.as_str()) {
                return Err(refusal(
                    job.mark,
                    format!("Job '{}' depends on unknown job '{need}'.", job.base),
                ));
            }
        }
        let mut seen = BTreeSet::new();
        let mut open: Vec<&str> = job.needs.iter().map(String::as_str).collect();
        while let Some(name) = open.pop() {
            if name == job.base {
                return Err(refusal(
                    job.mark,
                    format!("Job '{}' depends on itself through `needs`.", job.base),
                ));
            }
            if seen.insert(name) {
                open.extend(
                    workflow
                        .jobs
                        .iter()
                        .filter(|j| j.base == name)
                        .flat_map(|j| j.needs.iter().map(String::as_str)),
                );
            }
        }
    }
    Ok(())
}
