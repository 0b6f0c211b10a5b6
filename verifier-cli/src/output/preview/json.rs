//! `--format json`: the contract's shape. Keys may be added, none changes its meaning.

use std::collections::BTreeMap;
use std::time::Duration;

use polyarch_core::analysis::{Cost, PlatformView, StepView, WarningView};
use polyarch_core::bases::Healthcheck;
use polyarch_core::build::BuiltImage;
use polyarch_core::diagnostic::Diagnostic;
use serde::Serialize;

use super::Shown;
use super::place::Places;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    schema_version: u32,
    platforms: Vec<JsonPlatform<'a>>,
    warnings: Vec<JsonWarning<'a>>,
    check: JsonCheck<'a>,
    diagnostics: Vec<JsonDiagnostic<'a>>,
    /// Estimate of the whole build.
    cost: JsonCost,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alternatives: Vec<JsonAlternative>,
    job: Option<super::job::JsonJob<'a>>,
    registry: JsonRegistry<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonPlatform<'a> {
    platform: &'a str,
    ok: bool,
    error: Option<&'a str>,
    export_platform: Option<String>,
    config: Option<JsonConfig<'a>>,
    history: &'a [String],
    steps: Vec<JsonStep<'a>>,
    cost: JsonCost,
    content: Vec<JsonContent<'a>>,
}

/// Estimated seconds: of all steps, and until the last is done.
#[derive(Serialize)]
struct JsonCost {
    work: f64,
    elapsed: f64,
}

/// Another way to build the same.
#[derive(Serialize)]
struct JsonAlternative {
    way: &'static str,
    cost: JsonCost,
    platforms: Vec<JsonCost>,
}

#[derive(Serialize)]
struct JsonContent<'a> {
    path: &'a str,
    machine: &'a str,
    from: &'a str,
    why: &'a str,
    /// It is for another CPU than the image.
    wrong: bool,
    /// Of the instruction that put it into the image, from 1.
    line: Option<usize>,
}

#[derive(Serialize)]
struct JsonConfig<'a> {
    architecture: &'a str,
    os: &'a str,
    variant: &'a str,
    #[serde(rename = "Env")]
    env: &'a [String],
    #[serde(rename = "Entrypoint")]
    entrypoint: &'a [String],
    #[serde(rename = "Cmd")]
    cmd: &'a [String],
    #[serde(rename = "WorkingDir")]
    working_dir: &'a str,
    #[serde(rename = "User")]
    user: &'a str,
    #[serde(rename = "ExposedPorts")]
    exposed_ports: Vec<&'a String>,
    #[serde(rename = "Labels")]
    labels: &'a BTreeMap<String, String>,
    #[serde(rename = "Volumes")]
    volumes: Vec<&'a String>,
    #[serde(rename = "StopSignal")]
    stop_signal: &'a str,
    #[serde(rename = "Shell")]
    shell: &'a [String],
    #[serde(rename = "OnBuild")]
    on_build: &'a [String],
    #[serde(rename = "Healthcheck")]
    healthcheck: Option<JsonHealthcheck<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct JsonHealthcheck<'a> {
    test: &'a [String],
    interval: i64,
    timeout: i64,
    start_period: i64,
    start_interval: i64,
    retries: i64,
}

#[derive(Serialize)]
struct JsonStep<'a> {
    name: &'a str,
    kind: &'static str,
    platform: Option<String>,
    place: Option<&'static str>,
    shared: bool,
    line: Option<usize>,
    exact: bool,
    /// An estimate; 0 where it cannot run.
    seconds: f64,
}

#[derive(Serialize)]
struct JsonWarning<'a> {
    rule: &'a str,
    line: usize,
    message: &'a str,
}

#[derive(Serialize)]
struct JsonCheck<'a> {
    warnings: Vec<JsonWarning<'a>>,
    error: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    rule: &'a str,
    severity: &'static str,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    platform: Option<String>,
    message: &'a str,
    why: &'a str,
    next: &'a str,
    fix: Option<JsonFix<'a>>,
}

#[derive(Serialize)]
struct JsonFix<'a> {
    title: &'a str,
    edits: Vec<JsonEdit<'a>>,
}

/// Replaces the bytes from `start` up to `end`.
#[derive(Serialize)]
struct JsonEdit<'a> {
    file: &'a str,
    start: usize,
    end: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct JsonRegistry<'a> {
    documents: Vec<JsonDocument<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonDocument<'a> {
    kind: &'static str,
    platform: Option<String>,
    media_type: &'a str,
    digest: &'a str,
    size: usize,
    simulated: bool,
    text: &'a str,
}

/// Several targets of a bake file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Documents<'a> {
    schema_version: u32,
    targets: Vec<JsonTarget<'a>>,
}

#[derive(Serialize)]
struct JsonTarget<'a> {
    target: &'a str,
    #[serde(flatten)]
    document: Document<'a>,
}

