//! A GitHub job: each `run` step a shell of its own, each `uses` step an action.

use std::fmt::Write as _;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::actions::{self, Call};
use super::github_contexts::{HOME, State, TEMP, WORKSPACE, scope, secret_values};
use super::github_files::{old_outputs, pairs};
use super::github_jobs::Handover;
use super::metadata_action::Event;
use super::outcome::{Phase, Run, Status, Step};
use super::{Build, Inputs};
use crate::ci::github::{self, Job, Scope, Workflow, condition, interpolate};
use crate::ci::shell::{Flow, Shell, Variables, parse};
use crate::ci::world::{Daemon, Service, Toolbox, World};
use crate::environment::{ImageStore, embedded_buildkit};

/// Local actions inside of one another at most; GitHub's own limit is ten.
const MAX_DEPTH: usize = 10;

/// Seconds that a job may take where it does not say: 360 minutes.
const TIME_LIMIT: f64 = 21_600.0;

/// Whether labels such as `ubuntu-24.04-arm` or `self-hosted ARM64` are of an arm64 machine.
fn is_arm(labels: &str) -> bool {
    let labels = labels.to_ascii_lowercase();
    let mut words = labels.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| matches!(word, "arm" | "arm64" | "aarch64"))
}

/// Plays one job through, with what those before it have left.
pub(super) fn play(
    workflow: &Workflow,
    job: &Job,
    inputs: &Inputs<'_>,
    handover: &mut Handover,
    build: Build<'_>,
) -> Run {
    let mut settings = inputs.settings.clone();
    let event = Event::of(workflow);
    let state = State::default();
    let before = scope(workflow, job, &settings, &event, &state, &handover.needs);
    if is_arm(&interpolate(&job.runs_on, &before)) {
        "arm64".clone_into(&mut settings.arch);
    }
    let mut world = World::new(
        settings.clone(),
        Service::GitHub,
        Box::new(|i, e| build(i, e)),
    );
    world.registries = std::mem::take(&mut handover.registries);
    world.secrets = secret_values(workflow, job, &settings);
    world.mark = job.mark;
    world.has_bash = true;
    world.time_limit = job.timeout.unwrap_or(TIME_LIMIT);
    world.waits = true;
    world.tools = Toolbox::of_runner(&settings);
    world.has_token_for_packages = job
        .permissions
        .as_ref()
        .is_some_and(github::Permissions::may_write_packages);
    world.files.make_directory(WORKSPACE);
    world.files.make_directory(TEMP);
    world.daemons.push(runner_daemon(&world));
    let mut state = State::default();
    let mut player = Player {
        workflow,
        job,
        inputs,
        settings: &settings,
        event: &event,
        steps: Vec::new(),
        log: String::new(),
    };
    for (name, value) in workflow.env.iter().chain(&job.env) {
        let value = interpolate(value, &player.scope(&state, handover));
        state.env.insert(name.clone(), value);
    }
    for step in &job.steps {
        player.step(&mut world, step, &mut state, handover);
    }
    let exit = i32::from(state.failed);
    let outputs: Map<String, Value> = job
        .outputs
        .iter()
        .map(|(k, v)| {
            (
                k.clone(),
                Value::String(interpolate(v, &player.scope(&state, handover))),
            )
        })
        .collect();
    let result = if state.failed { "failure" } else { "success" };
    handover.ended(&job.base, result, &outputs);
    handover.registries = world.registries.clone();
    let Player { steps, mut log, .. } = player;
    log.push_str(if exit == 0 {
        "Job succeeded\n"
    } else {
        "Job failed\n"
    });
    super::outcome::finish(
        world,
        vec![workflow.file.clone()],
        &job.name,
        steps,
        log,
        exit,
    )
}

