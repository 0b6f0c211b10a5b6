//! A GitLab job: one shell for `before_script` and `script`, another for `after_script`.
//!
//! Log lines follow gitlab-runner's job trace in outline; its messages for a failed job are told
//! in its own words only as far as they are known.

use std::fmt::Write as _;

use std::collections::{BTreeMap, BTreeSet};

use super::daemons::{daemon, hosts_daemon, is_dind};
use super::gitlab_jobs::Handover;
use super::inputs::expand;
use super::outcome::{Phase, Run, Status, Step};
use super::secrets;
use super::{Build, Inputs};
use crate::ci::gitlab::{Context, Decision, Entry, Job, Pipeline, TOKENS, decide, predefined};
use crate::ci::settings::{Executor, VariableSetting};
use crate::ci::shell::{Flow, Shell, Variables, parse};
use crate::ci::world::{File, Service, Toolbox, World};

const DIRECTORY: &str = "/builds/cloudbeer/pure-ci";

/// The variables of a job and which pipeline lets it run.
struct Prepared {
    variables: BTreeMap<String, String>,
    secrets: BTreeSet<String>,
    waits: bool,
    runs: bool,
}

fn prepare(job: &Job, inputs: &Inputs<'_>, handover: &Handover) -> Prepared {
    let scripts = job
        .before_script
        .iter()
        .chain(&job.script)
        .chain(&job.after_script);
    let mut mentioned = secrets::of_scripts(scripts.map(|e| e.text.as_str()));
    let values = job.variables.iter().map(|(_, v)| v.as_str());
    let images = job
        .image
        .iter()
        .map(|i| i.name.as_str())
        .chain(job.services.iter().map(|s| s.name.as_str()));
    for text in values.chain(images) {
        for name in names_in(text) {
            mentioned.read.entry(name).or_insert(true);
        }
    }
    let mut runs = false;
    let mut variables = BTreeMap::new();
    let mut secret_values = BTreeSet::new();
    for context in [Context::Branch, Context::Tag, Context::MergeRequest] {
        let fixed: BTreeMap<String, String> = predefined(context).into_iter().collect();
        let mut all = fixed.clone();
        all.insert("CI_JOB_NAME".to_owned(), job.name.clone());
        all.insert("CI_JOB_STAGE".to_owned(), job.stage.clone());
        all.extend(job.variables.iter().cloned());
        all.extend(handover.variables.iter().cloned());
        let known: BTreeSet<String> = all.keys().cloned().collect();
        let is_predefined = |name: &str| name.starts_with("CI_") || name.starts_with("GITLAB_");
        let (values, secrets) =
            secrets::values(&mentioned, &known, inputs.settings, &is_predefined);
        all.extend(values);
        secret_values = secrets;
        for token in TOKENS {
            all.insert(
                token.to_owned(),
                format!("glcbt-{}", token.to_lowercase().replace('_', "-")),
            );
            secret_values.insert(all[token].clone());
        }
        for (name, setting) in &inputs.settings.variables {
            match setting {
                VariableSetting::Unset => {
                    if !job.variables.iter().any(|(k, _)| k == name) {
                        all.remove(name);
                    }
                }
                VariableSetting::Value(value) => {
                    all.insert(name.clone(), value.clone());
                }
                VariableSetting::Set => {}
            }
        }
        let decision = decide(job, &|name| all.get(name).cloned());
        let (allowed, added) = match decision {
            Decision::Runs(added) | Decision::Manual(added) => (true, added),
            Decision::Never => (false, Vec::new()),
        };
        all.extend(added);
        if allowed || variables.is_empty() {
            variables = all;
            runs = allowed;
        }
        if allowed {
            break;
        }
    }
    let snapshot = variables.clone();
    for value in variables.values_mut() {
        *value = expand(value, &snapshot).replace("$$", "$");
    }
    Prepared {
        waits: secrets::waits_for_docker(&mentioned),
        variables,
        secrets: secret_values,
        runs,
    }
}

/// Names after a dollar sign.
fn names_in(text: &str) -> Vec<String> {
    text.split('$')
        .skip(1)
        .map(|part| part.trim_start_matches('{'))
        .map(|part| {
            part.chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect::<String>()
        })
        .filter(|name| !name.is_empty())
        .collect()
}

