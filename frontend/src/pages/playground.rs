//! The playground: compose at the left, the outcome at the right, the verdict above both.

use std::rc::Rc;

use polyarch_core::analysis::{Analysis, ContextFile, Project, Settings, VerdictKind};
use polyarch_core::diagnostic::{LineIndex, Severity};
use yew::prelude::*;

use crate::browser::{self, storage};
use crate::components::bottom_bar::{BottomBar, Entry};
use crate::components::config::ConfigView;
use crate::components::editor::Editor;
use crate::components::files::Files;
use crate::components::findings::FindingsList;
use crate::components::icon::{Glyph, Icon};
use crate::components::inspect::Inspect;
use crate::components::loom::Loom;
use crate::components::panes::Panes;
use crate::components::registry::RegistryView;
use crate::components::settings::{NAMES, SettingsForm};
use crate::components::tabs::{Tab, Tabs};
use crate::components::verdict::VerdictBar;
use crate::hooks::{Key, use_analysis, use_keys, use_texts};
use crate::i18n::Texts;
use crate::state::command::build_command;
use crate::state::{Action, ComposeTab, OutcomeTab, Pane, Selection, Workbench, rows};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) workbench: UseReducerHandle<Workbench>,
}

#[component]
pub(crate) fn Playground(props: &Props) -> Html {
    let texts = use_texts();
    let workbench = props.workbench.clone();
    let analysis = use_analysis(&workbench.project);
    let selection = match workbench.selection {
        Selection { line: 0, .. } => rows::telling(&analysis, &workbench.project),
        chosen => chosen,
    };
    let view = View {
        workbench: workbench.clone(),
        analysis: analysis.clone(),
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
                <VerdictBar analysis={analysis.clone()} line={view.deciding_line()} ongo={view.go()} />
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
                    <Editor text={state.project.dockerfile.clone()}
                        file={state.project.dockerfile_name.clone()} analysis={self.analysis.clone()}
                        selection={self.selection} ontype={self.act(Action::Type)}
                        oncaret={self.caret()} />
                    <div class="head">
                        <h2>{ self.texts.findings_here }</h2>
                        if !self.analysis.diagnostics.is_empty() {
                            <span class="end"><kbd>{ "Ctrl" }</kbd>{ " " }<kbd>{ "Enter" }</kbd>
                                { " " }{ self.texts.next }</span>
                        }
                    </div>
                    { self.findings("finding") }
                </>
            },
            ComposeTab::Files => html! {
                <Files files={state.project.files.clone()} onchange={self.files()} />
            },
            ComposeTab::Settings => html! {
                <SettingsForm settings={state.project.settings.clone()}
                    analysis={self.analysis.clone()} command={build_command(&state.project)}
                    onchange={self.act(Action::Set)} />
            },
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
        let (texts, state) = (self.texts, &*self.workbench);
        let tabs = OutcomeTab::ALL.map(|tab| match tab {
            OutcomeTab::Loom => plain(texts.loom),
            OutcomeTab::Config => plain(texts.config),
            OutcomeTab::Registry => plain(texts.registry),
            OutcomeTab::Findings => Tab {
                count: Some(self.analysis.diagnostics.len()),
                bad: rows::count(&self.analysis, Severity::Error) > 0,
                ..plain(texts.findings)
            },
        });
        let selected = position(&OutcomeTab::ALL, &state.outcome);
        let add = {
            let view = self.clone();
            Callback::from(move |_: MouseEvent| view.add_platform())
        };
        html! {
            <section class="pane outcome" aria-label={texts.outcome}>
                <Tabs id="outcome" label={texts.outcome} tabs={tabs.to_vec()} {selected}
                    onselect={self.act(|at: usize| Action::Outcome(OutcomeTab::ALL[at]))}>
                    <button type="button" class="btn bare slim add" onclick={add}>
                        <Icon glyph={Glyph::Plus} size={14} />{ texts.add_platform }
                        <kbd>{ "P" }</kbd>
                    </button>
                </Tabs>
                <div key={selected} class="scroll" id="outcome-panel" role="tabpanel"
                    aria-labelledby={format!("outcome-tab-{selected}")}>
                    { self.outcome_panel() }
                </div>
                if state.outcome == OutcomeTab::Loom {
                    <Inspect analysis={self.analysis.clone()} text={state.project.dockerfile.clone()}
                        build_platform={state.project.settings.build_platform.clone()}
                        selection={self.selection} />
                }
            </section>
        }
    }

    fn outcome_panel(&self) -> Html {
        let state = &*self.workbench;
        match state.outcome {
            OutcomeTab::Loom => html! {
                <Loom analysis={self.analysis.clone()} tags={state.project.settings.tags.clone()}
                    selection={self.selection} reveal={self.reveals()} onselect={self.act(Action::Select)}
                    onremove={self.remove_platform()}
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
        let project = &self.workbench.project;
        html! {
            <FindingsList {id} analysis={self.analysis.clone()} text={project.dockerfile.clone()}
                file={project.dockerfile_name.clone()} onfix={self.act(Action::Apply)}
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
                outcome && matches!(state.outcome, OutcomeTab::Loom | OutcomeTab::Config),
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
    fn caret(&self) -> Callback<usize> {
        let column = self.selection.column;
        self.act(move |line| Action::Select(Selection { line, column }))
    }

    /// A finding's line: select it and show the text.
    fn line(&self) -> Callback<usize> {
        let (column, dispatch) = (self.selection.column, self.workbench.dispatcher());
        Callback::from(move |line| {
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

    fn index(&self) -> LineIndex {
        LineIndex::new(&self.workbench.project.dockerfile)
    }

    fn line_of(&self, finding: usize) -> Option<usize> {
        let finding = self.analysis.diagnostics.get(finding)?;
        rows::line_of(
            finding,
            &self.workbench.project.dockerfile_name,
            &self.index(),
        )
    }

    fn deciding_line(&self) -> Option<usize> {
        self.line_of(self.analysis.verdict.finding?)
    }

    /// Where the verdict bar's button leads.
    fn go(&self) -> Callback<()> {
        let (view, line) = (self.clone(), self.line());
        Callback::from(move |()| match view.deciding_line() {
            Some(at) => line.emit(at),
            None => view
                .workbench
                .dispatch(Action::Outcome(OutcomeTab::Findings)),
        })
    }

    fn key(&self, key: &Key) -> bool {
        if key.is_bare("p") {
            self.add_platform();
        } else if let (true, Some(digit)) = (key.alt && !key.control, key.digit) {
            let Some(tab) = digit.checked_sub(1).and_then(|at| OutcomeTab::ALL.get(at)) else {
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
        let lines = (0..self.analysis.diagnostics.len()).filter_map(|at| self.line_of(at));
        let mut lines: Vec<usize> = lines.collect();
        lines.sort_unstable();
        let here = self.selection.line;
        let next = lines.iter().find(|line| **line > here).or(lines.first());
        if let Some(line) = next {
            self.line().emit(*line);
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
