//! Keys, and where they and the findings' places lead.

use yew::prelude::*;

use super::View;
use crate::browser;
use crate::hooks::Key;
use crate::state::answer::deciding;
use crate::state::rows::Spot;
use crate::state::{Action, ComposeTab, OutcomeTab, Pane, Selection, rows};
use polyarch_core::assist::PLATFORMS;
use polyarch_core::diagnostic::Fix;

impl View {
    /// A finding's line: select it and show the text.
    pub(super) fn line(&self) -> Callback<Spot> {
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

    /// Where the verdict bar's button leads.
    pub(super) fn go(&self) -> Callback<()> {
        let (view, line) = (self.clone(), self.line());
        Callback::from(move |()| match deciding(&view.answer) {
            Some(at) => line.emit(at),
            None => view
                .workbench
                .dispatch(Action::Outcome(OutcomeTab::Findings)),
        })
    }

    pub(super) fn key(&self, key: &Key) -> bool {
        if key.is_bare("p") && self.answer.job.is_none() {
            self.add_platform();
        } else if let (true, Some(digit)) = (key.alt && !key.control, key.digit) {
            // Behind 9 comes 0, as on the keyboard.
            let views = OutcomeTab::of(self.answer.job.is_some());
            let Some(tab) = views.get((digit + 9) % 10).copied() else {
                return false;
            };
            self.workbench.dispatch(Action::Outcome(tab));
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
            let mut all = self.analysis.diagnostics.iter();
            let first = || all.find_map(|finding| finding.fix.clone());
            let Some(fix) = self.deciding_fix().or_else(first) else {
                return false;
            };
            self.workbench.dispatch(Action::Apply(fix));
        } else {
            return false;
        }
        true
    }

    /// The edit that mends what decides, where there is one.
    pub(super) fn deciding_fix(&self) -> Option<Fix> {
        let at = self.analysis.verdict.finding?;
        self.analysis.diagnostics.get(at)?.fix.clone()
    }

    /// Selects the line of the next finding below the selection, round the corner if need be.
    pub(super) fn next_finding(&self) {
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

    pub(super) fn add_platform(&self) {
        let mut settings = self.workbench.project.settings.clone();
        let next = PLATFORMS
            .iter()
            .find(|name| !settings.platforms.iter().any(|p| p == *name));
        if let Some(next) = next {
            settings.platforms.push((*next).to_owned());
            self.workbench.dispatch(Action::Set(settings));
        }
    }
}
