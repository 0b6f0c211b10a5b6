//! The playground: compose at the left, the outcome at the right, the verdict above both.

mod bottom;
mod compose;
mod lesson;
mod moves;
mod outcome;

use std::rc::Rc;

use polyarch_core::analysis::Analysis;
use yew::prelude::*;

use crate::browser::storage;
use crate::components::findings::FindingsList;
use crate::components::panes::Panes;
use crate::components::tabs::Tab;
use crate::components::verdict::VerdictBar;
use crate::hooks::{Key, use_answer, use_keys, use_texts};
use crate::i18n::{Language, Texts};
use crate::state::answer::{Answer, deciding};
use crate::state::{Action, Pane, Selection, Workbench, rows};

pub(crate) use lesson::Frame;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) workbench: UseReducerHandle<Workbench>,
    #[prop_or_default]
    pub(crate) frame: Frame,
}

#[component]
pub(crate) fn Playground(props: &Props) -> Html {
    let texts = use_texts();
    let workbench = props.workbench.clone();
    let answer = use_answer(&workbench.project);
    let answer = match props.frame {
        Frame::Hidden => Rc::new(lesson::mask(&answer, texts.learn.after_guess)),
        Frame::Page | Frame::Lesson => answer,
    };
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
        language: use_context::<Language>().unwrap_or(Language::English),
        frame: props.frame,
    };
    use_keys({
        let view = view.clone();
        Callback::from(move |key: Key| view.key(&key))
    });
    if props.frame != Frame::Page {
        return view.lesson();
    }
    let pane = match workbench.pane {
        Pane::Compose => "compose",
        Pane::Outcome => "outcome",
    };
    html! {
        <>
            <main class="work" id="answer" tabindex="-1">
                <h1 class="vh">{ texts.playground_title }</h1>
                <VerdictBar analysis={analysis.clone()} job={view.answer.job.clone()}
                    spot={deciding(&view.answer)} ongo={view.go()}
                    fix={view.deciding_fix()} onfix={view.act(Action::Apply)} />
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
    language: Language,
    frame: Frame,
}

impl View {
    fn act<E: 'static>(&self, action: impl Fn(E) -> Action + 'static) -> Callback<E> {
        let dispatch = self.workbench.dispatcher();
        Callback::from(move |event| dispatch.dispatch(action(event)))
    }

    fn findings(&self, id: &'static str) -> Html {
        html! {
            <FindingsList {id} analysis={self.analysis.clone()} project={self.answer.shown.clone()}
                onfix={self.act(Action::Apply)}
                online={self.line()} />
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
