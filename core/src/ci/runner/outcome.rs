//! What came of a job.

use crate::ci::build::Verdict;
use crate::ci::incident::Incident;
use crate::ci::settings::Settings;
use crate::ci::world::{Activity, Attempt, Built, Fact, Pushed, Service, World};
use crate::ci::yaml::Mark;
use crate::environment::{Environment, Version};

/// A job that was played through.
#[derive(Debug, Clone)]
pub struct Run {
    pub job: String,
    pub outcome: Outcome,
    pub exit_status: i32,
    /// Estimated seconds.
    pub duration: f64,
    /// Of the last build, or of the builder in force at the end.
    pub environment: Option<Environment>,
    pub pushed: Vec<Pushed>,
    pub steps: Vec<Step>,
    pub log: String,
    pub incidents: Vec<Incident>,
    pub builds: Vec<Built>,
    /// With those that buildx refused.
    pub attempts: Vec<Attempt>,
    /// Versions of the job's Docker client and its buildx at the end.
    pub tools: Option<(Version, Option<Version>)>,
    /// What this job's own later pushes took the tags from.
    pub overwritten: Vec<Pushed>,
    /// Jobs that were played through before, with what they pushed.
    pub earlier: Vec<Earlier>,
    /// Other jobs of the file that build images, each played through by itself.
    pub others: Vec<Other>,
    /// Names of the files that marks count in.
    pub files: Vec<String>,
}

/// A job of an earlier stage or of `needs`.
#[derive(Debug, Clone)]
pub struct Earlier {
    pub job: String,
    pub outcome: Outcome,
    pub pushed: Vec<Pushed>,
}

/// A job that neither is the one in question nor comes before it.
#[derive(Debug, Clone)]
pub struct Other {
    pub job: String,
    /// Another leg of the same matrix.
    pub is_leg: bool,
    pub outcome: Outcome,
    pub pushed: Vec<Pushed>,
    /// What its builds say after `--cache-to`.
    pub caches: Vec<String>,
}

impl Other {
    pub(super) fn of(run: Run, is_leg: bool) -> Self {
        let builds = run.builds.into_iter();
        Self {
            job: run.job,
            is_leg,
            outcome: run.outcome,
            pushed: run.pushed,
            caches: builds.flat_map(|b| b.invocation.cache_to).collect(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Passes,
    Fails,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passes => "passes",
            Self::Fails => "fails",
        }
    }
}

/// One script entry or step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub phase: Phase,
    pub mark: Mark,
    /// As written.
    pub command: String,
    pub status: Status,
    pub exit_status: i32,
    pub output: String,
    /// False where something is not modelled, is a race, or has a text that nobody verified.
    pub exact: bool,
    /// Facts of the environment that decided it.
    pub reasons: Vec<String>,
    /// Estimated seconds from the begin of the script to the begin of this step.
    pub start: f64,
    /// Estimated seconds.
    pub duration: f64,
    /// What a build inside it does, in the order of its log; empty where nothing is built.
    pub activities: Vec<Activity>,
    /// Everything that later steps stand on, as it is after this one.
    pub state: Vec<Fact>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    BeforeScript,
    Script,
    AfterScript,
    /// GitHub knows no other.
    Steps,
}

impl Phase {
    /// Whether it comes after the outcome is decided.
    pub fn is_after(self) -> bool {
        self == Self::AfterScript
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::BeforeScript => "before_script",
            Self::Script => "script",
            Self::AfterScript => "after_script",
            Self::Steps => "steps",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Ok,
    Failed,
    Skipped,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

impl Step {
    /// A step that is not reached.
    pub(super) fn skipped(phase: Phase, mark: Mark, command: &str) -> Self {
        Self {
            phase,
            mark,
            command: command.to_owned(),
            status: Status::Skipped,
            exit_status: 0,
            output: String::new(),
            exact: true,
            reasons: Vec::new(),
            start: 0.0,
            duration: 0.0,
            activities: Vec::new(),
            state: Vec::new(),
        }
    }
}

/// The run of a job that the service never starts, since the one called `failed` ends badly.
pub(super) fn not_started(
    settings: &Settings,
    service: Service,
    files: Vec<String>,
    (job, mark): (&str, Mark),
    steps: Vec<Step>,
    failed: &str,
) -> Run {
    let nothing = Box::new(|_: &_, _: &_| Verdict::default());
    let mut world = World::new(settings.clone(), service, nothing);
    world.mark = mark;
    let message = format!("the job {failed} fails, so {job} does not start");
    world.note_facts("earlier-job-fails", message, &[("job", failed)]);
    let mut run = finish(world, files, job, steps, String::new(), 1);
    run.duration = 0.0;
    run
}

/// Closes a run: the environment in force, and secrets masked wherever they would be shown.
pub(super) fn finish(
    world: World<'_>,
    files: Vec<String>,
    job: &str,
    steps: Vec<Step>,
    log: String,
    exit: i32,
) -> Run {
    let last = world.attempts.last().map(|a| a.environment.clone());
    let environment = last.or_else(|| {
        let builder = world
            .current_builder
            .as_ref()
            .and_then(|name| world.builders.get(name));
        builder
            .map(|b| world.environment_of(b))
            .or_else(|| world.environment_of_daemon(0, "default"))
    });
    let mut pushed = world.pushed.clone();
    for entry in &mut pushed {
        entry.reference = world.masked(&entry.reference);
    }
    let mut incidents = world.incidents.clone();
    for incident in &mut incidents {
        incident.message = world.masked(&incident.message);
        for value in incident.facts.values_mut() {
            *value = world.masked(value);
        }
    }
    Run {
        job: job.to_owned(),
        outcome: if exit == 0 {
            Outcome::Passes
        } else {
            Outcome::Fails
        },
        exit_status: exit,
        duration: world.clock + 12.0,
        environment,
        pushed,
        steps,
        log,
        incidents,
        builds: world.builds,
        attempts: world.attempts,
        tools: world.tools.docker.map(|cli| (cli, world.tools.buildx)),
        overwritten: world.overwritten,
        earlier: Vec::new(),
        others: Vec::new(),
        files,
    }
}
