//! One column for each platform: steps, config, history.

use crate::bases::ContainerConfig;
use crate::build::{self, BaseKnowledge, BuiltImage, PlatformOutcome, place};
use crate::content::{Followed, Machine};
use crate::dockerfile::Dockerfile;
use crate::environment::Environment;
use crate::platform::Platform;

use super::rows::runs;
use super::{ContentView, Cost, PlatformView, StepKind, StepView, WarningView};

/// A platform as the faces show it.
pub(super) fn platform(
    outcome: &PlatformOutcome,
    dockerfile: &Dockerfile,
    environment: &Environment,
    costs: &[u64],
) -> PlatformView {
    let image = outcome.result.as_ref().ok();
    let exact = exactness(outcome);
    let steps = outcome
        .steps
        .iter()
        .zip(exact)
        .zip(costs)
        .map(|((step, exact), milliseconds)| StepView {
            name: step.name.clone(),
            kind: match step.kind {
                build::StepKind::Source => StepKind::Source,
                build::StepKind::Exec => StepKind::Exec,
                build::StepKind::File => StepKind::File,
            },
            platform: step.platform.clone(),
            runs: match (step.kind, &step.platform) {
                (build::StepKind::Exec, Some(platform)) => Some(runs(place(platform, environment))),
                _ => None,
            },
            id: step.id,
            inputs: step.inputs.clone(),
            shared: step.shared,
            line: step
                .instruction
                .and_then(|at| dockerfile.instructions.get(at))
                .map(|instruction| instruction.start_line),
            exact,
            milliseconds: *milliseconds,
        });
    PlatformView {
        requested: outcome.requested.clone(),
        platform: outcome.platform.clone(),
        export: image.map(|image| image.export.clone()),
        error: outcome
            .result
            .as_ref()
            .err()
            .map(|error| error.text.clone()),
        steps: steps.collect(),
        cost: Cost::default(),
        pulls: outcome
            .bases
            .iter()
            .map(|base| (base.reference.clone(), base.wanted.clone()))
            .collect(),
        config: image.map(config).unwrap_or_default(),
        history: image.map(history).unwrap_or_default(),
        image: image.cloned(),
        content: Vec::new(),
    }
}

/// The files of an image as the faces show them.
pub(super) fn content(
    followed: &Followed,
    platform: Option<&Platform>,
    dockerfile: &Dockerfile,
) -> Vec<ContentView> {
    let line = |at: usize| {
        let instruction = dockerfile.instructions.get(at);
        instruction.map(|instruction| instruction.start_line)
    };
    let entries = followed.content.iter().map(|entry| {
        let label = &entry.label;
        ContentView {
            path: entry.path.clone(),
            folder: entry.folder,
            machine: label.machine.text(),
            from: label.from.clone(),
            why: label.why.clone(),
            origin: label.origin,
            cpu: match &label.machine {
                Machine::For(cpu) => Some(cpu.clone()),
                Machine::Any | Machine::Unknown => None,
            },
            wrong: platform.is_some_and(|platform| entry.is_wrong_on(platform)),
            line: entry.put_at.and_then(line),
            made: (entry.put_at != Some(label.instruction))
                .then(|| line(label.instruction))
                .flatten(),
        }
    });
    entries.collect()
}

/// Which steps stand on nothing that is only assumed.
fn exactness(outcome: &PlatformOutcome) -> Vec<bool> {
    let assumed: Vec<String> = outcome
        .bases
        .iter()
        .filter(|base| base.known == BaseKnowledge::Assumed)
        .map(|base| format!("FROM {}", base.reference))
        .collect();
    let mut exact: Vec<bool> = Vec::with_capacity(outcome.steps.len());
    for step in &outcome.steps {
        let itself = step.kind != build::StepKind::Source
            || !assumed
                .iter()
                .any(|from| step.name.ends_with(from.as_str()));
        let inputs = step.inputs.iter().all(|at| exact.get(*at) != Some(&false));
        exact.push(itself && inputs);
    }
    exact
}

/// What this Dockerfile adds to the base's history.
fn history(image: &BuiltImage) -> Vec<String> {
    let added = image.history.iter().skip(image.base_history);
    added.map(|entry| entry.created_by.clone()).collect()
}

/// The config as name and values; what is empty is left out.
fn config(image: &BuiltImage) -> Vec<(String, Vec<String>)> {
    let ContainerConfig {
        user,
        exposed_ports,
        env,
        entrypoint,
        cmd,
        volumes,
        working_dir,
        labels,
        stop_signal,
        args_escaped: _,
        healthcheck,
        on_build,
        shell,
    } = &image.config;
    let one = |text: &String| vec![text.clone()];
    let health = healthcheck.as_ref().map(|check| check.test.clone());
    let labels = labels.iter().map(|(key, value)| format!("{key}={value}"));
    let all = [
        ("Architecture", one(&image.platform.architecture)),
        ("OS", one(&image.platform.os)),
        ("Variant", one(&image.platform.variant)),
        ("OSVersion", one(&image.platform.os_version)),
        ("Author", one(&image.author)),
        ("User", one(user)),
        ("ExposedPorts", exposed_ports.iter().cloned().collect()),
        ("Env", env.clone()),
        ("Entrypoint", entrypoint.clone()),
        ("Cmd", cmd.clone()),
        ("Volumes", volumes.iter().cloned().collect()),
        ("WorkingDir", one(working_dir)),
        ("Labels", labels.collect()),
        ("StopSignal", one(stop_signal)),
        ("Healthcheck", health.unwrap_or_default()),
        ("OnBuild", on_build.clone()),
        ("Shell", shell.clone()),
    ];
    all.into_iter()
        .filter(|(_, values)| values.iter().any(|value| !value.is_empty()))
        .map(|(name, values)| (name.to_owned(), values))
        .collect()
}

/// Lint facts as BuildKit prints them, in the order of their lines.
pub(super) fn warnings(lint: &[build::Lint]) -> Vec<WarningView> {
    let mut warnings: Vec<WarningView> = lint
        .iter()
        .map(|lint| WarningView {
            line: lint.line,
            rule: lint.rule.as_str().to_owned(),
            message: lint.message.clone(),
        })
        .collect();
    warnings.sort();
    warnings
}
