//! The playground: compose at the left, the outcome at the right, the verdict above both.

use std::rc::Rc;

use polyarch_core::analysis::{Analysis, ContextFile, JobRequest, Project, Settings, VerdictKind};
use polyarch_core::diagnostic::Severity;
use yew::prelude::*;

use crate::browser::{self, storage};
use crate::components::bottom_bar::{BottomBar, Entry};
use crate::components::config::ConfigView;
use crate::components::editor::{Editor, Kind};
use crate::components::files::Files;
use crate::components::findings::FindingsList;
use crate::components::icon::{Glyph, Icon};
use crate::components::inspect::Inspect;
use crate::components::job::JobSteps;
use crate::components::loom::Loom;
use crate::components::panes::Panes;
use crate::components::registry::RegistryView;
use crate::components::settings::{NAMES, SettingsForm};
use crate::components::switches::Switches;
use crate::components::tabs::{Tab, Tabs};
use crate::components::verdict::VerdictBar;
use crate::hooks::{Key, use_answer, use_keys, use_texts};
use crate::i18n::Texts;
use crate::state::answer::{Answer, deciding, file_name};
use crate::state::command::build_command;
use crate::state::rows::Spot;
use crate::state::{Action, ComposeTab, OutcomeTab, Pane, Selection, Workbench, rows};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) workbench: UseReducerHandle<Workbench>,
}

#[component]
pub(crate) fn Playground(props: &Props) -> Html {
    let texts = use_texts();
    let workbench = props.workbench.clone();
    let answer = use_answer(&workbench.project);
    let analysis = answer.analysis.clone();
    let selection = match workbench.selection {
        Selection { line: 0, .. } => rows::telling(&analysis, &answer.shown),
        chosen => chosen,
    };
    let view = View {
        workbench: workbench.clone(),
        analysis: analysis.clone(),
        answer,
        selection,
        texts,
    };
    use_keys({
        let view = view.clone();
        Callback::from(move |key: Key| view.key(&key))
    });
    let pane = match workbench.pane {
        Pane::Compose => "compose",
        Pane::Outcome => "outcome",
    };
    html! {
        <>
            <main class="work" id="answer" tabindex="-1">
                <h1 class="vh">{ texts.playground_title }</h1>
                <VerdictBar analysis={analysis.clone()} job={view.answer.job.clone()}
                    spot={deciding(&view.answer)} ongo={view.go()} />
                <Panes label={texts.splitter} share={41} remember={storage::SPLIT} {pane}
                    first={view.compose()} second={view.outcome()} />
            </main>
            { view.bottom() }
        </>
    }
}

/// What the page's parts are drawn from.
#[derive(Clone)]
struct View {
    workbench: UseReducerHandle<Workbench>,
    analysis: Rc<Analysis>,
    answer: Rc<Answer>,
    /// What the user selected, else what tells most.
    selection: Selection,
    texts: &'static Texts,
}

