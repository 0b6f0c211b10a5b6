//! The contexts that expressions read, with fixed example values.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::metadata_action::Event;
use crate::ci::github::{Job, Scope, Workflow};
use crate::ci::settings::{Settings, VariableSetting};

/// The token's stand-in; who logs in with it is subject to `permissions`.
pub(super) const TOKEN: &str = "ghs-token-of-the-simulation";

/// The runner's home folder, and what lies in it.
pub(super) const HOME: &str = concat!("/home", "/runner");
pub(super) const WORKSPACE: &str = concat!("/home", "/runner/work", "/app/app");
pub(super) const TEMP: &str = concat!("/home", "/runner/work", "/_temp");

/// State between steps that expressions see.
#[derive(Default)]
pub(super) struct State {
    pub(super) env: BTreeMap<String, String>,
    pub(super) steps: Map<String, Value>,
    pub(super) failed: bool,
    /// How many local actions this one is inside of.
    pub(super) depth: usize,
}

/// The `github` context.
fn github(workflow: &Workflow, event: &Event) -> Value {
    json!({
        "actor": "acme",
        "event_name": event.name(),
        "ref": event.reference(),
        "ref_name": event.short(),
        "ref_type": if matches!(event, Event::Tag(_)) { "tag" } else { "branch" },
        "repository": "acme/app",
        "repository_owner": "acme",
        "sha": "1ac460d1c5f7a3b2e4d6f8091a2b3c4d5e6f7081",
        "run_id": "5678",
        "run_number": "42",
        "run_attempt": "1",
        "job": "build",
        "workflow": workflow.file,
        "workspace": WORKSPACE,
        "server_url": "https://github.com",
        "api_url": "https://api.github.com",
        "token": TOKEN,
        "head_ref": "",
        "base_ref": "",
        "event": {"repository": {"default_branch": "main", "private": true}, "inputs": {}},
    })
}

/// All contexts of a job at a step.
pub(super) fn scope(
    workflow: &Workflow,
    job: &Job,
    settings: &Settings,
    event: &Event,
    state: &State,
    needs: &Map<String, Value>,
) -> Scope {
    let mut contexts = Map::new();
    contexts.insert("github".to_owned(), github(workflow, event));
    contexts.insert("matrix".to_owned(), Value::Object(job.matrix.clone()));
    contexts.insert("needs".to_owned(), Value::Object(needs.clone()));
    contexts.insert("steps".to_owned(), Value::Object(state.steps.clone()));
    let env = state
        .env
        .iter()
        .map(|(k, v)| (k.clone(), Value::String(v.clone())))
        .collect();
    contexts.insert("env".to_owned(), Value::Object(env));
    let architecture = if settings.arch == "arm64" {
        "ARM64"
    } else {
        "X64"
    };
    contexts.insert("runner".to_owned(), json!({"os": "Linux", "arch": architecture, "temp": TEMP, "name": "GitHub Actions 1", "tool_cache": "/opt/hostedtoolcache"}));
    contexts.insert(
        "job".to_owned(),
        json!({"status": if state.failed { "failure" } else { "success" }}),
    );
    contexts.insert("strategy".to_owned(), strategy(workflow, job));
    contexts.insert("inputs".to_owned(), json!({}));
    let (secrets, vars) = given(workflow, job, settings);
    contexts.insert("secrets".to_owned(), Value::Object(secrets));
    contexts.insert("vars".to_owned(), Value::Object(vars));
    Scope {
        contexts,
        failed: state.failed,
    }
}

/// Which leg of its matrix the job is, from 0, and how many there are.
fn strategy(workflow: &Workflow, job: &Job) -> Value {
    let legs = workflow.jobs.iter().filter(|j| j.base == job.base);
    let names: Vec<&str> = legs.map(|j| j.name.as_str()).collect();
    let at = names.iter().position(|name| *name == job.name);
    json!({"job-index": at.unwrap_or(0), "job-total": names.len().max(1)})
}

/// `secrets` and `vars`: whatever the job mentions is set unless a setting says otherwise.
fn given(
    workflow: &Workflow,
    job: &Job,
    settings: &Settings,
) -> (Map<String, Value>, Map<String, Value>) {
    let mut secrets = Map::new();
    let mut vars = Map::new();
    for text in texts(workflow, job) {
        for (prefix, into) in [("secrets.", &mut secrets), ("vars.", &mut vars)] {
            for name in names_after(text, prefix) {
                let value = match settings.variables.get(&name) {
                    Some(VariableSetting::Unset) => String::new(),
                    Some(VariableSetting::Value(value)) => value.clone(),
                    Some(VariableSetting::Set) | None if prefix == "secrets." => {
                        if name == "GITHUB_TOKEN" {
                            TOKEN.to_owned()
                        } else {
                            stand_in(&name)
                        }
                    }
                    Some(VariableSetting::Set) | None => {
                        stand_in(&name).replace("masked-", "vars-")
                    }
                };
                into.insert(name, Value::String(value));
            }
        }
    }
    (secrets, vars)
}

fn stand_in(name: &str) -> String {
    let upper = name.to_uppercase();
    if upper.contains("ACCOUNT") {
        return crate::ci::world::registry::ECR_ACCOUNT.to_owned();
    }
    if upper.contains("REGION") {
        return "us-east-1".to_owned();
    }
    if upper.ends_with("REGISTRY")
        || upper.ends_with("REGISTRY_HOST")
        || upper.ends_with("REGISTRY_URL")
    {
        return "registry.example.com".to_owned();
    }
    format!(
        "masked-{}",
        name.to_lowercase().replace('_', "-").trim_matches('-')
    )
}

/// Values that the log masks.
pub(super) fn secret_values(
    workflow: &Workflow,
    job: &Job,
    settings: &Settings,
) -> BTreeSet<String> {
    let (secrets, _) = given(workflow, job, settings);
    let mut values: BTreeSet<String> = secrets
        .values()
        .filter_map(|v| v.as_str().map(str::to_owned))
        .filter(|v| !v.is_empty())
        .collect();
    values.insert(TOKEN.to_owned());
    values
}

fn texts<'a>(workflow: &'a Workflow, job: &'a Job) -> Vec<&'a str> {
    let mut all: Vec<&str> = workflow
        .env
        .iter()
        .chain(&job.env)
        .map(|(_, v)| v.as_str())
        .collect();
    for step in &job.steps {
        all.extend(step.run.as_deref());
        all.extend(step.condition.as_deref());
        all.extend(step.with.iter().chain(&step.env).map(|(_, v)| v.as_str()));
    }
    all
}

fn names_after(text: &str, prefix: &str) -> Vec<String> {
    text.split(prefix)
        .skip(1)
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect::<String>()
        })
        .filter(|name| !name.is_empty())
        .collect()
}