#[expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "file names on Linux"
)]
pub(super) fn play(
    pipeline: &Pipeline,
    job: &Job,
    inputs: &Inputs<'_>,
    handover: &mut Handover,
    build: Build<'_>,
) -> Run {
    let prepared = prepare(job, inputs, handover);
    let mut world = World::new(
        inputs.settings.clone(),
        Service::GitLab,
        Box::new(|i, e| build(i, e)),
    );
    world.registries = std::mem::take(&mut handover.registries);
    world.secrets.clone_from(&prepared.secrets);
    world.waits = prepared.waits;
    world.mark = job.mark;
    world.files.make_directory(DIRECTORY);
    for (path, bytes) in inputs.files {
        let file = File {
            bytes: Some(bytes.clone()),
            executable: path.ends_with(".sh"),
            made: None,
        };
        world.files.insert(&format!("{DIRECTORY}/{path}"), file);
    }
    for (path, file) in &handover.artifacts {
        world.files.insert(path, file.clone());
    }
    if !prepared.runs {
        world.note("job-never-runs", "no pipeline of a branch, a tag or a merge request has this job; it is shown as if it ran");
    }
    let mut log = String::new();
    let image = job.image.as_ref().map_or("ruby:3.1".to_owned(), |i| {
        expand(&i.name, &prepared.variables)
    });
    let _ = writeln!(log, "Using Docker executor with image {image} ...");
    start_services(&mut world, job, &prepared, inputs, &mut log);
    let has_service = !world.daemons.is_empty();
    let hosts = hosts_daemon(&prepared.variables, has_service, inputs.settings);
    world.daemons.extend(hosts);
    if let Some(limit) = job.timeout {
        world.time_limit = limit;
    }
    let blocked = set_up_image(&mut world, job, &image, inputs);
    log.push_str("Executing \"step_script\" stage of the job script\n");

    let variables = environment_variables(&world, &prepared);
    let mut player = Player {
        steps: Vec::new(),
        log,
        world: &mut world,
    };
    let exit = if blocked {
        player.block(job)
    } else {
        player.script(job, variables.clone())
    };
    player.after(job, variables, exit);
    let Player { steps, mut log, .. } = player;
    let _ = match exit {
        0 => writeln!(log, "Job succeeded"),
        status => writeln!(log, "ERROR: Job failed: exit code {status}"),
    };
    hand_over(&world, job, handover);
    super::outcome::finish(world, pipeline.files.clone(), &job.name, steps, log, exit)
}

fn start_services(
    world: &mut World<'_>,
    job: &Job,
    prepared: &Prepared,
    inputs: &Inputs<'_>,
    log: &mut String,
) {
    for service in &job.services {
        let mut service = service.clone();
        service.name = expand(&service.name, &prepared.variables);
        for alias in &mut service.aliases {
            *alias = expand(alias, &prepared.variables);
        }
        for (_, value) in &mut service.variables {
            *value = expand(value, &prepared.variables);
        }
        let _ = writeln!(log, "Starting service {}...", service.name);
        world.mark = service.mark;
        if is_dind(&service) {
            let daemon = daemon(world, &service, &prepared.variables, inputs.settings);
            if !daemon.privileged {
                world.note(
                    "dind-not-privileged",
                    "the runner starts services without privileged mode, so the Docker daemon ends at once",
                );
                log.push_str("(the service's health check fails: the daemon has ended)\n");
            }
            world.daemons.push(daemon);
        }
    }
    world.mark = job.mark;
}

/// The job's image; true if its entrypoint keeps the script from running.
fn set_up_image(world: &mut World<'_>, job: &Job, image: &str, inputs: &Inputs<'_>) -> bool {
    world.tools = Toolbox::of_image(image, inputs.settings);
    world.has_bash = world.tools.has("bash") == Some(true);
    let Some(given) = &job.image else {
        return false;
    };
    world.mark = given.mark;
    let (_, tag) = crate::ci::world::toolbox::split(image);
    let is_docker = world.tools.docker.is_some() && world.tools.known;
    if is_docker && crate::environment::docker_release(&tag).is_none() {
        world.note_facts(
            "dind-version-skew",
            format!("{image} names no version, so it changes whenever a new Docker is released"),
            &[("image", image)],
        );
    }
    let takes_over = world.tools.image.ends_with("aws-cli") && given.entrypoint.is_none();
    if takes_over && inputs.settings.executor != Some(Executor::Kubernetes) {
        world.note_facts(
            "awscli-image-entrypoint",
            format!("the entrypoint of {image} is aws, which may receive the job's shell as its first argument"),
            &[("image", image)],
        );
    }
    world.mark = job.mark;
    takes_over && inputs.settings.executor == Some(Executor::Docker)
}

