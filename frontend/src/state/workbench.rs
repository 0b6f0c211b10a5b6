//! The playground's state and every way it changes. The analysis is derived from it, never stored.

use std::rc::Rc;

use polyarch_core::analysis::{JobRequest, Project, Settings};
use polyarch_core::diagnostic::Fix;
use polyarch_core::scenarios::Scenario;
use yew::Reducible;

use super::answer;
use crate::i18n::Texts;

/// Everything of the playground that is not computed from something else.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Workbench {
    pub(crate) project: Project,
    /// The scenario on screen; `None` once it is the user's own text.
    pub(crate) scenario: Option<Rc<Scenario>>,
    /// The scenario that the text began as.
    pub(crate) origin: Option<Rc<Scenario>>,
    pub(crate) selection: Selection,
    /// Selected line of the CI job, from 1; 0 where none is.
    pub(crate) job_line: usize,
    pub(crate) compose: ComposeTab,
    pub(crate) outcome: OutcomeTab,
    pub(crate) pane: Pane,
    /// The last applied fix, so that it can be taken back.
    pub(crate) applied: Option<Applied>,
    /// Position of the document that the registry view shows.
    pub(crate) document: usize,
    /// How many projects were loaded, so that each has an undo of its own.
    pub(crate) generation: u32,
}

/// A step on a platform; both views of it, editor and loom, show the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    /// Line of the instruction, from 1; 0 where nothing is selected; [`PUBLISHED`] for the loom's
    /// last row.
    pub(crate) line: usize,
    /// Column of the platform, from 0.
    pub(crate) column: usize,
}

/// The "line" of the published row, which no Dockerfile has.
pub(crate) const PUBLISHED: usize = usize::MAX;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Applied {
    pub(crate) what: What,
    pub(crate) title: String,
    pub(crate) before: Project,
}

/// What an edit by the page was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Fixed,
    /// A mistake was made on purpose.
    Broke,
    /// The form wrote the CI file.
    Wrote,
    /// The project is built in another way.
    Reached,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ComposeTab {
    Dockerfile,
    Job,
    Files,
    Settings,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutcomeTab {
    Loom,
    Content,
    Config,
    Registry,
    /// Only where there is a job.
    Log,
    Timeline,
    Costs,
    Graph,
    Compare,
    Findings,
}

impl ComposeTab {
    pub(crate) const ALL: [Self; 4] = [Self::Dockerfile, Self::Job, Self::Files, Self::Settings];
}

impl OutcomeTab {
    pub(crate) fn label(self, texts: &Texts) -> &'static str {
        match self {
            Self::Loom => texts.loom,
            Self::Content => texts.views.content,
            Self::Timeline => texts.views.timeline,
            Self::Costs => texts.views.costs,
            Self::Graph => texts.views.graph,
            Self::Compare => texts.views.compare,
            Self::Config => texts.config,
            Self::Registry => texts.registry,
            Self::Findings => texts.findings,
            Self::Log => texts.log,
        }
    }

    const ALL: [Self; 10] = [
        Self::Loom,
        Self::Content,
        Self::Config,
        Self::Registry,
        Self::Log,
        Self::Timeline,
        Self::Costs,
        Self::Graph,
        Self::Compare,
        Self::Findings,
    ];

    /// The views of a project with or without a job, in their order.
    pub(crate) fn of(has_job: bool) -> Vec<Self> {
        let views = Self::ALL.into_iter();
        views.filter(|view| has_job || *view != Self::Log).collect()
    }
}

/// Which pane a phone shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pane {
    Compose,
    Outcome,
}

pub(crate) enum Action {
    /// The whole project is another one.
    Load {
        project: Project,
        scenario: Option<Rc<Scenario>>,
    },
    Type(String),
    /// The CI file's text; an empty one is no job.
    TypeJob(String),
    Job(JobRequest),
    SelectJob(usize),
    Set(Settings),
    Project(Project),
    Select(Selection),
    Compose(ComposeTab),
    Outcome(OutcomeTab),
    Show(Pane),
    Apply(Fix),
    /// A whole project with a mistake, or a CI file by the form, and what was done.
    Edit {
        project: Project,
        title: String,
        what: What,
    },
    Undo,
    Document(usize),
}

impl Workbench {
    pub(crate) fn new(project: Project, scenario: Option<Rc<Scenario>>) -> Self {
        let compose = first_tab(&project);
        Self {
            project,
            origin: scenario.clone(),
            scenario,
            selection: Selection::default(),
            job_line: 0,
            compose,
            outcome: OutcomeTab::Loom,
            pane: Pane::Outcome,
            applied: None,
            document: 0,
            generation: 0,
        }
    }

    fn type_job(&mut self, text: String) {
        let before = self.project.job.clone().unwrap_or_default();
        let is_gone = text.is_empty() && before.settings.is_empty();
        let job = (!is_gone).then(|| JobRequest {
            file: answer::file_name(&text).to_owned(),
            text,
            ..before
        });
        self.edited(Project {
            job,
            ..self.project.clone()
        });
    }

    fn edited(&mut self, project: Project) {
        if project != self.project {
            self.project = project;
            self.scenario = None;
            self.applied = None;
        }
    }

    fn apply(&mut self, fix: &Fix) {
        let before = self.project.clone();
        let mut project = before.clone();
        // From the end, so that earlier spans stay where they are.
        let mut edits: Vec<_> = fix.edits.iter().collect();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
        for edit in edits {
            let range = edit.span.start..edit.span.end;
            if edit.file == project.dockerfile_name
                && project.dockerfile.get(range.clone()).is_some()
            {
                project.dockerfile.replace_range(range, &edit.text);
            } else if let Some(job) = &mut project.job
                && edit.file == job.file
                && job.text.get(range.clone()).is_some()
            {
                job.text.replace_range(range, &edit.text);
            }
        }
        self.compose = changed(&before, &project).unwrap_or(self.compose);
        self.edited(project);
        // What comes of it, and what decides then, is what the fix is about.
        (self.selection, self.job_line) = (Selection::default(), 0);
        self.applied = Some(Applied {
            what: What::Fixed,
            title: fix.title.clone(),
            before,
        });
    }
}

