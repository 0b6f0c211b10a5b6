//! The pane at the right: what comes of the project, in one of several views.

use std::collections::BTreeSet;

use polyarch_core::analysis::{Project, Settings, VerdictKind};
use polyarch_core::diagnostic::Severity;
use yew::prelude::*;

use super::{View, plain, position};
use crate::browser;
use crate::components::compare::CompareView;
use crate::components::config::ConfigView;
use crate::components::content::ContentTable;
use crate::components::costs::CostsView;
use crate::components::findings::FindingItem;
use crate::components::graph::GraphView;
use crate::components::icon::{Glyph, Icon};
use crate::components::inspect::Inspect;
use crate::components::log::LogView;
use crate::components::loom::Loom;
use crate::components::registry::RegistryView;
use crate::components::tabs::{Tab, Tabs};
use crate::components::timeline::Timeline;
use crate::state::answer::deciding;
use crate::state::workbench::What;
use crate::state::{Action, OutcomeTab, rows};

impl View {
    pub(super) fn outcome(&self) -> Html {
        let (texts, shown) = (self.texts, self.outcome_tab());
        let views = OutcomeTab::of(self.answer.job.is_some());
        let tabs = views.iter().map(|tab| match tab {
            OutcomeTab::Loom => plain(texts.loom),
            OutcomeTab::Content => Tab {
                count: self.wrong_files(),
                bad: true,
                ..plain(texts.views.content)
            },
            OutcomeTab::Config => plain(texts.config),
            OutcomeTab::Registry => plain(texts.registry),
            OutcomeTab::Findings => Tab {
                count: Some(self.analysis.diagnostics.len()),
                bad: rows::count(&self.analysis, Severity::Error) > 0,
                ..plain(texts.findings)
            },
            OutcomeTab::Log => plain(texts.log),
            OutcomeTab::Timeline => plain(texts.views.timeline),
            OutcomeTab::Costs => plain(texts.views.costs),
            OutcomeTab::Graph => plain(texts.views.graph),
            OutcomeTab::Compare => plain(texts.views.compare),
        });
        let tabs: Vec<Tab> = tabs.collect();
        let selected = position(&views, &shown);
        let add = {
            let view = self.clone();
            Callback::from(move |_: MouseEvent| view.add_platform())
        };
        html! {
            <section class="pane outcome" aria-label={texts.outcome}>
                <Tabs id="outcome" label={texts.outcome} {tabs} {selected}
                    onselect={self.act(move |at: usize| Action::Outcome(views[at]))}>
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
                if let Some(why) = self.deciding_finding().filter(|_| explains(shown)) {
                    { why }
                } else if explains(shown) && !self.has_no_build() {
                    <Inspect analysis={self.analysis.clone()} text={self.answer.shown.dockerfile.clone()}
                        build_platform={self.answer.shown.settings.build_platform.clone()}
                        selection={self.selection} />
                }
            </section>
        }
    }

    /// Why it comes out as it does, where no step of the loom is about it, until the user selects
    /// one to be explained instead.
    fn deciding_finding(&self) -> Option<Html> {
        let at = self.analysis.verdict.finding?;
        let finding = self.analysis.diagnostics.get(at)?;
        let is_a_step = deciding(&self.answer).is_some_and(|spot| !spot.job);
        if is_a_step || self.workbench.selection.line != 0 {
            return None;
        }
        Some(html! {
            <section class="inspect" aria-label={self.texts.deciding} tabindex="0">
                <FindingItem id="deciding" finding={finding.clone()} project={self.answer.shown.clone()}
                    onfix={self.act(Action::Apply)} online={self.line()} />
            </section>
        })
    }

    /// How many paths are for another CPU than an image that has them; `None` where none is.
    fn wrong_files(&self) -> Option<usize> {
        let entries = self.analysis.platforms.iter().flat_map(|p| &p.content);
        let wrong = entries.filter(|entry| entry.wrong);
        let paths: BTreeSet<&str> = wrong.map(|entry| entry.path.as_str()).collect();
        Some(paths.len()).filter(|count| *count > 0)
    }

    /// The chosen view; the log only where there is one.
    pub(super) fn outcome_tab(&self) -> OutcomeTab {
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
                    <LogView analysis={self.analysis.clone()} log={log.unwrap_or_default()}
                        selection={self.selection} reveal={self.workbench.selection.line != 0}
                        onselect={self.act(Action::Select)} />
                }
            }
            OutcomeTab::Timeline => html! {
                <Timeline analysis={self.analysis.clone()} job={self.answer.job.clone()}
                    selection={self.selection} job_line={self.job_line()}
                    onselect={self.act(Action::Select)} online={self.act(Action::SelectJob)} />
            },
            OutcomeTab::Loom
            | OutcomeTab::Content
            | OutcomeTab::Config
            | OutcomeTab::Registry
            | OutcomeTab::Costs
            | OutcomeTab::Graph
                if self.has_no_build() =>
            {
                let merges = self.answer.job.as_ref().is_some_and(|job| job.pushed > 0);
                let why = if merges {
                    self.texts.job_only_merges
                } else {
                    self.texts.job_no_build
                };
                html! { <p class="empty">{ why }</p> }
            }
            OutcomeTab::Loom => html! {
                <Loom analysis={self.analysis.clone()} tags={self.answer.shown.settings.tags.clone()}
                    selection={self.selection} reveal={self.reveals()} onselect={self.act(Action::Select)}
                    onremove={self.answer.job.is_none().then(|| self.remove_platform())}
                    onescape={Callback::from(|()| browser::focus("dockerfile"))} />
            },
            OutcomeTab::Content => html! {
                <ContentTable analysis={self.analysis.clone()} selection={self.selection}
                    onselect={self.act(Action::Select)} />
            },
            OutcomeTab::Config => html! { <ConfigView analysis={self.analysis.clone()} /> },
            OutcomeTab::Registry => html! {
                <RegistryView analysis={self.analysis.clone()}
                    tag={self.answer.shown.settings.tags.first().cloned()} selected={state.document}
                    onselect={self.act(Action::Document)} />
            },
            OutcomeTab::Compare => html! {
                <CompareView analysis={self.analysis.clone()} project={state.project.clone()} />
            },
            OutcomeTab::Costs => html! {
                <CostsView analysis={self.analysis.clone()} project={state.project.clone()}
                    built={self.answer.shown.clone()} onreach={self.reached()} />
            },
            OutcomeTab::Graph => html! {
                <GraphView analysis={self.analysis.clone()} selection={self.selection}
                    onselect={self.act(Action::Select)} />
            },
            OutcomeTab::Findings => self.findings("outcome-finding"),
        }
    }

    /// Another way to build, as an edit that can be taken back.
    fn reached(&self) -> Callback<(Project, &'static str)> {
        self.act(|(project, name): (Project, &'static str)| Action::Edit {
            project,
            title: name.to_owned(),
            what: What::Reached,
        })
    }

    /// What the user chose is shown, and so is a failure; all else leaves the view at its top.
    fn reveals(&self) -> bool {
        self.workbench.selection.line != 0 || self.analysis.verdict.kind == VerdictKind::Fails
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
}

/// Whether the selected step is explained below a view.
fn explains(view: OutcomeTab) -> bool {
    matches!(
        view,
        OutcomeTab::Loom | OutcomeTab::Log | OutcomeTab::Timeline | OutcomeTab::Graph
    )
}
