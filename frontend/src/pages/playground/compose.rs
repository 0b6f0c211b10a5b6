//! The pane at the left: the texts and switches that make up the project.

use polyarch_core::analysis::{ContextFile, JobRequest, Project};
use yew::prelude::*;

use super::{Frame, View, plain, position};
use crate::browser;
use crate::components::ci_form::CiForm;
use crate::components::editor::{Editor, Kind};
use crate::components::files::Files;
use crate::components::icon::{Glyph, Icon};
use crate::components::job::JobSteps;
use crate::components::prose::prose;
use crate::components::settings::SettingsForm;
use crate::components::switches::Switches;
use crate::components::tabs::{Tab, Tabs};
use crate::state::answer::{deciding, file_name};
use crate::state::command::build_command;
use crate::state::rows::Spot;
use crate::state::workbench::What;
use crate::state::{Action, ComposeTab, Selection};

impl View {
    pub(super) fn compose(&self) -> Html {
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
                { self.look() }
                { self.applied() }
                <div key={selected} class="scroll" id="compose-panel" role="tabpanel"
                    aria-labelledby={format!("compose-tab-{selected}")}>
                    { self.compose_panel() }
                </div>
            </section>
        }
    }

    /// What to look at in the scenario that the text began as.
    fn look(&self) -> Html {
        let Some(scenario) = &self.workbench.origin else {
            return html! {};
        };
        let label = self.texts.learn.look;
        html! {
            <details class="look" key={scenario.name.clone()} open={!browser::is_narrow(1099)}>
                <summary>{ label }</summary>
                <p>{ prose(self.language.pick(&scenario.look)) }</p>
            </details>
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
            ComposeTab::Settings if state.project.job.is_some() => html! {
                <>
                    <Switches request={state.project.job.clone().unwrap_or_default()}
                        onchange={self.act(Action::Job)} />
                    { self.ci_form() }
                </>
            },
            ComposeTab::Settings => html! {
                <>
                    <SettingsForm settings={state.project.settings.clone()}
                        analysis={self.analysis.clone()} command={build_command(&state.project)}
                        onchange={self.act(Action::Set)} />
                    { self.ci_form() }
                </>
            },
        }
    }

    fn ci_form(&self) -> Html {
        let mut project = self.workbench.project.clone();
        // The written job builds what stands there; one that wrote its Dockerfile itself leaves it.
        if project.dockerfile.is_empty() {
            project.dockerfile.clone_from(&self.answer.shown.dockerfile);
        }
        let text = project.job.as_ref().map(|job| job.text.clone());
        let (title, platforms) = (
            self.texts.craft.ci_written,
            project.settings.platforms.clone(),
        );
        let onwrite = {
            let dispatch = self.workbench.dispatcher();
            Callback::from(move |text: String| {
                let before = project.job.clone().unwrap_or_default();
                let job = JobRequest {
                    file: file_name(&text).to_owned(),
                    job: None,
                    text,
                    ..before
                };
                dispatch.dispatch(Action::Edit {
                    project: Project {
                        job: Some(job),
                        ..project.clone()
                    },
                    title: title.to_owned(),
                    what: What::Wrote,
                });
                dispatch.dispatch(Action::Compose(ComposeTab::Settings));
            })
        };
        html! { <CiForm text={text.unwrap_or_default()} {platforms} {onwrite} /> }
    }

    /// The Dockerfile's editor; and what the job makes of it, where that is another text.
    fn dockerfile(&self) -> Html {
        let (project, shown) = (&self.workbench.project, &self.answer.shown);
        let editor = |kind, of: &Project| {
            html! {
                <Editor {kind} text={of.dockerfile.clone()} file={of.dockerfile_name.clone()}
                    analysis={self.analysis.clone()} selection={self.selection}
                    generation={self.workbench.generation} onfix={self.act(Action::Apply)}
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
        if self.frame == Frame::Hidden {
            return html! {};
        }
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
                    generation={state.generation} onfix={self.act(Action::Apply)}
                    oncaret={self.act(Action::SelectJob)} />
                if let Some(job) = &self.answer.job {
                    if !job.steps.is_empty() {
                        <JobSteps job={job.clone()} line={selection.line}
                            online={self.act(Action::SelectJob)} />
                    }
                    { self.findings_below() }
                } else if self.frame != Frame::Hidden {
                    <p class="empty">{ self.texts.job_empty }</p>
                }
            </>
        }
    }

    /// What the user selected in the job, else the line that decides.
    pub(super) fn job_line(&self) -> usize {
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
                <p><strong>{ match applied.what {
                    What::Fixed => self.texts.fixed,
                    What::Broke => self.texts.craft.broken,
                    What::Wrote | What::Reached => "",
                } }</strong>{ " " }{ &applied.title }</p>
                <button type="button" class="btn bare slim"
                    onclick={self.act(|_: MouseEvent| Action::Undo)}>
                    <Icon glyph={Glyph::Undo} size={14} />{ self.texts.undo }
                </button>
            </div>
        }
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

    fn files(&self) -> Callback<Vec<ContextFile>> {
        let project = self.workbench.project.clone();
        self.act(move |files| {
            Action::Project(Project {
                files,
                ..project.clone()
            })
        })
    }
}
