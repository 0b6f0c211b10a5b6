//! The guided path: lessons at the left, the lesson's text, its build live beside it.

mod article;
mod goals;
mod path;
mod predict;

use std::rc::Rc;

use polyarch_core::scenarios::{Lesson, Part};
use yew::prelude::*;

use crate::browser;
use crate::components::bottom_bar::{BottomBar, Entry};
use crate::hooks::{use_answer, use_texts};
use crate::pages::playground::{Frame, Playground};
use crate::routes::Route;
use crate::state::progress::{self, Progress};
use crate::state::shelf::{Fetched, Shelf};
use crate::state::{Action, ComposeTab, Workbench};
use article::Article;
use path::Path;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) shelf: Shelf,
    /// The lesson that the address names; else the first that is not done.
    pub(crate) lesson: Option<AttrValue>,
    pub(crate) part: Option<Part>,
}

#[component]
pub(crate) fn Learn(props: &Props) -> Html {
    let texts = &use_texts().learn;
    let progress = use_state(Progress::stored);
    let lessons = &props.shelf.library.lessons;
    let chosen = match &props.lesson {
        Some(name) => props.shelf.lesson(name),
        None => lessons
            .iter()
            .find(|lesson| !progress.is_done(&lesson.name))
            .or(lessons.first()),
    };
    let why_not = match (props.shelf.state, &props.lesson) {
        (Fetched::Waiting, _) => texts.loading.to_owned(),
        (Fetched::Failed, _) | (Fetched::Whole, None) => texts.not_loaded.to_owned(),
        (Fetched::Whole, Some(name)) => (texts.no_lesson)(name),
    };
    let onprogress = progress.setter();
    let onprogress = Callback::from(move |to: Progress| onprogress.set(to));
    let lessons = Rc::new(lessons.clone());
    match chosen {
        Some(lesson) => html! {
            <LessonPage key={lesson.name.clone()} lesson={Rc::new(lesson.clone())} {lessons}
                part={props.part} progress={(*progress).clone()} {onprogress} />
        },
        None => html! {
            <main class="page" id="answer" tabindex="-1">
                <h1>{ texts.learn_title }</h1>
                <p>{ why_not }</p>
                if props.shelf.state == Fetched::Whole {
                    <p><a href={format!("#{}", Route::Learn { lesson: None, part: None })}>{ texts.path_head }</a></p>
                }
            </main>
        },
    }
}

#[derive(Properties, PartialEq)]
struct LessonProps {
    lesson: Rc<Lesson>,
    lessons: Rc<Vec<Lesson>>,
    part: Option<Part>,
    progress: Progress,
    onprogress: Callback<Progress>,
}

#[component]
fn LessonPage(props: &LessonProps) -> Html {
    let texts = use_texts();
    let lesson = &props.lesson;
    let workbench = use_reducer(|| first_workbench(lesson));
    let pane = use_state(|| "lesson");
    let answer = use_answer(&workbench.project);
    let shown = props.progress.guess(&lesson.name).is_some()
        || matches!(props.part, Some(Part::See | Part::Change));
    use_effect_with(workbench.project.clone(), {
        let lesson = Rc::clone(lesson);
        move |project: &polyarch_core::analysis::Project| {
            if *project != lesson.project {
                progress::leave(&lesson.name, project);
            }
        }
    });
    use_effect_with(props.part, |part| {
        if let Some(part) = part.filter(|part| *part != Part::Read) {
            browser::focus(part.as_str());
        }
    });
    let seen = answer.seen();
    let met: Vec<bool> = lesson.goals.iter().map(|goal| goal.is_met(&seen)).collect();
    let reached = shown && met.iter().all(|met| *met);
    use_effect_with(reached, {
        let (progress, name) = (props.progress.clone(), lesson.name.clone());
        let onprogress = props.onprogress.clone();
        move |reached| {
            if *reached && !progress.is_done(&name) {
                onprogress.emit(progress.done(&name));
            }
        }
    });
    let onguess = {
        let (progress, name) = (props.progress.clone(), lesson.name.clone());
        props.onprogress.reform(move |guess: usize| {
            let route = Route::Learn {
                lesson: Some(name.clone()),
                part: Some(Part::See),
            };
            browser::replace_fragment(&route.to_string());
            progress.clone().guessed(&name, guess)
        })
    };
    let onreset = {
        let (progress, lesson) = (props.progress.clone(), Rc::clone(lesson));
        let (dispatch, onprogress) = (workbench.dispatcher(), props.onprogress.clone());
        Callback::from(move |()| {
            onprogress.emit(progress.clone().over_again(&lesson.name));
            dispatch.dispatch(Action::Load {
                project: lesson.project.clone(),
                scenario: None,
            });
        })
    };
    let panes = [
        ("path", texts.learn.path),
        ("lesson", texts.learn.pane_lesson),
        ("live", texts.learn.pane_build),
    ];
    let entries: Vec<Entry> = panes
        .iter()
        .map(|(name, label)| Entry {
            label,
            current: *pane == *name,
            count: None,
            bad: false,
        })
        .collect();
    let onshow = {
        let pane = pane.setter();
        Callback::from(move |at: usize| pane.set(panes.get(at).map_or("lesson", |pane| pane.0)))
    };
    html! {
        <>
            <main class="learn" id="answer" tabindex="-1" data-pane={*pane}>
                <h1 class="vh">{ texts.learn.learn_title }</h1>
                <Path lessons={Rc::clone(&props.lessons)} now={lesson.name.clone()}
                    progress={props.progress.clone()} onprogress={props.onprogress.clone()} />
                <Article lesson={Rc::clone(lesson)} lessons={Rc::clone(&props.lessons)} {shown}
                    guess={props.progress.guess(&lesson.name)} {met} {reached} {onguess} {onreset} />
                <Playground {workbench} frame={if shown { Frame::Lesson } else { Frame::Hidden }} />
            </main>
            <BottomBar {entries} {onshow} />
        </>
    }
}

/// The lesson's text as it was left, or as it begins.
fn first_workbench(lesson: &Lesson) -> Workbench {
    let project = progress::left(&lesson.name).unwrap_or_else(|| lesson.project.clone());
    let mut workbench = Workbench::new(project, None);
    if lesson.shows_job {
        workbench.compose = ComposeTab::Job;
    }
    workbench
}
