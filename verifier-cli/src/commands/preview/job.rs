//! `polyarch preview --ci`: a job is played through, and what it builds is previewed.

use std::path::Path;

use polyarch_core::analysis::{
    Analysis, Cost, JobAnalysis, JobError, JobRequest, Project, Verdict, VerdictKind, analyse_job,
};
use polyarch_core::ci::runner::Outcome;
use polyarch_core::diagnostic::Severity;

use super::{Shown, bases, folder, print, read, text};
use crate::args::preview::Preview;
use crate::error::CliError;
use crate::exit_code::ExitCode;

pub(super) fn run(args: &Preview, file: &Path) -> Result<ExitCode, CliError> {
    let project = project(args)?;
    let request = request(args, file)?;
    let job = analyse_job(&project, &request).map_err(|error| match error {
        JobError::Setting(_) | JobError::UnknownJob { .. } => CliError::Usage(error.to_string()),
    })?;
    let mut analysis = job.build.clone().unwrap_or_else(|| nothing_built(&job));
    analysis.diagnostics.clone_from(&job.diagnostics);
    let own = job.project.clone().unwrap_or(project);
    let shown = Shown {
        target: None,
        project: &own,
        analysis: &analysis,
        alternatives: Vec::new(),
        job: Some(&job),
        only_findings: args.check,
        code: code(args, &job),
    };
    print(args, std::slice::from_ref(&shown))?;
    Ok(shown.code)
}

fn code(args: &Preview, job: &JobAnalysis) -> ExitCode {
    let Some(run) = &job.run else {
        return ExitCode::Usage;
    };
    let mut severities = job.diagnostics.iter().map(|found| found.severity);
    let grave = severities.any(|severity| severity == Severity::Error);
    if args.check && (grave || run.outcome == Outcome::Fails) {
        ExitCode::Failed
    } else {
        ExitCode::Pass
    }
}

/// The project's files with their contents; the Dockerfile is one of them, if it is there at all.
fn project(args: &Preview) -> Result<Project, CliError> {
    let context = args.context()?;
    folder(&context)?;
    let mut project = Project {
        files: super::context::files(&context, "Dockerfile", true),
        bases: args.bases.as_deref().map(bases).transpose()?,
        ..Project::default()
    };
    if let Some(path) = &args.file {
        project.dockerfile = text(&read(path)?);
        let inside = path.strip_prefix(&context).unwrap_or(path);
        let inside = inside.strip_prefix("./").unwrap_or(inside);
        project.dockerfile_name = inside.display().to_string();
    }
    Ok(project)
}

fn request(args: &Preview, file: &Path) -> Result<JobRequest, CliError> {
    let settings = args
        .set
        .iter()
        .map(|pair| match pair.split_once('=') {
            Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
            None => Err(CliError::Usage(format!(
                "`{pair}` is no setting; write --set KEY=VALUE"
            ))),
        })
        .collect::<Result<_, _>>()?;
    let name = file.strip_prefix("./").unwrap_or(file);
    Ok(JobRequest {
        file: name.display().to_string(),
        text: text(&read(file)?),
        job: args.job.clone(),
        settings,
    })
}

/// What is shown of the build where the job came to none.
fn nothing_built(job: &JobAnalysis) -> Analysis {
    let passes = job
        .run
        .as_ref()
        .is_some_and(|run| run.outcome == Outcome::Passes);
    Analysis {
        verdict: Verdict {
            kind: if passes {
                VerdictKind::NothingPushed
            } else {
                VerdictKind::Fails
            },
            published: 0,
            requested: 0,
            error: None,
            finding: None,
        },
        platforms: Vec::new(),
        stages: Vec::new(),
        diagnostics: Vec::new(),
        warnings: Vec::new(),
        check: Vec::new(),
        check_error: None,
        documents: Vec::new(),
        cost: Cost::default(),
    }
}
