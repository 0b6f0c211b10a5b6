//! A CI job played through, with its builds answered by the core's own build.
//!
//! The one place where `ci` and `build` meet: the runner asks, [`verdict`](self::verdict) answers.

mod ending;
mod project;
mod told;
mod verdict;

pub use ending::{JobVerdict, JobVerdictKind};
pub use told::{published, refused};

use std::collections::BTreeMap;

use super::{Analysis, Project, analyse_with};
use crate::ci::gate;
use crate::ci::github::{self, Workflow};
use crate::ci::gitlab::{self, Pipeline, Unmodelled};
use crate::ci::runner::{self, Files, Inputs, Outcome, Run};
use crate::ci::settings::{SettingError, Settings};
use crate::diagnostic::Diagnostic;
use crate::rules::{JobFacts, Refused, judge_job};

/// A CI file and what is to be played through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobRequest {
    /// Name of the file; a path in `.github/workflows` or a text with `jobs:` is a workflow.
    pub file: String,
    pub text: String,
    /// Which job; the first that builds or pushes an image otherwise.
    pub job: Option<String>,
    /// `KEY=VALUE` pairs of `--set`.
    pub settings: Vec<(String, String)>,
}

/// A request that cannot be served at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    #[error(transparent)]
    Setting(#[from] SettingError),
    #[error("no job {wanted:?} in the file; it has {}", names.join(", "))]
    UnknownJob { wanted: String, names: Vec<String> },
}

/// A job's run, and the analysis of the build that it is about.
#[derive(Debug, Clone)]
pub struct JobAnalysis {
    /// What the job comes to.
    pub verdict: JobVerdict,
    /// `None` if the service would refuse the file; `diagnostics` say why.
    pub run: Option<Run>,
    /// Of the last build that the job pushed or tried; `None` if it came to none.
    pub build: Option<Analysis>,
    /// The files and settings of that build as the job has them then.
    pub project: Option<Project>,
    /// Names of the file's jobs in its order; empty if the file is refused.
    pub jobs: Vec<String>,
    /// The CI files by name, in which findings stand.
    pub sources: BTreeMap<String, String>,
    /// Findings of the job and of its build.
    pub diagnostics: Vec<Diagnostic>,
}

/// A file as its service reads it.
enum Jobs {
    GitLab(Pipeline),
    GitHub(Workflow),
}

/// Plays a job through. Total but for settings and names that do not exist.
pub fn analyse_job(project: &Project, request: &JobRequest) -> Result<JobAnalysis, JobError> {
    let mut settings = Settings::default();
    for (key, value) in &request.settings {
        settings.set(key, value)?;
    }
    let files = project::files(project);
    let mut texts = texts(&files, request);
    let jobs = match read(request, &texts) {
        Ok(jobs) => jobs,
        Err(refused) => {
            let facts = JobFacts::refused(&texts, &refused);
            let diagnostics = judge_job(&facts);
            return Ok(JobAnalysis {
                verdict: JobVerdict::of(None, &diagnostics),
                run: None,
                build: None,
                project: None,
                jobs: Vec::new(),
                sources: texts,
                diagnostics,
            });
        }
    };
    if let Jobs::GitLab(pipeline) = &jobs {
        let gates = pipeline
            .files
            .iter()
            .filter(|name| gate::is_component(name));
        texts.extend(gates.map(|name| (name.clone(), gate::COMPONENT.to_owned())));
    }
    let inputs = Inputs {
        files: &files,
        settings: &settings,
    };
    let (run, facts) = play(project, &jobs, request, &inputs)?;
    let own = run
        .attempts
        .last()
        .filter(|a| !a.invocation.dockerfile.is_empty())
        .map(|attempt| {
            let mut own = project::of_attempt(project, attempt);
            let switched = settings.cost.emulation_factor;
            let factor = &mut own.settings.emulation_factor;
            *factor = switched.or(*factor);
            let build = analyse_with(&own, &attempt.environment);
            (own, build)
        });
    let (own, build) = own.unzip();
    let facts = JobFacts {
        sources: &texts,
        refused: None,
        run: Some(&run),
        unmodelled: &facts,
    };
    let mut diagnostics = judge_job(&facts);
    if let Some(build) = &build {
        diagnostics.extend(
            build
                .diagnostics
                .iter()
                .filter(|d| !is_told_by_job(d, &run))
                .cloned(),
        );
    }
    Ok(JobAnalysis {
        verdict: JobVerdict::of(Some(&run), &diagnostics),
        run: Some(run),
        build,
        project: own,
        jobs: names(&jobs),
        sources: texts,
        diagnostics,
    })
}

