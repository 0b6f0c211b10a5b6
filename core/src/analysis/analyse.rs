//! The whole way from a project to what its user is shown.

use crate::build::{Outcome, Place, place, predict};
use crate::content::{self, follow};
use crate::diagnostic::{Diagnostic, Place as Where, Severity};
use crate::dockerfile;
use crate::environment::{Driver, Environment, ImageStore};
use crate::rules::{BuildFacts, judge_build};

use super::rows::Loom;
use super::{
    Analysis, DocumentView, PlatformView, Project, Verdict, VerdictKind, columns, cost, input,
    judge_documents, predicted_documents, stopped,
};

/// Analyses a project. Total: what is wrong is part of the answer.
pub fn analyse(project: &Project) -> Analysis {
    analyse_with(project, &input::environment(&project.settings))
}

/// As [`analyse`], for a builder that something else than the settings describes.
pub fn analyse_with(project: &Project, environment: &Environment) -> Analysis {
    let (file, problems) = dockerfile::parse(&project.dockerfile);
    let request = input::request(project);
    let (catalogue, _) = input::catalogue(project);
    let outcome = predict(&project.dockerfile, &file, &problems, &request, &catalogue);
    let files: Vec<String> = project.files.iter().map(|file| file.path.clone()).collect();
    let (documents, refusal) = match predicted_documents(project, &outcome, environment) {
        Ok(documents) => (documents, None),
        Err(error) => (Vec::new(), Some(error.to_string())),
    };
    let refusal = driver_refusal(environment, outcome.platforms.len()).or(refusal);
    let documents = if refusal.is_some() {
        Vec::new()
    } else {
        documents
    };
    let sources = input::sources(project);
    let content = follow(&content::Project {
        dockerfile: &file,
        request: &request,
        outcome: &outcome,
        files: &sources,
    });
    let facts = BuildFacts {
        file: &project.dockerfile_name,
        source: &project.dockerfile,
        dockerfile: &file,
        problems: &problems,
        request: &request,
        environment,
        outcome: &outcome,
        files: &files,
        sources: &sources,
        content: &content,
        output_refusal: refusal.as_deref(),
    };
    let mut diagnostics = judge_build(&facts);
    let stopped = stopped::with_stops(&outcome, &content, &file, environment);
    let facts = BuildFacts {
        outcome: &stopped,
        ..facts
    };
    let documents = if stopped
        .platforms
        .iter()
        .all(|platform| platform.result.is_ok())
    {
        documents
    } else {
        Vec::new()
    };
    diagnostics.extend(gate(&stopped, &documents));
    diagnostics
        .sort_by_key(|diagnostic| (start(diagnostic), std::cmp::Reverse(diagnostic.severity)));
    let loom = Loom {
        dockerfile: &file,
        outcome: &stopped,
        environment,
        target: request
            .target
            .as_deref()
            .filter(|target| !target.is_empty()),
    };
    let costs = cost::estimate(&outcome, environment, cost::model(project));
    let first_lint = outcome.platforms.first().map(|platform| &platform.lint);
    Analysis {
        verdict: verdict(project, &facts, &diagnostics),
        platforms: stopped
            .platforms
            .iter()
            .zip(&content)
            .zip(costs.steps.iter().zip(&costs.platforms))
            .map(|((platform, content), (steps, cost))| PlatformView {
                content: columns::content(content, platform.platform.as_ref(), &file),
                cost: *cost,
                ..columns::platform(platform, &file, environment, steps)
            })
            .collect(),
        stages: loom.stages(),
        diagnostics,
        warnings: first_lint
            .map(|lint| columns::warnings(lint))
            .unwrap_or_default(),
        check: columns::warnings(&outcome.check.lint),
        cost: costs.whole,
        check_error: outcome.check.error.map(|error| error.text),
        documents,
    }
}

/// What the gate would find in the tag after the push, notes left out.
fn gate(outcome: &Outcome, documents: &[DocumentView]) -> Vec<Diagnostic> {
    let platforms = outcome.platforms.iter();
    let platforms = platforms.filter_map(|platform| platform.platform.clone());
    let report = judge_documents(documents, platforms.collect());
    let findings = report.map(|report| report.findings).unwrap_or_default();
    let findings = findings.into_iter().map(|finding| finding.diagnostic);
    findings
        .filter(|diagnostic| diagnostic.severity != Severity::Info)
        .collect()
}

/// buildx sends several platforms only to builders that can hold an index.
fn driver_refusal(environment: &Environment, platforms: usize) -> Option<String> {
    let refuses = environment.driver == Driver::Docker
        && environment.store == ImageStore::GraphDriver
        && platforms > 1;
    refuses.then(|| {
        "Multi-platform build is not supported for the docker driver.\n\
         Switch to a different driver, or turn on the containerd image store, and try again.\n\
         Learn more at https://docs.docker.com/go/build-multi-platform/"
            .to_owned()
    })
}

fn start(diagnostic: &Diagnostic) -> usize {
    match &diagnostic.place {
        Where::Source { span, .. } => span.start,
        Where::Image { .. } | Where::Nowhere => usize::MAX,
    }
}

fn verdict(project: &Project, facts: &BuildFacts<'_>, diagnostics: &[Diagnostic]) -> Verdict {
    let outcome = facts.outcome;
    let requested = outcome.platforms.len();
    let error = outcome
        .platforms
        .iter()
        .find_map(|platform| Some(platform.result.as_ref().err()?.text.clone()));
    // buildx refuses an output before BuildKit sees the Dockerfile.
    let error = facts.output_refusal.map(str::to_owned).or(error);
    let stuck = error.is_none() && cannot_run(outcome, facts.environment);
    let gravest = diagnostics
        .iter()
        .position(|diagnostic| diagnostic.severity == Severity::Error);
    let kind = if error.is_some() || stuck {
        VerdictKind::Fails
    } else if !project.settings.push {
        VerdictKind::NothingPushed
    } else if gravest.is_some() {
        VerdictKind::PublishesWrong
    } else {
        VerdictKind::Publishes
    };
    let publishes = matches!(kind, VerdictKind::Publishes | VerdictKind::PublishesWrong);
    Verdict {
        kind,
        published: if publishes { requested } else { 0 },
        requested,
        error,
        finding: gravest,
    }
}

/// Some step has neither a CPU nor an emulator.
fn cannot_run(outcome: &Outcome, environment: &Environment) -> bool {
    let steps = outcome
        .platforms
        .iter()
        .flat_map(|platform| &platform.steps);
    steps
        .filter(|step| step.kind == crate::build::StepKind::Exec)
        .filter_map(|step| step.platform.as_ref())
        .any(|platform| place(platform, environment) == Place::Unsupported)
}