fn runner_daemon(world: &World<'_>) -> Daemon {
    let version = world
        .tools
        .docker
        .unwrap_or(crate::environment::DOCKER_NEWEST);
    Daemon {
        names: Vec::new(),
        has_socket: true,
        version,
        buildkit: embedded_buildkit(version),
        store: if version.at_least(29, 0) {
            ImageStore::Containerd
        } else {
            ImageStore::GraphDriver
        },
        tls: false,
        certificates: None,
        ready_at: Some(0.0),
        is_dind: false,
        is_hosts: false,
        privileged: true,
        store_by_driver_variable: false,
    }
}

struct Player<'a> {
    workflow: &'a Workflow,
    job: &'a Job,
    inputs: &'a Inputs<'a>,
    settings: &'a crate::ci::settings::Settings,
    event: &'a Event,
    steps: Vec<Step>,
    log: String,
}

impl Player<'_> {
    fn scope(&self, state: &State, handover: &Handover) -> Scope {
        scope(
            self.workflow,
            self.job,
            self.settings,
            self.event,
            state,
            &handover.needs,
        )
    }

    fn step(
        &mut self,
        world: &mut World<'_>,
        step: &github::Step,
        state: &mut State,
        handover: &mut Handover,
    ) {
        let command = step
            .uses
            .clone()
            .or_else(|| step.run.clone())
            .unwrap_or_default();
        let scope = self.scope(state, handover);
        if !condition(step.condition.as_deref(), &scope) {
            self.steps
                .push(Step::skipped(Phase::Steps, step.mark, &command));
            return;
        }
        world.mark = step.mark;
        world.exact = true;
        world.reasons.clear();
        world.activities.clear();
        let began = world.clock;
        let title = command.lines().next().unwrap_or_default();
        let title = interpolate(title, &scope);
        let title = world.masked(&format!("Run {title}\n"));
        self.log.push_str(&title);
        let (status, outputs, output) = if step.uses.is_some() {
            self.action(world, step, state, &scope, handover)
        } else {
            self.script(world, step, state, &scope)
        };
        let output = world.masked(&output);
        self.log.push_str(&output);
        if status != 0 {
            let line = if step.run.is_some() {
                format!("Error: Process completed with exit code {status}.\n")
            } else {
                String::new()
            };
            self.log.push_str(&line);
        }
        let failed = status != 0;
        state.failed |= failed && !step.continue_on_error;
        if let Some(id) = &step.id {
            let map: Map<String, Value> = outputs
                .into_iter()
                .map(|(k, v)| (k, Value::String(v)))
                .collect();
            let outcome = if failed { "failure" } else { "success" };
            let conclusion = if failed && !step.continue_on_error {
                "failure"
            } else {
                "success"
            };
            state.steps.insert(
                id.clone(),
                json!({"outputs": map, "outcome": outcome, "conclusion": conclusion}),
            );
        }
        self.steps.push(Step {
            phase: Phase::Steps,
            mark: step.mark,
            command,
            status: if failed { Status::Failed } else { Status::Ok },
            exit_status: status,
            output,
            exact: world.exact,
            reasons: std::mem::take(&mut world.reasons),
            start: began,
            duration: world.clock - began,
            activities: std::mem::take(&mut world.activities),
            state: world.facts(),
        });
    }

    fn variables(&self, step: &github::Step, state: &State, scope: &Scope) -> Variables {
        let mut variables = Variables::default();
        let file = |name: &str| format!("{TEMP}/{name}");
        let reference = self.event.reference();
        let name = self.event.short();
        for (key, value) in [
            ("HOME", HOME),
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("CI", "true"),
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_WORKSPACE", WORKSPACE),
            ("GITHUB_REPOSITORY", "acme/app"),
            ("GITHUB_REPOSITORY_OWNER", "acme"),
            ("GITHUB_SHA", "1ac460d1c5f7a3b2e4d6f8091a2b3c4d5e6f7081"),
            ("GITHUB_REF", &reference),
            ("GITHUB_REF_NAME", &name),
            ("GITHUB_EVENT_NAME", self.event.name()),
            ("GITHUB_ACTOR", "acme"),
            ("GITHUB_RUN_ID", "5678"),
            ("GITHUB_RUN_NUMBER", "42"),
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("RUNNER_OS", "Linux"),
            ("RUNNER_TEMP", TEMP),
            ("GITHUB_ENV", &file("set_env")),
            ("GITHUB_OUTPUT", &file("set_output")),
            ("GITHUB_PATH", &file("add_path")),
            ("GITHUB_STEP_SUMMARY", &file("step_summary")),
        ] {
            variables.set_exported(key, value);
        }
        for (key, value) in &state.env {
            variables.set_exported(key, value.clone());
        }
        for (key, value) in &step.env {
            variables.set_exported(key, interpolate(value, scope));
        }
        variables
    }

    fn script(
        &mut self,
        world: &mut World<'_>,
        step: &github::Step,
        state: &mut State,
        scope: &Scope,
    ) -> (i32, Vec<(String, String)>, String) {
        let script = interpolate(step.run.as_deref().unwrap_or_default(), scope);
        let shell_name = step.shell.as_deref().or(self.job.shell.as_deref());
        for name in ["set_env", "set_output", "add_path", "step_summary"] {
            world.files.write(&format!("{TEMP}/{name}"), "");
        }
        let known = matches!(shell_name, None | Some("bash" | "sh"))
            || shell_name.is_some_and(|s| s.starts_with("bash ") || s.starts_with("sh "));
        if !known {
            world.exact = false;
            world.files_are_guessed = true;
            world.reason(format!(
                "the shell {} is not simulated",
                shell_name.unwrap_or_default()
            ));
            return (0, Vec::new(), String::new());
        }
        let directory = step.directory.as_deref().or(self.job.directory.as_deref());
        let directory = directory.map_or(WORKSPACE.to_owned(), |d| {
            crate::ci::world::files::absolute(&interpolate(d, scope), WORKSPACE)
        });
        let mut shell = Shell::new(world, self.variables(step, state, scope), &directory);
        shell.options.errexit = true;
        shell.options.pipefail =
            shell_name == Some("bash") || shell_name.is_some_and(|s| s.contains("pipefail"));
        let mut output = String::new();
        let done = match parse(&script) {
            Ok(list) => shell.run(&list, &mut output),
            Err(error) => {
                shell.world.note(
                    "script-syntax",
                    format!("the shell cannot read this: {error}"),
                );
                shell.world.exact = false;
                let _ = writeln!(output, "{error}");
                Err(Flow::Exit(2))
            }
        };
        let status = match done {
            Ok(status) | Err(Flow::Exit(status) | Flow::Return(status)) => status,
            Err(Flow::Break(_) | Flow::Continue(_)) => 0,
            Err(Flow::TimeLimit) => {
                output.push_str("(this goes on until the job's time limit ends it)\n");
                shell.world.note(
                    "endless-loop",
                    "this can never end: what it waits for does not come",
                );
                shell.world.exact = false;
                1
            }
        };
        let read = |name: &str| {
            world
                .files
                .text(&format!("{TEMP}/{name}"))
                .unwrap_or_default()
        };
        state.env.extend(pairs(&read("set_env")));
        let mut outputs = pairs(&read("set_output"));
        outputs.extend(old_outputs(&output));
        (status, outputs, output)
    }

    /// A local action: its steps, in the place of the one that uses it.
    fn composite(
        &mut self,
        world: &mut World<'_>,
        step: &github::Step,
        state: &mut State,
        scope: &Scope,
        handover: &mut Handover,
    ) -> (i32, Vec<(String, String)>, String) {
        let uses = step.uses.as_deref().unwrap_or_default();
        let path = uses.trim_start_matches("./").trim_end_matches('/');
        let folder = format!("{WORKSPACE}/{path}");
        let folder = folder.trim_end_matches('/');
        let text = ["action.yml", "action.yaml"]
            .iter()
            .find_map(|name| world.files.text(&format!("{folder}/{name}")));
        let Some(text) = text else {
            let error = format!(
                "Error: Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '{folder}'. Did you forget to run actions/checkout before running your local action?\n"
            );
            return (1, Vec::new(), error);
        };
        let action = match github::read_action(&text) {
            Ok(action) if state.depth < MAX_DEPTH => action,
            Ok(_) => {
                return (
                    1,
                    Vec::new(),
                    "(the actions are nested too deep)\n".to_owned(),
                );
            }
            Err(refused) => {
                world.exact = false;
                return (1, Vec::new(), format!("Error: {}\n", refused.message));
            }
        };
        let Some(steps) = action.steps else {
            world.exact = false;
            world.files_are_guessed = true;
            world.reason(format!(
                "{uses} is no composite action; it is assumed to succeed"
            ));
            return (0, Vec::new(), String::new());
        };
        let mut given: Map<String, Value> = Map::new();
        for (name, default) in &action.inputs {
            let own = step.with.iter().find(|(k, _)| k == name);
            let text = own.map_or(default, |(_, v)| v);
            given.insert(name.clone(), Value::String(interpolate(text, scope)));
        }
        let mut inner = State {
            env: state.env.clone(),
            depth: state.depth + 1,
            ..State::default()
        };
        let mut printed = String::new();
        let mut status = 0;
        for own in &steps {
            let scope = self.inside(&inner, handover, &given);
            if !condition(own.condition.as_deref(), &scope) {
                continue;
            }
            let (ended, outputs, output) = if own.uses.is_some() {
                self.action(world, own, &mut inner, &scope, handover)
            } else {
                self.script(world, own, &mut inner, &scope)
            };
            printed.push_str(&output);
            if ended != 0 && !own.continue_on_error {
                inner.failed = true;
                status = if status == 0 { ended } else { status };
            }
            if let Some(id) = &own.id {
                let outputs = outputs.into_iter().map(|(k, v)| (k, Value::String(v)));
                let outputs: Map<String, Value> = outputs.collect();
                inner.steps.insert(id.clone(), json!({"outputs": outputs}));
            }
        }
        let scope = self.inside(&inner, handover, &given);
        let outputs = action.outputs.iter();
        let outputs = outputs.map(|(k, v)| (k.clone(), interpolate(v, &scope)));
        let outputs = outputs.collect();
        state.env = inner.env;
        (status, outputs, printed)
    }

    /// The contexts inside of a local action.
    fn inside(&self, state: &State, handover: &Handover, given: &Map<String, Value>) -> Scope {
        let mut scope = self.scope(state, handover);
        let given = Value::Object(given.clone());
        scope.contexts.insert("inputs".to_owned(), given);
        scope
    }

    fn action(
        &mut self,
        world: &mut World<'_>,
        step: &github::Step,
        state: &mut State,
        scope: &Scope,
        handover: &mut Handover,
    ) -> (i32, Vec<(String, String)>, String) {
        let uses = step.uses.as_deref().unwrap_or_default();
        let action = uses.split('@').next().unwrap_or_default();
        if action.starts_with("./") {
            return self.composite(world, step, state, scope, handover);
        }
        let with: BTreeMap<String, String> = step
            .with
            .iter()
            .map(|(k, v)| (k.clone(), interpolate(v, scope)))
            .collect();
        let mut shell = Shell::new(world, self.variables(step, state, scope), WORKSPACE);
        let call = Call {
            action,
            with,
            event: self.event,
            checkout: self.inputs.files,
            artifacts: &mut handover.artifacts,
        };
        let done = actions::run(&mut shell, call);
        let output = shell.printed();
        if action == "docker/metadata-action"
            && let Some((_, json)) = done.outputs.iter().find(|(k, _)| k == "json")
        {
            state
                .env
                .insert("DOCKER_METADATA_OUTPUT_JSON".to_owned(), json.clone());
        }
        (done.status, done.outputs, output)
    }
}

#[cfg(test)]
mod tests {
    use super::is_arm;

    #[test]
    fn labels_name_the_cpu_of_a_runner() {
        for (labels, expected) in [
            ("ubuntu-latest", false),
            ("ubuntu-24.04-arm", true),
            ("self-hosted linux ARM64", true),
            ("charmed-runner", false),
        ] {
            assert_eq!(is_arm(labels), expected, "{labels}");
        }
    }
}