/// Plays the wanted job; where none is named and the first one passes, the next one that fails.
fn play(
    project: &Project,
    jobs: &Jobs,
    request: &JobRequest,
    inputs: &Inputs<'_>,
) -> Result<(Run, Vec<Unmodelled>), JobError> {
    let mut answer =
        |invocation: &_, environment: &_| verdict::of(project, invocation, environment);
    let mut play = |at: usize| match jobs {
        Jobs::GitLab(pipeline) => {
            runner::run_gitlab(pipeline, &pipeline.jobs[at], inputs, &mut answer)
        }
        Jobs::GitHub(workflow) => {
            runner::run_github(workflow, &workflow.jobs[at], inputs, &mut answer)
        }
    };
    let names = match jobs {
        Jobs::GitLab(pipeline) => summaries(&pipeline.jobs, gitlab::builds_images, |j| {
            (&j.name, &j.base)
        }),
        Jobs::GitHub(workflow) => summaries(&workflow.jobs, github::builds_images, |j| {
            (&j.name, &j.base)
        }),
    };
    let mut run = play(choose(&names, request)?);
    let fails = |other: &&runner::Other| other.outcome == Outcome::Fails;
    if let (None, Outcome::Passes, Some(failing)) =
        (&request.job, run.outcome, run.others.iter().find(fails))
    {
        let at = names.iter().position(|(name, ..)| *name == failing.job);
        run = at.map_or(run, play);
    }
    let unmodelled = match jobs {
        Jobs::GitLab(pipeline) => &pipeline.unmodelled,
        Jobs::GitHub(workflow) => &workflow.unmodelled,
    };
    Ok((run, unmodelled.clone()))
}

/// Name, base and whether it builds images, of each job.
fn summaries<J>(
    jobs: &[J],
    builds: fn(&J) -> bool,
    names: fn(&J) -> (&String, &String),
) -> Vec<(&str, &str, bool)> {
    let summary = |job| {
        let (name, base) = names(job);
        (name.as_str(), base.as_str(), builds(job))
    };
    jobs.iter().map(summary).collect()
}

/// buildx's refusals are told at the job's line already.
fn is_told_by_job(diagnostic: &Diagnostic, run: &Run) -> bool {
    diagnostic.rule == "output-refused" && run.outcome == Outcome::Fails
}

#[expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "file names on Linux"
)]
fn texts(files: &Files, request: &JobRequest) -> BTreeMap<String, String> {
    let mut texts: BTreeMap<String, String> = files
        .iter()
        .filter(|(path, _)| path.ends_with(".yml") || path.ends_with(".yaml"))
        .map(|(path, bytes)| (path.clone(), String::from_utf8_lossy(bytes).into_owned()))
        .collect();
    texts.insert(request.file.clone(), request.text.clone());
    texts
}

fn read(request: &JobRequest, texts: &BTreeMap<String, String>) -> Result<Jobs, Refused> {
    let refused = |mark, message: String| Refused {
        file: request.file.clone(),
        mark,
        message,
    };
    if github::is_workflow(&request.file, &request.text) {
        return github::read(&request.file, &request.text)
            .map(Jobs::GitHub)
            .map_err(|r| refused(r.mark, r.message));
    }
    gitlab::read(&request.file, &request.text, texts)
        .map(Jobs::GitLab)
        .map_err(|refusal| {
            let mut told = refused(refusal.mark, refusal.message);
            if let Some(name) = refusal.file {
                told.file = name;
            }
            told
        })
}

fn names(jobs: &Jobs) -> Vec<String> {
    match jobs {
        Jobs::GitLab(pipeline) => pipeline.jobs.iter().map(|job| job.name.clone()).collect(),
        Jobs::GitHub(workflow) => workflow.jobs.iter().map(|job| job.name.clone()).collect(),
    }
}

/// Position of the wanted job, of the first that builds images, or of the first.
fn choose(jobs: &[(&str, &str, bool)], request: &JobRequest) -> Result<usize, JobError> {
    if let Some(wanted) = &request.job {
        jobs.iter()
            .position(|(name, ..)| name == wanted)
            .or_else(|| jobs.iter().position(|(_, base, _)| base == wanted))
            .ok_or_else(|| JobError::UnknownJob {
                wanted: wanted.clone(),
                names: jobs.iter().map(|(name, ..)| (*name).to_owned()).collect(),
            })
    } else {
        let first = jobs.iter().position(|(.., builds)| *builds).unwrap_or(0);
        if jobs.is_empty() {
            return Err(JobError::UnknownJob {
                wanted: String::new(),
                names: Vec::new(),
            });
        }
        Ok(first)
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod tests_documented;
#[cfg(test)]
mod tests_tools;
