//! An image's `config` object and history entries, as the image specification and Docker's
//! extensions to it name them. Reading is lenient: a field of a wrong type counts as absent.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What a container of the image is started with. Empty fields are absent ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContainerConfig {
    pub user: String,
    /// `80/tcp`.
    pub exposed_ports: BTreeSet<String>,
    /// `KEY=value`, in order.
    pub env: Vec<String>,
    pub entrypoint: Vec<String>,
    pub cmd: Vec<String>,
    pub volumes: BTreeSet<String>,
    pub working_dir: String,
    pub labels: BTreeMap<String, String>,
    pub stop_signal: String,
    /// Docker's: set by any CMD instruction.
    pub args_escaped: bool,
    /// Docker's.
    pub healthcheck: Option<Healthcheck>,
    /// Docker's: instructions that a build from this image runs first.
    pub on_build: Vec<String>,
    /// Docker's.
    pub shell: Vec<String>,
}

/// Docker's health check; durations in nanoseconds, zero where not given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Healthcheck {
    pub test: Vec<String>,
    pub interval: i64,
    pub timeout: i64,
    pub start_period: i64,
    pub start_interval: i64,
    pub retries: i64,
}

/// One entry of an image's `history`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryEntry {
    /// RFC 3339; `None` where only a build knows.
    pub created: Option<String>,
    pub created_by: String,
    pub author: String,
    pub comment: String,
    pub empty_layer: bool,
}

impl ContainerConfig {
    /// Reads the `config` object of an image config.
    pub fn from_json(value: &Value) -> Self {
        Self {
            user: text(value, "User"),
            exposed_ports: keys(value, "ExposedPorts"),
            env: texts(value, "Env"),
            entrypoint: texts(value, "Entrypoint"),
            cmd: texts(value, "Cmd"),
            volumes: keys(value, "Volumes"),
            working_dir: text(value, "WorkingDir"),
            labels: map(value, "Labels"),
            stop_signal: text(value, "StopSignal"),
            args_escaped: flag(value, "ArgsEscaped"),
            healthcheck: value
                .get("Healthcheck")
                .filter(|check| check.is_object())
                .map(Healthcheck::from_json),
            on_build: texts(value, "OnBuild"),
            shell: texts(value, "Shell"),
        }
    }
}

impl Healthcheck {
    fn from_json(value: &Value) -> Self {
        Self {
            test: texts(value, "Test"),
            interval: number(value, "Interval"),
            timeout: number(value, "Timeout"),
            start_period: number(value, "StartPeriod"),
            start_interval: number(value, "StartInterval"),
            retries: number(value, "Retries"),
        }
    }
}

impl HistoryEntry {
    /// Reads one element of an image config's `history`.
    pub fn from_json(value: &Value) -> Self {
        Self {
            created: value
                .get("created")
                .and_then(Value::as_str)
                .map(str::to_owned),
            created_by: text(value, "created_by"),
            author: text(value, "author"),
            comment: text(value, "comment"),
            empty_layer: flag(value, "empty_layer"),
        }
    }
}

fn text(value: &Value, key: &str) -> String {
    let text = value.get(key).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn number(value: &Value, key: &str) -> i64 {
    value.get(key).and_then(Value::as_i64).unwrap_or(0)
}

fn texts(value: &Value, key: &str) -> Vec<String> {
    let items = value.get(key).and_then(Value::as_array);
    let items = items.into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The keys of an object; a list of texts is accepted too, as `docker inspect` users write it.
fn keys(value: &Value, key: &str) -> BTreeSet<String> {
    match value.get(key) {
        Some(Value::Object(object)) => object.keys().cloned().collect(),
        _ => texts(value, key).into_iter().collect(),
    }
}

fn map(value: &Value, key: &str) -> BTreeMap<String, String> {
    let object = value.get(key).and_then(Value::as_object);
    let pairs = object.into_iter().flatten();
    pairs
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}