/// The tab with the text that tells most: the job's where it decides, or is all that there is.
fn first_tab(project: &Project) -> ComposeTab {
    let has_job = project.job.as_ref().is_some_and(|job| !job.text.is_empty());
    let decides = || answer::deciding(&answer::answer(project)).is_some_and(|spot| spot.job);
    if has_job && (project.dockerfile.is_empty() || decides()) {
        ComposeTab::Job
    } else {
        ComposeTab::Dockerfile
    }
}

/// The tab where a change is seen.
fn changed(before: &Project, after: &Project) -> Option<ComposeTab> {
    let text = |project: &Project| project.job.as_ref().map(|job| job.text.clone());
    if text(before) != text(after) {
        Some(ComposeTab::Job)
    } else if before.dockerfile != after.dockerfile {
        Some(ComposeTab::Dockerfile)
    } else {
        (before != after).then_some(ComposeTab::Settings)
    }
}

impl Reducible for Workbench {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            Action::Load { project, scenario } => {
                let (outcome, pane) = (next.outcome, next.pane);
                let generation = next.generation + 1;
                next = Self {
                    outcome,
                    pane,
                    generation,
                    ..Self::new(project, scenario)
                };
            }
            Action::Type(dockerfile) => {
                next.edited(Project {
                    dockerfile,
                    ..self.project.clone()
                });
            }
            Action::TypeJob(text) => next.type_job(text),
            Action::Job(job) => next.edited(Project {
                job: Some(job),
                ..self.project.clone()
            }),
            Action::SelectJob(line) => next.job_line = line,
            Action::Set(settings) => next.edited(Project {
                settings,
                ..self.project.clone()
            }),
            Action::Project(project) => next.edited(project),
            Action::Select(selection) => next.selection = selection,
            Action::Compose(tab) => {
                next.compose = tab;
                next.pane = Pane::Compose;
            }
            Action::Outcome(tab) => {
                next.outcome = tab;
                next.pane = Pane::Outcome;
            }
            Action::Show(pane) => next.pane = pane,
            Action::Apply(fix) => next.apply(&fix),
            Action::Edit {
                project,
                title,
                what,
            } => {
                let before = next.project.clone();
                next.compose = changed(&before, &project).unwrap_or(next.compose);
                next.edited(project);
                // The outcome, and what decides in it, is what the edit is about.
                (next.selection, next.job_line) = (Selection::default(), 0);
                next.applied = Some(Applied {
                    what,
                    title,
                    before,
                });
            }
            Action::Undo => {
                if let Some(applied) = next.applied.take() {
                    next.project = applied.before;
                }
            }
            Action::Document(at) => next.document = at,
        }
        if next == *self { self } else { next.into() }
    }
}

#[cfg(test)]
mod tests {
    use polyarch_core::diagnostic::{Edit, Span};

    use crate::state::shelf::Shelf;

    use super::*;

    fn workbench(dockerfile: &str) -> Rc<Workbench> {
        let project = Project {
            dockerfile: dockerfile.to_owned(),
            ..Project::default()
        };
        Rc::new(Workbench::new(project, Shelf::first().scenario("job-ecr")))
    }

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit {
            file: "Dockerfile".to_owned(),
            span: Span { start, end },
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_fix_applies_all_its_edits_and_can_be_taken_back() {
        let before = workbench("FROM a\nRUN b\n");
        let fix = Fix {
            title: "t".to_owned(),
            edits: vec![
                edit(5, 6, "alpine"),
                edit(11, 12, "true"),
                edit(90, 99, "no"),
            ],
        };
        let after = before.reduce(Action::Apply(fix));
        assert_eq!(after.project.dockerfile, "FROM alpine\nRUN true\n");
        assert_eq!(after.scenario, None);
        assert!(after.origin.is_some());
        let undone = after.reduce(Action::Undo);
        assert_eq!(undone.project.dockerfile, "FROM a\nRUN b\n");
        assert_eq!(undone.applied, None);
    }

    #[test]
    fn a_scenario_opens_at_the_text_that_decides() {
        let tab = |name: &str| {
            let all = polyarch_core::scenarios::all();
            let one = all.into_iter().find(|one| one.name == name);
            let project = one.expect("a scenario of that name").project;
            Workbench::new(project, None).compose
        };
        assert_eq!(tab("job-ecr"), ComposeTab::Job);
        assert_eq!(tab("job-docker-hub"), ComposeTab::Job);
        assert_eq!(tab("go-cross"), ComposeTab::Dockerfile);
        assert_eq!(tab("host-binary-job"), ComposeTab::Dockerfile);
    }

    #[test]
    fn typing_makes_the_text_the_users_own_and_keeps_the_view() {
        let state = workbench("FROM a\n").reduce(Action::Outcome(OutcomeTab::Registry));
        let state = state.reduce(Action::Type("FROM b\n".to_owned()));
        assert_eq!(state.scenario, None);
        assert_eq!(state.outcome, OutcomeTab::Registry);
    }

    #[test]
    fn an_action_that_changes_nothing_keeps_the_same_state() {
        let state = workbench("FROM a\n");
        let same = Rc::clone(&state).reduce(Action::Type("FROM a\n".to_owned()));
        assert!(Rc::ptr_eq(&state, &same));
    }
}
