//! The jobs of a workflow around one of them: which come before it, which stand beside it, and
//! whether it starts at all.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::github::play;
use super::github_contexts::{State, scope};
use super::metadata_action::Event;
use super::outcome::{Earlier, Other, Phase, Run, Step, not_started};
use super::{Build, Inputs};
use crate::ci::github::{self, Job, Workflow, condition};
use crate::ci::world::{File, Registries, Service};

const MAX_EARLIER: usize = 12;

/// Jobs beside it played through at most.
const MAX_OTHERS: usize = 4;

/// What jobs hand to later ones; artifacts and registries are the whole run's.
#[derive(Default)]
pub(super) struct Handover {
    pub(super) registries: Registries,
    pub(super) artifacts: BTreeMap<String, Vec<(String, File)>>,
    /// The `needs` context.
    pub(super) needs: Map<String, Value>,
    /// Names of the jobs that are over.
    over: BTreeSet<String>,
}

impl Handover {
    /// One leg that does not end well decides the result of all legs of a job.
    pub(super) fn ended(&mut self, base: &str, result: &str, outputs: &Map<String, Value>) {
        let before = self.needs.get(base).and_then(|n| n["result"].as_str());
        let result = match before {
            Some(before) if before != "success" => before.to_owned(),
            _ => result.to_owned(),
        };
        let given = json!({"outputs": outputs, "result": result});
        self.needs.insert(base.to_owned(), given);
    }
}

/// Plays a job through, after the jobs that it needs.
pub fn run(workflow: &Workflow, job: &Job, inputs: &Inputs<'_>, build: Build<'_>) -> Run {
    let mut handover = Handover::default();
    let mut earlier = Vec::new();
    for before in earlier_jobs(workflow, job) {
        let run = start(workflow, before, inputs, &mut handover, build);
        earlier.push(Earlier {
            job: run.job,
            outcome: run.outcome,
            pushed: run.pushed,
        });
    }
    let mut others = Vec::new();
    let is_leg = |other: &&Job| other.base == job.base;
    let first_legs = workflow.jobs.iter().take_while(|j| j.name != job.name);
    for leg in first_legs.filter(is_leg).take(MAX_OTHERS) {
        let played = start(workflow, leg, inputs, &mut handover, build);
        others.push(Other::of(played, true));
    }
    let mut run = start(workflow, job, inputs, &mut handover, build);
    let builders = workflow.jobs.iter().filter(|j| github::builds_images(j));
    for other in builders {
        if others.len() >= MAX_OTHERS || handover.over.contains(&other.name) {
            continue;
        }
        for before in earlier_jobs(workflow, other) {
            if !handover.over.contains(&before.name) {
                start(workflow, before, inputs, &mut handover, build);
            }
        }
        let played = start(workflow, other, inputs, &mut handover, build);
        others.push(Other::of(played, other.base == job.base));
    }
    run.earlier = earlier;
    run.others = others;
    run
}

/// Plays a job through, unless one that it needs has not ended well.
fn start(
    workflow: &Workflow,
    job: &Job,
    inputs: &Inputs<'_>,
    handover: &mut Handover,
    build: Build<'_>,
) -> Run {
    handover.over.insert(job.name.clone());
    let needed = needed(workflow, job);
    let ended_badly = |base: &&str| {
        let result = handover.needs.get(*base).map(|n| &n["result"]);
        result.is_some_and(|result| result != "success")
    };
    let Some(failed) = needed.iter().find(|base| ended_badly(base)) else {
        return play(workflow, job, inputs, handover, build);
    };
    let (event, state) = (Event::of(workflow), State::default());
    let mut scope = scope(
        workflow,
        job,
        inputs.settings,
        &event,
        &state,
        &handover.needs,
    );
    scope.failed = true;
    if condition(job.condition.as_deref(), &scope) {
        return play(workflow, job, inputs, handover, build);
    }
    let skipped = |step: &github::Step| {
        let command = step.uses.as_deref().or(step.run.as_deref());
        Step::skipped(Phase::Steps, step.mark, command.unwrap_or_default())
    };
    let steps = job.steps.iter().map(skipped).collect();
    let files = vec![workflow.file.clone()];
    let run = not_started(
        inputs.settings,
        Service::GitHub,
        files,
        (&job.name, job.mark),
        steps,
        failed,
    );
    handover.ended(&job.base, "skipped", &Map::new());
    run
}

/// Names of the jobs before this one, however many jobs are between.
fn needed<'w>(workflow: &'w Workflow, job: &'w Job) -> BTreeSet<&'w str> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = job.needs.iter().map(String::as_str).collect();
    while let Some(name) = open.pop() {
        if names.insert(name) {
            let found = workflow.jobs.iter().filter(|j| j.base == name);
            open.extend(found.flat_map(|j| j.needs.iter().map(String::as_str)));
        }
    }
    names
}

fn earlier_jobs<'w>(workflow: &'w Workflow, job: &Job) -> Vec<&'w Job> {
    let names = needed(workflow, job);
    let is_before = |j: &&Job| names.contains(j.base.as_str()) && j.name != job.name;
    let mut found: Vec<&Job> = workflow.jobs.iter().filter(is_before).collect();
    // Fewest needs first, so that what a job needs comes before it.
    found.sort_by_cached_key(|j| needed(workflow, j).len());
    found.truncate(MAX_EARLIER);
    found
}
