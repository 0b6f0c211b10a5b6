//! The job of `--ci`: its part of the JSON document, and its steps for people.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use polyarch_core::analysis::JobAnalysis;
use polyarch_core::ci::runner::{Activity, Fact, Outcome, Run, Status};
use polyarch_core::environment::{Environment, Version};
use serde::Serialize;

use super::Shown;

const DIM: Style = Style::new().dimmed();
const GREEN: Style = AnsiColor::Green.on_default();
const RED: Style = AnsiColor::Red.on_default();

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JsonJob<'a> {
    name: &'a str,
    outcome: &'static str,
    /// One sentence: what is published, or where it stops.
    verdict: &'a str,
    exit_status: i32,
    duration: f64,
    environment: Option<JsonEnvironment<'a>>,
    pushed: Vec<JsonPushed<'a>>,
    steps: Vec<JsonStep<'a>>,
    log: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonEnvironment<'a> {
    driver: &'static str,
    builder: &'a str,
    store: &'static str,
    docker_cli: Option<String>,
    dockerd: Option<String>,
    buildx: Option<String>,
    buildkit: String,
    binfmt: &'a [String],
    emulators: &'a [String],
}

#[derive(Serialize)]
struct JsonPushed<'a> {
    reference: &'a str,
    digest: &'a str,
    platforms: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonStep<'a> {
    phase: &'static str,
    line: usize,
    command: &'a str,
    status: &'static str,
    exit_status: i32,
    output: &'a str,
    exact: bool,
    reasons: &'a [String],
    start: f64,
    duration: f64,
    activities: Vec<JsonActivity<'a>>,
    state: Vec<JsonFact<'a>>,
}

#[derive(Serialize)]
struct JsonActivity<'a> {
    name: &'a str,
    lanes: &'a [usize],
    start: f64,
    duration: f64,
    emulated: bool,
}

#[derive(Serialize)]
struct JsonFact<'a> {
    name: &'a str,
    value: &'a str,
}

/// The `job` key; nothing where the file was refused.
pub(super) fn json(job: &JobAnalysis) -> Option<JsonJob<'_>> {
    let run = job.run.as_ref()?;
    let pushed = run.pushed.iter().map(|pushed| JsonPushed {
        reference: &pushed.reference,
        digest: pushed.digest.as_str(),
        platforms: pushed.platforms.iter().map(ToString::to_string).collect(),
    });
    let steps = run.steps.iter().map(|step| JsonStep {
        phase: step.phase.as_str(),
        line: step.mark.line,
        command: &step.command,
        status: step.status.as_str(),
        exit_status: step.exit_status,
        output: &step.output,
        exact: step.exact,
        reasons: &step.reasons,
        start: tenths(step.start),
        duration: tenths(step.duration),
        activities: step.activities.iter().map(activity).collect(),
        state: step.state.iter().map(fact).collect(),
    });
    Some(JsonJob {
        name: &run.job,
        outcome: run.outcome.as_str(),
        verdict: &job.verdict.sentence,
        exit_status: run.exit_status,
        duration: tenths(run.duration),
        environment: run.environment.as_ref().map(environment),
        pushed: pushed.collect(),
        steps: steps.collect(),
        log: &run.log,
    })
}

/// Estimates claim no more than tenths of seconds.
fn tenths(seconds: f64) -> f64 {
    (seconds * 10.0).round() / 10.0
}

fn activity(activity: &Activity) -> JsonActivity<'_> {
    JsonActivity {
        name: &activity.name,
        lanes: &activity.lanes,
        start: tenths(activity.start),
        duration: tenths(activity.duration),
        emulated: activity.emulated,
    }
}

fn fact(fact: &Fact) -> JsonFact<'_> {
    JsonFact {
        name: &fact.name,
        value: &fact.value,
    }
}

fn environment(environment: &Environment) -> JsonEnvironment<'_> {
    let version = |version: Option<Version>| version.map(|v| v.to_string());
    JsonEnvironment {
        driver: environment.driver.as_str(),
        builder: &environment.builder,
        store: environment.store.as_str(),
        docker_cli: version(environment.docker_cli),
        dockerd: version(environment.dockerd),
        buildx: version(environment.buildx),
        buildkit: environment.buildkit.to_string(),
        binfmt: &environment.binfmt,
        emulators: &environment.emulators,
    }
}

/// The steps with their status, and what the failed ones print.
pub(super) fn human(shown: &Shown<'_>, out: &mut String) {
    let Some(run) = shown.job.and_then(|job| job.run.as_ref()) else {
        return;
    };
    let (style, word) = match run.outcome {
        Outcome::Passes => (GREEN, "passes"),
        Outcome::Fails => (RED, "fails"),
    };
    let _ = writeln!(
        out,
        "Job {} {style}{word}{style:#}{DIM}, about {:.0} s{DIM:#}",
        run.job, run.duration
    );
    if !shown.only_findings {
        steps(run, out);
    }
    for pushed in &run.pushed {
        let platforms: Vec<String> = pushed.platforms.iter().map(ToString::to_string).collect();
        let _ = writeln!(
            out,
            "  pushed {} {DIM}{}{DIM:#}",
            pushed.reference,
            platforms.join(", ")
        );
    }
    out.push('\n');
}

fn steps(run: &Run, out: &mut String) {
    for step in &run.steps {
        let (style, mark) = match step.status {
            Status::Ok => (GREEN, "✓"),
            Status::Failed => (RED, "✗"),
            Status::Skipped => (DIM, "·"),
        };
        let first = step.command.lines().next().unwrap_or_default();
        let doubt = if step.exact {
            ""
        } else {
            " (not simulated exactly)"
        };
        let _ = writeln!(out, "  {style}{mark}{style:#} {first}{DIM}{doubt}{DIM:#}");
        if step.status == Status::Failed {
            let lines: Vec<&str> = step.output.lines().collect();
            for line in lines.iter().skip(lines.len().saturating_sub(12)) {
                let _ = writeln!(out, "      {line}");
            }
            for reason in &step.reasons {
                let _ = writeln!(out, "      {DIM}because {reason}{DIM:#}");
            }
        }
    }
}