impl View {
    fn act<E: 'static>(&self, action: impl Fn(E) -> Action + 'static) -> Callback<E> {
        let dispatch = self.workbench.dispatcher();
        Callback::from(move |event| dispatch.dispatch(action(event)))
    }

    fn compose(&self) -> Html {
        let (texts, state) = (self.texts, &*self.workbench);
        let tabs = ComposeTab::ALL.map(|tab| match tab {
            ComposeTab::Dockerfile => plain(texts.dockerfile),
            ComposeTab::Job => plain(texts.job),
            ComposeTab::Files => Tab {
                count: Some(state.project.files.len()),
                ..plain(texts.files)
            },
            ComposeTab::Settings => plain(texts.settings),
        });
        let selected = position(&ComposeTab::ALL, &state.compose);
        html! {
            <section class="pane compose" aria-label={texts.compose}>
                <Tabs id="compose" label={texts.compose} tabs={tabs.to_vec()} {selected}
                    onselect={self.act(|at: usize| Action::Compose(ComposeTab::ALL[at]))} />
                { self.applied() }
                <div key={selected} class="scroll" id="compose-panel" role="tabpanel"
                    aria-labelledby={format!("compose-tab-{selected}")}>
                    { self.compose_panel() }
                </div>
            </section>
        }
    }

    fn compose_panel(&self) -> Html {
        let state = &*self.workbench;
        match state.compose {
            ComposeTab::Dockerfile => html! {
                <>
                    { self.dockerfile() }
                    { self.findings_below() }
                </>
            },
            ComposeTab::Job => self.job_panel(),
            ComposeTab::Files => html! {
                <Files files={state.project.files.clone()} onchange={self.files()} />
            },
            ComposeTab::Settings if self.answer.job.is_some() => html! {
                <Switches request={state.project.job.clone().unwrap_or_default()}
                    onchange={self.act(Action::Job)} />
            },
            ComposeTab::Settings => html! {
                <SettingsForm settings={state.project.settings.clone()}
                    analysis={self.analysis.clone()} command={build_command(&state.project)}
                    onchange={self.act(Action::Set)} />
            },
        }
    }

    /// The Dockerfile's editor; and what the job makes of it, where that is another text.
    fn dockerfile(&self) -> Html {
        let (project, shown) = (&self.workbench.project, &self.answer.shown);
        let editor = |kind, of: &Project| {
            html! {
                <Editor {kind} text={of.dockerfile.clone()} file={of.dockerfile_name.clone()}
                    analysis={self.analysis.clone()} selection={self.selection}
                    ontype={self.act(Action::Type)} oncaret={self.caret(kind)} />
            }
        };
        if !self
            .answer
            .job
            .as_ref()
            .is_some_and(|job| job.writes_dockerfile)
        {
            return editor(Kind::Dockerfile, project);
        }
        html! {
            <>
                if !project.dockerfile.is_empty() {
                    { editor(Kind::Replaced, project) }
                }
                <p class="note-bar hint">{ self.texts.job_writes_dockerfile }</p>
                { editor(Kind::Written, shown) }
            </>
        }
    }

    fn findings_below(&self) -> Html {
        html! {
            <>
                <div class="head">
                    <h2>{ if self.answer.job.is_some() { self.texts.findings } else { self.texts.findings_here } }</h2>
                    if !self.analysis.diagnostics.is_empty() {
                        <span class="end"><kbd>{ "Ctrl" }</kbd>{ " " }<kbd>{ "Enter" }</kbd>
                            { " " }{ self.texts.next }</span>
                    }
                </div>
                { self.findings("finding") }
            </>
        }
    }

    /// The CI file with its job's steps under it.
    fn job_panel(&self) -> Html {
        let state = &*self.workbench;
        let request = state.project.job.clone().unwrap_or_default();
        let file = file_name(&request.text);
        let selection = Selection {
            line: self.job_line(),
            column: 0,
        };
        html! {
            <>
                <div class="head first">
                    <code>{ file }</code>
                    <span class="end">{ self.job_choice(&request) }</span>
                </div>
                <Editor kind={Kind::Job} text={request.text.clone()} file={request.file.clone()}
                    analysis={self.analysis.clone()} {selection} ontype={self.act(Action::TypeJob)}
                    oncaret={self.act(Action::SelectJob)} />
                if let Some(job) = &self.answer.job {
                    if !job.steps.is_empty() {
                        <JobSteps job={job.clone()} line={selection.line}
                            online={self.act(Action::SelectJob)} />
                    }
                    { self.findings_below() }
                } else {
                    <p class="empty">{ self.texts.job_empty }</p>
                }
            </>
        }
    }

    /// What the user selected in the job, else the line that decides.
    fn job_line(&self) -> usize {
        match (self.workbench.job_line, deciding(&self.answer)) {
            (0, Some(Spot { job: true, line })) => line,
            (chosen, _) => chosen,
        }
    }

    /// Which of several jobs is played.
    fn job_choice(&self, request: &JobRequest) -> Html {
        let Some(job) = self.answer.job.as_ref().filter(|job| job.jobs.len() > 1) else {
            return html! {};
        };
        let onchange = {
            let (request, change) = (request.clone(), self.act(Action::Job));
            Callback::from(move |event: Event| {
                let select = event.target_dyn_into::<web_sys::HtmlSelectElement>();
                change.emit(JobRequest {
                    job: select.map(|select| select.value()),
                    ..request.clone()
                });
            })
        };
        html! {
            <span class="pickbox">
                <select class="pick slim" aria-label={self.texts.job_choice} {onchange}>
                    { for job.jobs.iter().map(|name| html! {
                        <option value={name.clone()} selected={*name == job.name}>{ name }</option>
                    }) }
                </select>
                <Icon glyph={Glyph::Down} size={12} />
            </span>
        }
    }

    /// The bar that says which fix was applied, with its undo.
    fn applied(&self) -> Html {
        let Some(applied) = &self.workbench.applied else {
            return html! {};
        };
        html! {
            <div class="edited" role="status">
                <p><strong>{ self.texts.fixed }</strong>{ " " }{ &applied.title }</p>
                <button type="button" class="btn bare slim"
                    onclick={self.act(|_: MouseEvent| Action::Undo)}>
                    <Icon glyph={Glyph::Undo} size={14} />{ self.texts.undo }
                </button>
            </div>
        }
    }

    fn outcome(&self) -> Html {
        let (texts, shown) = (self.texts, self.outcome_tab());
        let tabs = OutcomeTab::of(self.answer.job.is_some())
            .iter()
            .map(|tab| match tab {
                OutcomeTab::Loom => plain(texts.loom),
                OutcomeTab::Config => plain(texts.config),
                OutcomeTab::Registry => plain(texts.registry),
                OutcomeTab::Findings => Tab {
                    count: Some(self.analysis.diagnostics.len()),
                    bad: rows::count(&self.analysis, Severity::Error) > 0,
                    ..plain(texts.findings)
                },
                OutcomeTab::Log => plain(texts.log),
            });
        let tabs: Vec<Tab> = tabs.collect();
        let selected = position(&OutcomeTab::ALL, &shown);
        let add = {
            let view = self.clone();
            Callback::from(move |_: MouseEvent| view.add_platform())
        };
        html! {
            <section class="pane outcome" aria-label={texts.outcome}>
                <Tabs id="outcome" label={texts.outcome} {tabs} {selected}
                    onselect={self.act(|at: usize| Action::Outcome(OutcomeTab::ALL[at]))}>
                    if self.answer.job.is_none() {
                        <button type="button" class="btn bare slim add" onclick={add}>
                            <Icon glyph={Glyph::Plus} size={14} />{ texts.add_platform }
                            <kbd>{ "P" }</kbd>
                        </button>
                    }
                </Tabs>
                <div key={selected} class="scroll" id="outcome-panel" role="tabpanel"
                    aria-labelledby={format!("outcome-tab-{selected}")}>
                    { self.outcome_panel() }
                </div>
                if shown == OutcomeTab::Loom && !self.has_no_build() {
                    <Inspect analysis={self.analysis.clone()} text={self.answer.shown.dockerfile.clone()}
                        build_platform={self.answer.shown.settings.build_platform.clone()}
                        selection={self.selection} />
                }
            </section>
        }
    }

    /// The chosen view; the log only where there is one.
    fn outcome_tab(&self) -> OutcomeTab {
        match self.workbench.outcome {
            OutcomeTab::Log if self.answer.job.is_none() => OutcomeTab::Loom,
            chosen => chosen,
        }
    }

    fn has_no_build(&self) -> bool {
        self.answer.job.as_ref().is_some_and(|job| !job.builds)
    }

    fn outcome_panel(&self) -> Html {
        let state = &*self.workbench;
        match self.outcome_tab() {
            OutcomeTab::Log => {
                let log = self.answer.job.as_ref().map(|job| job.log.clone());
                html! {
                    <pre class="log" id="log" tabindex="0" lang="en" aria-label={self.texts.log}>
                        { log }
                    </pre>
                }
            }
            OutcomeTab::Loom | OutcomeTab::Config | OutcomeTab::Registry if self.has_no_build() => {
                html! { <p class="empty">{ self.texts.job_no_build }</p> }
            }
            OutcomeTab::Loom => html! {
                <Loom analysis={self.analysis.clone()} tags={self.answer.shown.settings.tags.clone()}
                    selection={self.selection} reveal={self.reveals()} onselect={self.act(Action::Select)}
                    onremove={self.answer.job.is_none().then(|| self.remove_platform())}
                    onescape={Callback::from(|()| browser::focus("dockerfile"))} />
            },
            OutcomeTab::Config => html! { <ConfigView analysis={self.analysis.clone()} /> },
            OutcomeTab::Registry => html! {
                <RegistryView analysis={self.analysis.clone()} selected={state.document}
                    onselect={self.act(Action::Document)} />
            },
            OutcomeTab::Findings => self.findings("outcome-finding"),
        }
    }

    fn findings(&self, id: &'static str) -> Html {
        html! {
            <FindingsList {id} analysis={self.analysis.clone()} project={self.answer.shown.clone()}
                onfix={self.act(Action::Apply)}
                online={self.line()} />
        }
    }

    fn bottom(&self) -> Html {
        let (texts, state) = (self.texts, &*self.workbench);
        let outcome = state.pane == Pane::Outcome;
        let entry = |label, current| Entry {
            label,
            current,
            count: None,
            bad: false,
        };
        let entries = vec![
            entry(texts.compose, !outcome),
            entry(
                texts.outcome,
                outcome
                    && matches!(
                        self.outcome_tab(),
                        OutcomeTab::Loom | OutcomeTab::Config | OutcomeTab::Log
                    ),
            ),
            Entry {
                count: Some(self.analysis.diagnostics.len()),
                bad: rows::count(&self.analysis, Severity::Error) > 0,
                ..entry(
                    texts.findings,
                    outcome && state.outcome == OutcomeTab::Findings,
                )
            },
            entry(
                texts.registry,
                outcome && state.outcome == OutcomeTab::Registry,
            ),
        ];
        let onshow = self.act(|at: usize| match at {
            0 => Action::Show(Pane::Compose),
            1 => Action::Outcome(OutcomeTab::Loom),
            2 => Action::Outcome(OutcomeTab::Findings),
            _ => Action::Outcome(OutcomeTab::Registry),
        });
        html! { <BottomBar {entries} {onshow} /> }
    }

    /// What the user chose is shown, and so is a failure; all else leaves the view at its top.
    fn reveals(&self) -> bool {
        self.workbench.selection.line != 0 || self.analysis.verdict.kind == VerdictKind::Fails
    }

    /// The caret selects the instruction that it stands in.
    fn caret(&self, kind: Kind) -> Callback<usize> {
        let selection = self.selection;
        self.act(move |line| {
            // A text that is not built has no steps to select.
            Action::Select(if kind == Kind::Replaced {
                selection
            } else {
                Selection { line, ..selection }
            })
        })
    }

    /// A finding's line: select it and show the text.
    fn line(&self) -> Callback<Spot> {
        let (column, dispatch) = (self.selection.column, self.workbench.dispatcher());
        Callback::from(move |Spot { job, line }| {
            if job {
                dispatch.dispatch(Action::Compose(ComposeTab::Job));
                dispatch.dispatch(Action::SelectJob(line));
                return;
            }
            dispatch.dispatch(Action::Compose(ComposeTab::Dockerfile));
            dispatch.dispatch(Action::Select(Selection { line, column }));
        })
    }

    fn files(&self) -> Callback<Vec<ContextFile>> {
        let project = self.workbench.project.clone();
        self.act(move |files| {
            Action::Project(Project {
                files,
                ..project.clone()
            })
        })
    }

    fn remove_platform(&self) -> Callback<usize> {
        let settings = self.workbench.project.settings.clone();
        self.act(move |at| {
            let mut platforms = settings.platforms.clone();
            if at < platforms.len() && platforms.len() > 1 {
                platforms.remove(at);
            }
            Action::Set(Settings {
                platforms,
                ..settings.clone()
            })
        })
    }

    fn add_platform(&self) {
        let mut settings = self.workbench.project.settings.clone();
        let next = NAMES
            .iter()
            .find(|name| !settings.platforms.iter().any(|p| p == *name));
        if let Some(next) = next {
            settings.platforms.push((*next).to_owned());
            self.workbench.dispatch(Action::Set(settings));
        }
    }

    /// Where the verdict bar's button leads.
    fn go(&self) -> Callback<()> {
        let (view, line) = (self.clone(), self.line());
        Callback::from(move |()| match deciding(&view.answer) {
            Some(at) => line.emit(at),
            None => view
                .workbench
                .dispatch(Action::Outcome(OutcomeTab::Findings)),
        })
    }

    fn key(&self, key: &Key) -> bool {
        if key.is_bare("p") && self.answer.job.is_none() {
            self.add_platform();
        } else if let (true, Some(digit)) = (key.alt && !key.control, key.digit) {
            let Some(tab) = digit
                .checked_sub(1)
                .and_then(|at| OutcomeTab::of(self.answer.job.is_some()).get(at))
            else {
                return false;
            };
            self.workbench.dispatch(Action::Outcome(*tab));
        } else if key.name == "f6" {
            let compose = browser::focus_is_in(".compose");
            let pane = if compose {
                Pane::Outcome
            } else {
                Pane::Compose
            };
            self.workbench.dispatch(Action::Show(pane));
            browser::focus_first(if compose { ".outcome" } else { ".compose" });
        } else if key.is_control("enter") {
            self.next_finding();
        } else if key.is_control(".") {
            let fix = self
                .analysis
                .diagnostics
                .iter()
                .find_map(|finding| finding.fix.clone());
            let Some(fix) = fix else { return false };
            self.workbench.dispatch(Action::Apply(fix));
        } else {
            return false;
        }
        true
    }

    /// Selects the line of the next finding below the selection, round the corner if need be.
    fn next_finding(&self) {
        let findings = self.analysis.diagnostics.iter();
        let mut spots: Vec<Spot> = findings
            .filter_map(|finding| rows::spot(finding, &self.answer.shown))
            .collect();
        spots.sort_unstable();
        let job = self.workbench.compose == ComposeTab::Job;
        let line = if job {
            self.job_line()
        } else {
            self.selection.line
        };
        let here = Spot { job, line };
        let next = spots.iter().find(|spot| **spot > here).or(spots.first());
        if let Some(spot) = next {
            self.line().emit(*spot);
        }
    }
}

fn plain(label: &'static str) -> Tab {
    Tab {
        label,
        count: None,
        bad: false,
    }
}

fn position<T: PartialEq>(all: &[T], one: &T) -> usize {
    all.iter()
        .position(|other| other == one)
        .unwrap_or_default()
}
