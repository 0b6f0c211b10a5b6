//! Proposals in a CI file: the keys that a place of it takes, and what multi-arch jobs put there.

use super::{Choice, Completions, PLATFORMS, before};
use crate::ci::github;

type Keys = &'static [(&'static str, &'static str)];

const GITLAB_TOP: Keys = &[
    ("stages", "Order of the pipeline's stages."),
    ("variables", "Variables of every job."),
    ("default", "What jobs have unless they say otherwise."),
    ("include", "Further files of the configuration."),
    ("workflow", "When a pipeline runs at all."),
    ("image", "Container that jobs run in."),
    (
        "services",
        "Containers beside the job, such as the Docker daemon.",
    ),
    ("before_script", "Commands before each job's script."),
    ("cache", "Files kept between pipelines."),
];
const GITLAB_JOB: Keys = &[
    ("stage", "Stage of the pipeline."),
    ("image", "Container that the job runs in."),
    (
        "services",
        "Containers beside the job, such as the Docker daemon.",
    ),
    ("variables", "Variables of this job."),
    ("before_script", "Commands before the script."),
    ("script", "What the job does."),
    (
        "after_script",
        "Commands after the script, whatever its end.",
    ),
    ("needs", "Jobs that this one waits for."),
    ("rules", "When the job runs."),
    (
        "tags",
        "Which runners may take it; arm64 runners are chosen here.",
    ),
    ("parallel", "Runs the job once for each entry of a matrix."),
    ("extends", "Takes over another job's keys."),
    ("artifacts", "Files handed to later jobs."),
    ("cache", "Files kept between pipelines."),
    ("retry", "How often a failed job is tried again."),
    ("timeout", "How long it may take."),
];
const GITHUB_TOP: Keys = &[
    ("name", ""),
    ("on", "What starts the workflow."),
    (
        "permissions",
        "What its token may do; packages: write to push to ghcr.io.",
    ),
    ("env", "Variables of every job."),
    ("concurrency", "Which runs exclude each other."),
    ("jobs", "The jobs."),
];
const GITHUB_JOB: Keys = &[
    ("name", ""),
    ("runs-on", "The machine; ubuntu-24.04-arm has an arm64 CPU."),
    ("needs", "Jobs that this one waits for."),
    (
        "strategy",
        "A matrix of runs, such as one for each platform.",
    ),
    ("permissions", "What its token may do."),
    ("env", "Variables of this job."),
    ("outputs", "What later jobs can read."),
    ("steps", "What the job does."),
    ("timeout-minutes", ""),
];
const GITHUB_STEP: Keys = &[
    ("name", ""),
    ("uses", "An action."),
    ("with", "The action's inputs."),
    ("run", "Commands."),
    ("env", "Variables of this step."),
    ("id", "Its name for outputs."),
    ("if", "When it runs."),
];
const GITHUB_WITH: Keys = &[
    ("context", ""),
    ("file", "The Dockerfile."),
    ("platforms", "Platforms to build, divided by commas."),
    ("push", "Whether the result is pushed."),
    ("tags", ""),
    ("labels", ""),
    ("build-args", ""),
    ("cache-from", ""),
    ("cache-to", ""),
    ("provenance", ""),
    ("sbom", ""),
    ("outputs", ""),
    ("registry", ""),
    ("username", ""),
    ("password", ""),
    ("driver", "Driver of the builder."),
];

/// What a key's value often is.
const VALUES: &[(&str, &[&str])] = &[
    (
        "uses",
        &[
            "actions/checkout@v5",
            "docker/setup-qemu-action@v3",
            "docker/setup-buildx-action@v3",
            "docker/login-action@v3",
            "docker/metadata-action@v5",
            "docker/build-push-action@v6",
        ],
    ),
    (
        "runs-on",
        &["ubuntu-latest", "ubuntu-24.04", "ubuntu-24.04-arm"],
    ),
    ("image", &["docker:29", "docker:29-cli"]),
    (
        "driver",
        &["docker-container", "docker", "kubernetes", "remote"],
    ),
];

pub(super) fn complete(text: &str, at: usize, asked: bool) -> Option<(Completions, &str)> {
    let head = before(text, at);
    let line = head.rsplit('\n').next().unwrap_or_default();
    if line.trim_start().starts_with('#') {
        return None;
    }
    if let Some(found) = platforms(head, line) {
        return Some(found);
    }
    let word = line.trim_start_matches([' ', '-']);
    if let Some((key, value)) = word.split_once(": ") {
        let (_, values) = VALUES.iter().find(|(name, _)| *name == key)?;
        let options = values.iter().map(|value| Choice::new(value, "", ""));
        let value = value.trim_start();
        return Some(list(head, value, options.collect()));
    }
    if word.contains([' ', ':']) || (word.is_empty() && !asked) {
        return None;
    }
    let keys = keys(text, head, line)?;
    let options = keys
        .iter()
        .map(|(key, info)| Choice::new(key, "key", info).then(": "));
    Some(list(head, word, options.collect()))
}

fn list<'a>(head: &str, word: &'a str, options: Vec<Choice>) -> (Completions, &'a str) {
    let from = head.len() - word.len();
    (Completions { from, options }, word)
}

/// After `--platform` or in `platforms:`, also behind a comma.
fn platforms<'a>(head: &str, line: &'a str) -> Option<(Completions, &'a str)> {
    let place = ["--platform=", "--platform ", "platforms: "];
    let (at, name) = place
        .iter()
        .filter_map(|name| Some((line.rfind(name)?, name)))
        .max()?;
    let value = &line[at + name.len()..];
    let word = value.rsplit(',').next().unwrap_or_default().trim_start();
    if word.contains(char::is_whitespace) || value.trim_end().len() < value.len() {
        return None;
    }
    let options = PLATFORMS
        .iter()
        .map(|name| Choice::new(name, "platform", ""));
    Some(list(head, word, options.collect()))
}

/// The keys that the place takes, by the keys above it that are less indented.
fn keys(text: &str, head: &str, line: &str) -> Option<Keys> {
    let path = path(head, line);
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    if !github::is_workflow("job.yml", text) {
        return match path.as_slice() {
            [] => Some(GITLAB_TOP),
            [job] if !GITLAB_TOP.iter().any(|(key, _)| key == job) => Some(GITLAB_JOB),
            ["default"] => Some(GITLAB_JOB),
            _ => None,
        };
    }
    match path.as_slice() {
        [] => Some(GITHUB_TOP),
        ["jobs", _] => Some(GITHUB_JOB),
        ["jobs", _, "steps"] => Some(GITHUB_STEP),
        ["jobs", _, "steps", "with"] => Some(GITHUB_WITH),
        _ => None,
    }
}

/// The keys that enclose a line, outermost first. A list's dash counts as indentation, so that an
/// entry's keys stand under the list's key.
fn path(head: &str, line: &str) -> Vec<String> {
    let mut limit = indent(line);
    let mut path = Vec::new();
    let above = head.len().saturating_sub(line.len() + 1);
    for line in head.get(..above).unwrap_or_default().lines().rev() {
        let content = line.trim_start_matches([' ', '-']);
        let at = indent(line);
        if content.is_empty() || content.starts_with('#') || at >= limit {
            continue;
        }
        limit = at;
        if let Some((key, _)) = content.split_once(':') {
            path.push(key.to_owned());
        }
    }
    path.reverse();
    path
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '-']).len()
}