/// The variables that the script starts with, the image's entrypoint considered.
fn environment_variables(world: &World<'_>, prepared: &Prepared) -> Variables {
    let mut variables = Variables::default();
    variables.set_exported("HOME", "/root");
    variables.set_exported(
        "PATH",
        "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    );
    let image = &world.tools.image;
    let is_docker = image.rsplit('/').next() == Some("docker");
    if is_docker {
        variables.set_exported("DOCKER_TLS_CERTDIR", "/certs");
    }
    for (name, value) in &prepared.variables {
        variables.set_exported(name, value.clone());
    }
    if is_docker {
        docker_entrypoint(world, &mut variables);
    }
    variables
}

/// `docker-entrypoint.sh` of the docker images: an address, and TLS if the certificates are there.
fn docker_entrypoint(world: &World<'_>, variables: &mut Variables) {
    let get =
        |variables: &Variables, name: &str| variables.get(name).unwrap_or_default().to_owned();
    let folder = format!(
        "{}/client",
        get(variables, "DOCKER_TLS_CERTDIR").trim_end_matches('/')
    );
    // Runners wait a while for the service's port, so the certificates are there where the job
    // waits as well; without any waiting it is the same race as the script's.
    let early = world.waits || world.has_certificates(&folder);
    let tls = !get(variables, "DOCKER_TLS_CERTDIR").is_empty()
        && early
        && world
            .daemons
            .iter()
            .any(|d| d.certificates.as_deref() == Some(folder.as_str()) && d.privileged);
    let has_socket = world.daemons.iter().any(|d| d.has_socket);
    if get(variables, "DOCKER_HOST").is_empty() && !has_socket {
        let port = if tls || !get(variables, "DOCKER_TLS_VERIFY").is_empty() {
            2376
        } else {
            2375
        };
        variables.set_exported("DOCKER_HOST", format!("tcp://docker:{port}"));
    }
    let is_tcp = get(variables, "DOCKER_HOST").starts_with("tcp:");
    if is_tcp
        && tls
        && get(variables, "DOCKER_TLS_VERIFY").is_empty()
        && get(variables, "DOCKER_CERT_PATH").is_empty()
    {
        variables.set_exported("DOCKER_TLS_VERIFY", "1");
        variables.set_exported("DOCKER_CERT_PATH", folder);
    }
}

struct Player<'w, 'b> {
    steps: Vec<Step>,
    log: String,
    world: &'w mut World<'b>,
}

impl Player<'_, '_> {
    /// The entrypoint fails before the script begins.
    fn block(&mut self, job: &Job) -> i32 {
        for (phase, entry) in main_entries(job) {
            self.steps
                .push(Step::skipped(phase, entry.mark, &entry.text));
        }
        if let Some(first) = self.steps.first_mut() {
            first.status = Status::Failed;
            first.exit_status = 252;
            first.exact = false;
            "(the AWS CLI refuses the shell's name as an argument)\n".clone_into(&mut first.output);
        }
        252
    }

    fn script(&mut self, job: &Job, variables: Variables) -> i32 {
        let mut shell = Shell::new(self.world, variables, DIRECTORY);
        shell.options.errexit = true;
        shell.options.pipefail = true;
        let mut ended: Option<i32> = None;
        let mut status = 0;
        for (phase, entry) in main_entries(job) {
            if ended.is_some() {
                self.steps
                    .push(Step::skipped(phase, entry.mark, &entry.text));
                continue;
            }
            let (step, end) = play_entry(&mut shell, phase, entry);
            self.log.push_str(&echo(shell.world, entry));
            self.log.push_str(&step.output);
            status = step.exit_status;
            ended = end;
            self.steps.push(step);
        }
        if let Some(trap) = shell.exit_trap.take() {
            let mut output = String::new();
            let list = parse(&trap).unwrap_or_default();
            let _ = shell.run(&list, &mut output);
            let output = shell.world.masked(&output);
            self.log.push_str(&output);
        }
        ended.unwrap_or(status)
    }

    /// A new shell with the files but without the exports; its end changes nothing.
    fn after(&mut self, job: &Job, variables: Variables, exit: i32) {
        if job.after_script.is_empty() {
            return;
        }
        self.log.push_str("Running after_script\n");
        let mut variables = variables;
        variables.set_exported(
            "CI_JOB_STATUS",
            if exit == 0 { "success" } else { "failed" },
        );
        let mut shell = Shell::new(self.world, variables, DIRECTORY);
        shell.options.errexit = true;
        shell.options.pipefail = true;
        let mut ended = false;
        for entry in &job.after_script {
            if ended {
                self.steps
                    .push(Step::skipped(Phase::AfterScript, entry.mark, &entry.text));
                continue;
            }
            let (step, end) = play_entry(&mut shell, Phase::AfterScript, entry);
            self.log.push_str(&echo(shell.world, entry));
            self.log.push_str(&step.output);
            ended = end.is_some();
            self.steps.push(step);
        }
    }
}

pub(super) fn main_entries(job: &Job) -> impl Iterator<Item = (Phase, &Entry)> {
    let before = job.before_script.iter().map(|e| (Phase::BeforeScript, e));
    before.chain(job.script.iter().map(|e| (Phase::Script, e)))
}

/// `$ command`; of several lines the first.
fn echo(world: &World<'_>, entry: &Entry) -> String {
    let text = entry.text.trim_end_matches('\n');
    let mut lines = text.lines();
    let first = world.masked(lines.next().unwrap_or_default());
    if lines.next().is_some() {
        format!("$ {first} # collapsed multi-line command\n")
    } else {
        format!("$ {first}\n")
    }
}

/// One entry; the second part is the exit status if the script ends here.
fn play_entry(shell: &mut Shell<'_, '_>, phase: Phase, entry: &Entry) -> (Step, Option<i32>) {
    // The runner echoes the next line in between, so `$?` is 0.
    shell.status = 0;
    shell.world.mark = entry.mark;
    shell.world.exact = true;
    shell.world.reasons.clear();
    shell.world.activities.clear();
    let began = shell.world.clock;
    let mut output = String::new();
    let done = match parse(&entry.text) {
        Ok(list) => shell.run(&list, &mut output),
        Err(error) => {
            shell.world.note_facts(
                "script-syntax",
                format!("the shell cannot read this: {error}"),
                &[("line", &error.line.to_string())],
            );
            shell.world.exact = false;
            let _ = writeln!(output, "{}{error}", shell.prefix());
            Err(Flow::Exit(2))
        }
    };
    let (exit_status, ended) = match done {
        Ok(status) => (status, None),
        Err(Flow::Exit(status)) => (status, Some(status)),
        Err(Flow::Return(status)) => (status, None),
        Err(Flow::Break(_) | Flow::Continue(_)) => (0, None),
        Err(Flow::TimeLimit) => {
            output.push_str("(this goes on until the job's time limit ends it)\n");
            shell.world.note(
                "endless-loop",
                "this can never end: what it waits for does not come",
            );
            shell.world.exact = false;
            (1, Some(1))
        }
    };
    let failed = exit_status != 0;
    let step = Step {
        phase,
        mark: entry.mark,
        command: entry.text.clone(),
        status: if failed { Status::Failed } else { Status::Ok },
        exit_status,
        output: shell.world.masked(&output),
        exact: shell.world.exact,
        reasons: std::mem::take(&mut shell.world.reasons),
        start: began,
        duration: shell.world.clock - began,
        activities: std::mem::take(&mut shell.world.activities),
        state: shell.world.facts(),
    };
    (step, ended)
}

/// Files of `artifacts`, variables of dotenv reports, and the registries.
fn hand_over(world: &World<'_>, job: &Job, handover: &mut Handover) {
    handover.registries = world.registries.clone();
    for (path, file) in world.files.below(DIRECTORY) {
        let kept = job.artifacts.iter().any(|pattern| {
            let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
            path == pattern
                || path.starts_with(&format!("{pattern}/"))
                || crate::ci::shell::pattern_matches(pattern, &path)
        });
        if kept {
            let file = File {
                bytes: file.bytes,
                executable: true,
                made: file.made,
            };
            handover
                .artifacts
                .push((format!("{DIRECTORY}/{path}"), file));
        }
    }
    for report in &job.dotenv {
        let text = world
            .files
            .text(&format!("{DIRECTORY}/{report}"))
            .unwrap_or_default();
        handover.variables.extend(
            text.lines()
                .filter_map(|l| l.split_once('='))
                .map(|(k, v)| (k.to_owned(), v.to_owned())),
        );
    }
}
