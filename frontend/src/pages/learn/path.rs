//! The list of lessons, with what is done.

use std::rc::Rc;

use polyarch_core::scenarios::Lesson;
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::hooks::use_texts;
use crate::i18n::Language;
use crate::routes::Route;
use crate::state::progress::Progress;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) lessons: Rc<Vec<Lesson>>,
    /// Name of the lesson on screen.
    pub(super) now: String,
    pub(super) progress: Progress,
    pub(super) onprogress: Callback<Progress>,
}

#[component]
pub(super) fn Path(props: &Props) -> Html {
    let texts = &use_texts().learn;
    let language = use_context::<Language>().unwrap_or(Language::English);
    let done = |lesson: &Lesson| props.progress.is_done(&lesson.name);
    let entry = |lesson: &Lesson| {
        let (now, done) = (lesson.name == props.now, done(lesson));
        let route = Route::Learn {
            lesson: Some(lesson.name.clone()),
            part: None,
        };
        html! {
            <li key={lesson.name.clone()} class={classes!(done.then_some("done"), now.then_some("now"))}>
                <a href={format!("#{route}")} aria-current={now.then_some("step")}>
                    <span class="dot num" aria-hidden="true">
                        if done { <Icon glyph={Glyph::Check} size={12} /> } else { { lesson.number } }
                    </span>
                    <span class="title">
                        { language.pick(&lesson.title) }
                        if done { <span class="vh">{ " (" }{ texts.done }{ ")" }</span> }
                    </span>
                </a>
            </li>
        }
    };
    let onforget = {
        let progress = props.progress.clone();
        props
            .onprogress
            .reform(move |_: MouseEvent| progress.clone().forgotten())
    };
    let count = props.lessons.iter().filter(|lesson| done(lesson)).count();
    html! {
        <nav class="path" aria-label={texts.path}>
            <p class="path-head">
                <b>{ texts.path_head }</b>
                <span class="num">{ (texts.of)(count, props.lessons.len()) }</span>
            </p>
            <ol>{ for props.lessons.iter().map(entry) }</ol>
            <p class="kept">
                { texts.kept }
                if props.progress != Progress::default() {
                    <button type="button" class="plain" onclick={onforget}>{ texts.forget }</button>
                }
            </p>
        </nav>
    }
}
