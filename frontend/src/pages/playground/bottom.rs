//! The bar at a phone's lower edge, which names the panes.

use polyarch_core::diagnostic::Severity;
use yew::prelude::*;

use super::View;
use crate::components::bottom_bar::{BottomBar, Entry};
use crate::state::{Action, OutcomeTab, Pane, rows};

impl View {
    pub(super) fn bottom(&self) -> Html {
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
                    && !matches!(
                        self.outcome_tab(),
                        OutcomeTab::Findings | OutcomeTab::Registry
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
}
