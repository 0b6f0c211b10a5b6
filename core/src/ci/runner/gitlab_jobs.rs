//! The jobs of a pipeline around one of them: which come before it, which stand beside it, and
//! whether it starts at all.

use std::collections::BTreeSet;

use super::gitlab::{main_entries, play};
use super::outcome::{Earlier, Other, Outcome, Run, Step, not_started};
use super::{Build, Inputs};
use crate::ci::gitlab::{self, Job, Pipeline};
use crate::ci::world::{File, Registries, Service};

/// Earlier jobs played through at most.
const MAX_EARLIER: usize = 12;

/// Jobs beside it played through at most.
const MAX_OTHERS: usize = 4;

/// What jobs hand to later ones.
#[derive(Default, Clone)]
pub(super) struct Handover {
    pub(super) registries: Registries,
    pub(super) artifacts: Vec<(String, File)>,
    pub(super) variables: Vec<(String, String)>,
    /// Names of the jobs that are over.
    over: BTreeSet<String>,
    /// Those whose bad end holds later jobs back.
    failed: BTreeSet<String>,
}

/// Plays a job through, after the jobs that come before it.
pub fn run(pipeline: &Pipeline, job: &Job, inputs: &Inputs<'_>, build: Build<'_>) -> Run {
    let mut handover = Handover::default();
    let mut earlier = Vec::new();
    for before in earlier_jobs(pipeline, job) {
        let run = start(pipeline, before, inputs, &mut handover, build);
        earlier.push(Earlier {
            job: run.job,
            outcome: run.outcome,
            pushed: run.pushed,
        });
    }
    let mut run = start(pipeline, job, inputs, &mut handover, build);
    run.earlier = earlier;
    let is_other = |j: &&Job| !handover.over.contains(&j.name) && gitlab::builds_images(j);
    for other in pipeline.jobs.iter().filter(is_other).take(MAX_OTHERS) {
        let before = earlier_jobs(pipeline, other);
        // Only what comes before it leaves it anything.
        let follows = before.iter().any(|b| b.name == job.name);
        let mut own = if follows {
            handover.clone()
        } else {
            Handover::default()
        };
        for before in before {
            if !own.over.contains(&before.name) {
                start(pipeline, before, inputs, &mut own, build);
            }
        }
        let played = start(pipeline, other, inputs, &mut own, build);
        run.others.push(Other::of(played, other.base == job.base));
    }
    run
}

/// Plays a job through, unless one before it has failed and this one does not ask for that.
fn start(
    pipeline: &Pipeline,
    job: &Job,
    inputs: &Inputs<'_>,
    handover: &mut Handover,
    build: Build<'_>,
) -> Run {
    let before = earlier_jobs(pipeline, job);
    let failed = before.iter().find(|b| handover.failed.contains(&b.name));
    let waits = !matches!(job.when.as_deref(), Some("always" | "on_failure"));
    let run = match failed {
        Some(failed) if waits => {
            let skipped = main_entries(job).map(|(p, e)| Step::skipped(p, e.mark, &e.text));
            let steps = skipped.collect();
            let files = pipeline.files.clone();
            let place = (job.name.as_str(), job.mark);
            not_started(
                inputs.settings,
                Service::GitLab,
                files,
                place,
                steps,
                &failed.name,
            )
        }
        _ => play(pipeline, job, inputs, handover, build),
    };
    handover.over.insert(job.name.clone());
    if run.outcome == Outcome::Fails && !may_fail(job, &run) {
        handover.failed.insert(job.name.clone());
    }
    run
}

/// Whether later jobs start though this one fails: it is allowed to, waits for a person, or is in
/// no pipeline with them.
fn may_fail(job: &Job, run: &Run) -> bool {
    let never_runs = run.incidents.iter().any(|i| i.cause == "job-never-runs");
    job.allow_failure || job.when.as_deref() == Some("manual") || never_runs
}

/// Jobs of `needs`, or all of earlier stages, in stage order.
fn earlier_jobs<'p>(pipeline: &'p Pipeline, job: &Job) -> Vec<&'p Job> {
    let stage = |name: &str| pipeline.stages.iter().position(|s| s == name).unwrap_or(0);
    let wanted: BTreeSet<&str> = match &job.needs {
        Some(needs) => needed(pipeline, needs),
        None => pipeline
            .jobs
            .iter()
            .filter(|j| stage(&j.stage) < stage(&job.stage))
            .map(|j| j.name.as_str())
            .collect(),
    };
    let is_before = |j: &&Job| wanted.contains(j.name.as_str()) && j.name != job.name;
    let mut found: Vec<&Job> = pipeline.jobs.iter().filter(is_before).collect();
    found.sort_by_key(|j| stage(&j.stage));
    found.truncate(MAX_EARLIER);
    found
}

/// Names of the jobs that `needs` asks for, however many jobs are between.
fn needed<'p>(pipeline: &'p Pipeline, needs: &'p [String]) -> BTreeSet<&'p str> {
    let mut wanted = BTreeSet::new();
    let mut open: Vec<&str> = needs.iter().map(String::as_str).collect();
    while let Some(name) = open.pop() {
        for found in pipeline
            .jobs
            .iter()
            .filter(|j| j.base == name || j.name == name)
        {
            if wanted.insert(found.name.as_str()) {
                open.extend(found.needs.iter().flatten().map(String::as_str));
            }
        }
    }
    wanted
}
