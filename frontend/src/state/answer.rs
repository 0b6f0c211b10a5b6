//! What the page shows: the project's own analysis, or what its CI job makes of it.
//!
//! The job's part is cut to plain values here, so that components can compare it.

use std::rc::Rc;

use polyarch_core::analysis::{
    self, Analysis, JobAnalysis, JobRequest, JobVerdict, JobVerdictKind, Project, analyse,
    analyse_job,
};
use polyarch_core::ci::github;
use polyarch_core::ci::runner::{Outcome, Run, Step};
use polyarch_core::diagnostic::Diagnostic;
use polyarch_core::scenarios::Seen;

use super::rows::{self, Spot};

/// Everything that is derived from the project.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) analysis: Rc<Analysis>,
    /// What the analysis is about: the project as typed, or as its job builds it.
    pub(crate) shown: Rc<Project>,
    pub(crate) job: Option<Rc<JobView>>,
}

/// A job that was played through, or why it was not.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct JobView {
    pub(crate) name: String,
    /// All jobs of the file.
    pub(crate) jobs: Vec<String>,
    pub(crate) end: End,
    /// What it comes to, where it was played.
    pub(crate) verdict: Option<JobVerdict>,
    pub(crate) steps: Vec<Step>,
    /// Position of the step that fails the job.
    pub(crate) failing: Option<usize>,
    pub(crate) log: String,
    /// How many platforms are in what it pushed.
    pub(crate) pushed: usize,
    pub(crate) builds: bool,
    /// The job builds another Dockerfile than the typed one.
    pub(crate) writes_dockerfile: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum End {
    Passes,
    Fails,
    /// The service would not take the file, or it has no such job; why.
    Refused(String),
}

impl Answer {
    /// What a lesson's goals look at.
    pub(crate) fn seen(&self) -> Seen {
        let job = self.job.as_ref();
        Seen {
            analysis: Rc::clone(&self.analysis),
            published: job.map_or(self.analysis.verdict.published, |job| job.pushed),
            passes: job.map(|job| job.end == End::Passes),
            steps: job.map(|job| job.steps.clone()).unwrap_or_default(),
        }
    }
}

impl JobView {
    pub(crate) fn comes_to(&self, kind: JobVerdictKind) -> bool {
        self.verdict
            .as_ref()
            .is_some_and(|verdict| verdict.kind == kind)
    }

    /// Line of a step in the CI file itself, from 1.
    pub(crate) fn line(&self, step: usize) -> Option<usize> {
        self.steps.get(step).and_then(line_of)
    }

    /// The step at a line: the last that begins at or above it, within its own text.
    pub(crate) fn step_at(&self, line: usize) -> Option<usize> {
        let covers = |step: &Step| {
            line_of(step).is_some_and(|first| {
                (first..first + step.command.lines().count().max(1)).contains(&line)
            })
        };
        self.steps.iter().position(covers)
    }

    /// The last line that the failing step prints, which is the tool's own reason.
    pub(crate) fn last_words(&self) -> Option<&str> {
        let output = &self.steps.get(self.failing?)?.output;
        let lines = || {
            output
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
        };
        lines()
            .rfind(|line| line.starts_with("ERROR"))
            .or_else(|| lines().next_back())
    }
}

fn line_of(step: &Step) -> Option<usize> {
    (step.mark.file == 0 && step.mark.line > 0).then_some(step.mark.line)
}

/// The name that a text of its kind has in a project.
pub(crate) fn file_name(text: &str) -> &'static str {
    if github::is_workflow("job.yml", text) {
        ".github/workflows/image.yml"
    } else {
        ".gitlab-ci.yml"
    }
}

/// The answer to a project.
pub(crate) fn answer(project: &Project) -> Answer {
    match &project.job {
        Some(request) if !request.text.trim().is_empty() => of_job(project, request),
        _ => Answer {
            analysis: Rc::new(analyse(project)),
            shown: Rc::new(project.clone()),
            job: None,
        },
    }
}

fn of_job(project: &Project, request: &JobRequest) -> Answer {
    let played = match analyse_job(project, request) {
        Ok(played) => played,
        Err(error) => return refused(project, error.to_string(), Vec::new()),
    };
    let Some(run) = &played.run else {
        let why = played
            .diagnostics
            .first()
            .map(|finding| finding.message.clone());
        return refused(project, why.unwrap_or_default(), played.diagnostics);
    };
    let failing = played.failing();
    let shown = shown(project, &played, run);
    let writes_dockerfile = shown.dockerfile != project.dockerfile;
    let mut diagnostics = played.diagnostics.clone();
    if writes_dockerfile {
        drop_fixes(&mut diagnostics, &project.dockerfile_name);
    }
    let analysis = played.told(request, diagnostics);
    let job = JobView {
        name: run.job.clone(),
        jobs: played.jobs.clone(),
        end: match run.outcome {
            Outcome::Passes => End::Passes,
            Outcome::Fails => End::Fails,
        },
        verdict: Some(played.verdict.clone()),
        steps: run.steps.clone(),
        failing,
        log: run.log.clone(),
        pushed: analysis::published(run),
        builds: played.build.is_some(),
        writes_dockerfile,
    };
    Answer {
        analysis: Rc::new(analysis),
        shown: Rc::new(shown),
        job: Some(Rc::new(job)),
    }
}

