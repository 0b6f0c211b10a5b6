//! A lesson's text: read, predict, and once predicted, what happens and what is to be reached.

use std::rc::Rc;

use polyarch_core::scenarios::{Lesson, Part};
use yew::prelude::*;

use super::goals::Goals;
use super::predict::Predict;
use crate::browser;
use crate::components::markdown::markdown;
use crate::hooks::use_texts;
use crate::i18n::{Language, LearnTexts};
use crate::routes::Route;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) lesson: Rc<Lesson>,
    pub(super) lessons: Rc<Vec<Lesson>>,
    /// Whether the outcome may be seen.
    pub(super) shown: bool,
    pub(super) guess: Option<usize>,
    /// Whether each goal is met.
    pub(super) met: Vec<bool>,
    pub(super) reached: bool,
    pub(super) onguess: Callback<usize>,
    pub(super) onreset: Callback<()>,
}

#[component]
pub(super) fn Article(props: &Props) -> Html {
    let texts = &use_texts().learn;
    let language = use_context::<Language>().unwrap_or(Language::English);
    let lesson = &props.lesson;
    // What comes to light takes the focus, so that a keyboard and a screen reader go on there.
    let was_shown = use_mut_ref(|| props.shown);
    use_effect_with(props.shown, move |shown| {
        if *shown && !was_shown.replace(*shown) {
            browser::focus(Part::See.as_str());
        }
    });
    let onguess = props.onguess.clone();
    html! {
        <article class="lesson" aria-labelledby="lesson-title" tabindex="0">
            <p class="kicker num">
                { (texts.lesson)(usize::from(lesson.number), props.lessons.len()) }
                { step_link(lesson, Part::Read, texts) }
            </p>
            <h2 id="lesson-title">{ language.pick(&lesson.title) }</h2>
            <div class="text">{ markdown(language.pick(&lesson.read)) }</div>
            <Predict key={format!("{:?}", props.guess)} lesson={Rc::clone(lesson)} guess={props.guess}
                shown={props.shown} {onguess} link={step_link(lesson, Part::Predict, texts)} />
            if props.shown {
                { see(props, language, texts) }
                <Goals lesson={Rc::clone(lesson)} met={props.met.clone()}
                    predicted={props.guess.is_some()} onreset={props.onreset.clone()}
                    link={step_link(lesson, Part::Change, texts)} />
                <div role="status">
                    if props.reached { { next(props, language, texts) } }
                </div>
            }
        </article>
    }
}

fn see(props: &Props, language: Language, texts: &LearnTexts) -> Html {
    let lesson = &props.lesson;
    let verdict = props.guess.map(|guess| {
        if guess == lesson.answer {
            texts.right
        } else {
            texts.not_so
        }
    });
    html! {
        <section class="see" aria-labelledby={Part::See.as_str()}>
            <h3 id={Part::See.as_str()} tabindex="-1">
                { texts.what_happens }
                { step_link(lesson, Part::See, texts) }
            </h3>
            <div class="text">
                if let Some(verdict) = verdict { <p><strong>{ verdict }</strong></p> }
                { markdown(language.pick(&lesson.see)) }
            </div>
        </section>
    }
}

/// Where to go once every goal is met.
fn next(props: &Props, language: Language, texts: &LearnTexts) -> Html {
    let following = props
        .lessons
        .iter()
        .find(|other| other.number == props.lesson.number + 1);
    html! {
        <div class="reached">
            <p><strong>{ texts.reached }</strong></p>
            if let Some(lesson) = following {
                <a class="btn primary" href={address(lesson, None)}>
                    { (texts.next_lesson)(language.pick(&lesson.title)) }
                </a>
            } else {
                <p>{ texts.finished }</p>
                <a class="btn primary" href={format!("#{}", Route::Scenarios)}>{ texts.to_gallery }</a>
            }
        </div>
    }
}

/// A link to a step of a lesson, for a teacher to hand out.
fn step_link(lesson: &Lesson, part: Part, texts: &LearnTexts) -> Html {
    html! {
        <a class="step-link" href={address(lesson, Some(part))} aria-label={texts.step_link}
            title={texts.step_link}>{ "#" }</a>
    }
}

fn address(lesson: &Lesson, part: Option<Part>) -> String {
    let lesson = Some(lesson.name.clone());
    format!("#{}", Route::Learn { lesson, part })
}
