//! What a job's run makes of its build's analysis: the one answer that a user is shown.
//!
//! The build alone may publish two platforms; a job that fails before its push publishes none.

use super::super::{Analysis, Cost, Verdict, VerdictKind};
use super::{JobAnalysis, JobRequest};
use crate::ci::runner::{Outcome, Phase, Run, Status, Step};
use crate::diagnostic::{Diagnostic, LineIndex, Place, Severity};

/// The rule of jobs that are never started, which have no failing step.
pub(super) const NOT_STARTED: &str = "earlier-job-fails";

impl JobAnalysis {
    /// The build's analysis with the job's verdict over it; `diagnostics` are to be shown.
    pub fn told(&self, request: &JobRequest, diagnostics: Vec<Diagnostic>) -> Analysis {
        let Some(run) = &self.run else {
            return refused(diagnostics);
        };
        let line = self.failing().and_then(|at| run.steps.get(at));
        let deciding = line
            .and_then(line_of)
            .and_then(|line| error_at(&diagnostics, request, line))
            .or_else(|| diagnostics.iter().position(|d| d.rule == NOT_STARTED));
        match &self.build {
            Some(build) => over(build, run, diagnostics, deciding),
            None => without_build(run, diagnostics, deciding),
        }
    }

    /// Position of the step that fails the job: the last failed one before its cleaning up, since
    /// earlier ones were allowed to fail.
    pub fn failing(&self) -> Option<usize> {
        let run = self.run.as_ref()?;
        let fails = |step: &Step| step.status == Status::Failed && step.phase != Phase::AfterScript;
        (run.outcome == Outcome::Fails).then(|| run.steps.iter().rposition(fails))?
    }
}

/// Line of a step in the CI file itself, from 1; `None` for one of an included file.
fn line_of(step: &Step) -> Option<usize> {
    (step.mark.file == 0 && step.mark.line > 0).then_some(step.mark.line)
}

/// The error that a rule tells at this line of the job.
fn error_at(diagnostics: &[Diagnostic], request: &JobRequest, line: usize) -> Option<usize> {
    let index = LineIndex::new(&request.text);
    let is_there = |finding: &Diagnostic| match &finding.place {
        Place::Source { file, span, .. } => *file == request.file && index.line(span.start) == line,
        Place::Image { .. } | Place::Nowhere => false,
    };
    diagnostics
        .iter()
        .position(|finding| finding.severity == Severity::Error && is_there(finding))
}

/// Of a job that builds nothing itself; it may still push, as one that merges does.
fn without_build(run: &Run, diagnostics: Vec<Diagnostic>, deciding: Option<usize>) -> Analysis {
    let passes = run.outcome == Outcome::Passes;
    let mut analysis = nothing_built(diagnostics, passes, deciding);
    let verdict = &mut analysis.verdict;
    verdict.published = published(run);
    if passes && verdict.published > 0 {
        verdict.kind = VerdictKind::Publishes;
    }
    analysis
}

fn over(
    build: &Analysis,
    run: &Run,
    diagnostics: Vec<Diagnostic>,
    deciding: Option<usize>,
) -> Analysis {
    let mut analysis = build.clone();
    // Positions count in the build's own list until here.
    let found = build
        .verdict
        .finding
        .and_then(|at| build.diagnostics.get(at));
    let is_it = |finding: &Diagnostic, own: &Diagnostic| {
        finding.rule == own.rule && finding.place == own.place
    };
    analysis.verdict.finding =
        found.and_then(|own| diagnostics.iter().position(|finding| is_it(finding, own)));
    analysis.diagnostics = diagnostics;
    if !run.pushed.is_empty() && analysis.verdict.kind == VerdictKind::NothingPushed {
        analysis.verdict.kind = VerdictKind::Publishes;
    }
    if run.outcome == Outcome::Fails && run.pushed.is_empty() {
        analysis.verdict.kind = VerdictKind::Fails;
        analysis.verdict.published = 0;
    }
    if run.outcome == Outcome::Fails && deciding.is_some() {
        analysis.verdict.finding = deciding;
    }
    analysis
}

/// The analysis of a job that could not be played: nothing but why.
pub fn refused(diagnostics: Vec<Diagnostic>) -> Analysis {
    let finding = (!diagnostics.is_empty()).then_some(0);
    nothing_built(diagnostics, false, finding)
}

fn nothing_built(diagnostics: Vec<Diagnostic>, passes: bool, finding: Option<usize>) -> Analysis {
    let kind = if passes {
        VerdictKind::NothingPushed
    } else {
        VerdictKind::Fails
    };
    Analysis {
        verdict: Verdict {
            kind,
            published: 0,
            requested: 0,
            error: None,
            finding,
        },
        platforms: Vec::new(),
        stages: Vec::new(),
        diagnostics,
        warnings: Vec::new(),
        check: Vec::new(),
        check_error: None,
        documents: Vec::new(),
        cost: Cost::default(),
    }
}

/// How many platforms are in what a run pushed; 1 for an image without an index.
pub fn published(run: &Run) -> usize {
    let pushed = run.pushed.iter();
    let mut platforms: Vec<String> = pushed
        .flat_map(|pushed| pushed.platforms.iter().map(ToString::to_string))
        .collect();
    platforms.sort();
    platforms.dedup();
    platforms.len().max(usize::from(!run.pushed.is_empty()))
}