/// The document with a line feed at its end; a list of them where there is more than one.
pub(crate) fn render(all: &[Shown<'_>]) -> String {
    let text = if let [shown] = all {
        serde_json::to_string_pretty(&document(shown))
    } else {
        let targets = all.iter().map(|shown| JsonTarget {
            target: shown.target.unwrap_or_default(),
            document: document(shown),
        });
        serde_json::to_string_pretty(&Documents {
            schema_version: 1,
            targets: targets.collect(),
        })
    };
    let mut text = text.unwrap_or_default();
    text.push('\n');
    text
}

fn document<'a>(shown: &Shown<'a>) -> Document<'a> {
    let analysis = shown.analysis;
    let places = Places::new(shown);
    let documents = analysis.documents.iter().map(|document| JsonDocument {
        kind: document.kind.as_str(),
        platform: document.platform.as_ref().map(ToString::to_string),
        media_type: &document.media_type,
        digest: document.digest.as_str(),
        size: document.text.len(),
        simulated: document.simulated,
        text: &document.text,
    });
    Document {
        schema_version: 1,
        platforms: analysis.platforms.iter().map(platform).collect(),
        warnings: warnings(&analysis.warnings),
        check: JsonCheck {
            warnings: warnings(&analysis.check),
            error: analysis.check_error.as_deref(),
        },
        diagnostics: analysis
            .diagnostics
            .iter()
            .map(|found| diagnostic(found, &places))
            .collect(),
        cost: cost(analysis.cost),
        alternatives: alternatives(shown),
        job: shown.job.and_then(super::job::json),
        registry: JsonRegistry {
            documents: documents.collect(),
        },
    }
}

fn cost(cost: Cost) -> JsonCost {
    JsonCost {
        work: seconds(cost.work),
        elapsed: seconds(cost.elapsed),
    }
}

fn seconds(milliseconds: u64) -> f64 {
    Duration::from_millis(milliseconds).as_secs_f64()
}

fn alternatives(shown: &Shown<'_>) -> Vec<JsonAlternative> {
    let all = shown.alternatives.iter();
    all.map(|alternative| JsonAlternative {
        way: alternative.way.as_str(),
        cost: cost(alternative.whole),
        platforms: alternative.platforms.iter().copied().map(cost).collect(),
    })
    .collect()
}

fn platform(view: &PlatformView) -> JsonPlatform<'_> {
    JsonPlatform {
        platform: &view.requested,
        ok: view.error.is_none(),
        error: view.error.as_deref(),
        export_platform: view.export.as_ref().map(ToString::to_string),
        config: view.image.as_ref().map(config),
        history: &view.history,
        steps: view.steps.iter().map(step).collect(),
        cost: cost(view.cost),
        content: view
            .content
            .iter()
            .map(|entry| JsonContent {
                path: &entry.path,
                machine: &entry.machine,
                from: &entry.from,
                why: &entry.why,
                wrong: entry.wrong,
                line: entry.line,
            })
            .collect(),
    }
}

fn config(image: &BuiltImage) -> JsonConfig<'_> {
    let config = &image.config;
    JsonConfig {
        architecture: &image.platform.architecture,
        os: &image.platform.os,
        variant: &image.platform.variant,
        env: &config.env,
        entrypoint: &config.entrypoint,
        cmd: &config.cmd,
        working_dir: &config.working_dir,
        user: &config.user,
        exposed_ports: config.exposed_ports.iter().collect(),
        labels: &config.labels,
        volumes: config.volumes.iter().collect(),
        stop_signal: &config.stop_signal,
        shell: &config.shell,
        on_build: &config.on_build,
        healthcheck: config.healthcheck.as_ref().map(healthcheck),
    }
}

fn healthcheck(check: &Healthcheck) -> JsonHealthcheck<'_> {
    JsonHealthcheck {
        test: &check.test,
        interval: check.interval,
        timeout: check.timeout,
        start_period: check.start_period,
        start_interval: check.start_interval,
        retries: check.retries,
    }
}

fn step(step: &StepView) -> JsonStep<'_> {
    JsonStep {
        name: &step.name,
        kind: step.kind.as_str(),
        platform: step.platform.as_ref().map(ToString::to_string),
        place: step.runs.map(polyarch_core::analysis::Runs::as_str),
        shared: step.shared,
        line: step.line,
        exact: step.exact,
        seconds: seconds(step.milliseconds),
    }
}

fn warnings(views: &[WarningView]) -> Vec<JsonWarning<'_>> {
    views
        .iter()
        .map(|view| JsonWarning {
            rule: &view.rule,
            line: view.line,
            message: &view.message,
        })
        .collect()
}

fn diagnostic<'a>(found: &'a Diagnostic, places: &Places<'_>) -> JsonDiagnostic<'a> {
    let spot = places.spot(found);
    JsonDiagnostic {
        rule: found.rule,
        severity: found.severity.as_str(),
        file: spot.as_ref().map(|spot| spot.file.clone()),
        line: spot.as_ref().map(|spot| spot.line),
        column: spot.as_ref().map(|spot| spot.column),
        platform: found.platform().map(ToString::to_string),
        message: &found.message,
        why: &found.why,
        next: &found.next,
        fix: found.fix.as_ref().map(|fix| JsonFix {
            title: &fix.title,
            edits: fix
                .edits
                .iter()
                .map(|edit| JsonEdit {
                    file: &edit.file,
                    start: edit.span.start,
                    end: edit.span.end,
                    text: &edit.text,
                })
                .collect(),
        }),
    }
}