fn shown(project: &Project, played: &JobAnalysis, run: &Run) -> Project {
    let mut shown = played.project.clone().unwrap_or_else(|| project.clone());
    let masked = |tag: &str| tag.contains("[MASKED]") && !shown.settings.tags.is_empty();
    if run.pushed.iter().any(|pushed| !masked(&pushed.reference)) {
        // As the log has them; one with a masked variable would name nothing.
        shown.settings.tags = run
            .pushed
            .iter()
            .rev()
            .map(|p| p.reference.clone())
            .collect();
    }
    shown
}

/// A fix for a file that the job writes would change what stands on screen instead.
fn drop_fixes(diagnostics: &mut [Diagnostic], dockerfile: &str) {
    for finding in diagnostics {
        let touches = |fix: &polyarch_core::diagnostic::Fix| {
            fix.edits.iter().any(|edit| edit.file == dockerfile)
        };
        if finding.fix.as_ref().is_some_and(touches) {
            finding.fix = None;
        }
    }
}

fn refused(project: &Project, why: String, diagnostics: Vec<Diagnostic>) -> Answer {
    let job = JobView {
        name: String::new(),
        jobs: Vec::new(),
        end: End::Refused(why),
        verdict: None,
        steps: Vec::new(),
        failing: None,
        log: String::new(),
        pushed: 0,
        builds: false,
        writes_dockerfile: false,
    };
    Answer {
        analysis: Rc::new(analysis::refused(diagnostics)),
        shown: Rc::new(project.clone()),
        job: Some(Rc::new(job)),
    }
}

/// Where the eye should go first: the deciding finding, else the failing step.
pub(crate) fn deciding(answer: &Answer) -> Option<Spot> {
    let analysis = &answer.analysis;
    let finding = analysis
        .verdict
        .finding
        .and_then(|at| analysis.diagnostics.get(at));
    let spot = finding.and_then(|finding| rows::spot(finding, &answer.shown));
    spot.or_else(|| {
        let job = answer.job.as_ref()?;
        let line = job.line(job.failing?)?;
        Some(Spot { job: true, line })
    })
}

#[cfg(test)]
mod tests {
    use polyarch_core::scenarios::{self, Scenario, Seen};

    use super::*;

    fn scenario(name: &str) -> Scenario {
        let mut all = scenarios::all().into_iter();
        all.find(|one| one.name == name)
            .expect("a scenario of that name")
    }

    fn job(name: &str, settings: &[(&str, &str)]) -> Answer {
        let mut project = scenario(name).project;
        let request = project.job.as_mut().expect("the scenario has a job");
        let pair = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        request.settings = settings.iter().map(pair).collect();
        answer(&project)
    }

    #[test]
    fn the_page_sees_of_every_scenario_what_core_states() {
        for one in scenarios::all() {
            let (page, core) = (answer(&one.project).seen(), Seen::of(&one.project));
            assert_eq!(page.analysis.verdict, core.analysis.verdict, "{}", one.name);
            assert_eq!(page.published, core.published, "{}", one.name);
            assert_eq!(page.passes, core.passes, "{}", one.name);
            assert_eq!(page.steps, core.steps, "{}", one.name);
        }
    }

    #[test]
    fn the_ecr_job_fails_at_its_push_until_the_repository_is_there() {
        let failed = job("job-ecr", &[]);
        let played = failed.job.as_ref().expect("a job was played");
        assert_eq!((&played.end, played.pushed), (&End::Fails, 0));
        let step = played.failing.and_then(|at| played.steps.get(at));
        let command = step.map(|step| step.command.as_str()).unwrap_or_default();
        assert!(command.starts_with("docker buildx build"), "{command}");
        assert_eq!(
            deciding(&failed),
            Some(Spot {
                job: true,
                line: 27
            })
        );
        let finding = failed.analysis.verdict.finding;
        let rule = finding
            .and_then(|at| failed.analysis.diagnostics.get(at))
            .map(|d| d.rule);
        assert_eq!(rule, Some("ecr-repo-missing"));
        assert!(played.log.contains("does not exist in the registry"));

        let made = job("job-ecr", &[("registry.repository-exists", "true")]);
        let played = made.job.as_ref().expect("a job was played");
        assert_eq!((&played.end, played.pushed), (&End::Passes, 2));
    }

    #[test]
    fn a_job_supplies_what_the_settings_say_otherwise() {
        let answer = job("job-docker-hub", &[]);
        let played = answer.job.as_ref().expect("a job was played");
        assert!(played.writes_dockerfile);
        assert_eq!(answer.shown.dockerfile, "FROM amazoncorretto:11\n");
        assert_eq!(
            answer.shown.settings.platforms,
            ["linux/arm64", "linux/amd64"]
        );
        assert_eq!(played.step_at(22), Some(5));
        let refused = job("job-docker-hub", &[("no.such-key", "1")]);
        let played = refused.job.expect("a job was asked for");
        assert!(matches!(&played.end, End::Refused(why) if why.contains("no.such-key")));
    }

    #[test]
    fn a_stage_that_nothing_uses_is_known_as_unused() {
        let answer = answer(&scenario("unused-stage").project);
        let used: Vec<bool> = answer.analysis.stages.iter().map(|s| s.used).collect();
        assert_eq!(used, [false, true]);
    }
}
