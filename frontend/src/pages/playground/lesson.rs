//! The playground inside a lesson: one pane over the other, and before the guess nothing that
//! would give it away.

use std::rc::Rc;

use polyarch_core::analysis::{Analysis, Cell, CellState, Cost};
use yew::prelude::*;

use super::View;
use crate::components::loom::Loom;
use crate::components::verdict::VerdictBar;
use crate::state::Action;
use crate::state::answer::{Answer, deciding};

/// Where a playground stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Frame {
    /// On a page of its own.
    #[default]
    Page,
    /// Beside a lesson's text.
    Lesson,
    /// Beside a lesson whose outcome is not to be seen yet.
    Hidden,
}

impl View {
    pub(super) fn lesson(&self) -> Html {
        let learn = &self.texts.learn;
        let hidden = self.frame == Frame::Hidden;
        html! {
            <section class="live" aria-label={learn.live}>
                if hidden {
                    <p class="verdict" data-verdict="none">{ learn.guess_first }</p>
                } else {
                    <VerdictBar analysis={self.analysis.clone()} job={self.answer.job.clone()}
                        spot={deciding(&self.answer)} ongo={self.go()} />
                }
                { self.compose() }
                if !hidden {
                    { self.outcome() }
                } else if !self.analysis.stages.is_empty() {
                    { self.hidden_outcome() }
                }
            </section>
        }
    }

    /// The loom with its cells still dotted.
    fn hidden_outcome(&self) -> Html {
        html! {
            <section class="pane outcome" aria-label={self.texts.outcome}>
                <div class="scroll">
                    <Loom analysis={self.analysis.clone()} tags={Vec::<String>::new()}
                        selection={self.selection} reveal=false onselect={self.act(Action::Select)}
                        onremove={None::<Callback<usize>>} onescape={Callback::noop()} />
                </div>
            </section>
        }
    }
}

/// The answer without anything that is to be guessed: the steps stay, what they come to goes.
pub(super) fn mask(answer: &Answer, text: &str) -> Answer {
    let mut analysis = Analysis::clone(&answer.analysis);
    let columns = analysis.platforms.len();
    for platform in &mut analysis.platforms {
        platform.error = None;
        platform.config.clear();
        platform.content.clear();
        platform.cost = Cost::default();
        platform.image = None;
    }
    for stage in &mut analysis.stages {
        stage.used = true;
        for row in &mut stage.rows {
            row.cells = (0..columns).map(|column| unknown(column, text)).collect();
        }
    }
    analysis.diagnostics.clear();
    analysis.warnings.clear();
    analysis.documents.clear();
    analysis.verdict.error = None;
    analysis.verdict.finding = None;
    Answer {
        analysis: Rc::new(analysis),
        shown: answer.shown.clone(),
        job: None,
    }
}

fn unknown(column: usize, text: &str) -> Cell {
    Cell {
        column,
        columns: 1,
        state: CellState::Unknown(text.to_owned()),
        step: None,
        cross: None,
        on: None,
        detail: None,
    }
}

#[cfg(test)]
mod tests {
    use polyarch_core::scenarios;

    use super::*;
    use crate::state::answer::answer;

    #[test]
    fn a_masked_answer_gives_nothing_away() {
        for lesson in scenarios::lessons() {
            let masked = mask(&answer(&lesson.project), "?");
            let analysis = &masked.analysis;
            assert!(analysis.diagnostics.is_empty() && analysis.documents.is_empty());
            let cells = analysis
                .stages
                .iter()
                .flat_map(|s| &s.rows)
                .flat_map(|r| &r.cells);
            for cell in cells {
                assert_eq!(
                    (cell.columns, &cell.state),
                    (1, &CellState::Unknown("?".to_owned()))
                );
            }
            assert_eq!(masked.job, None, "{}", lesson.name);
        }
    }
}
