//! The goal as a checklist that ticks itself, and the hints.

use std::rc::Rc;

use polyarch_core::scenarios::{Lesson, Part};
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::components::prose::prose;
use crate::hooks::use_texts;
use crate::i18n::{Language, LearnTexts};

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) lesson: Rc<Lesson>,
    pub(super) met: Vec<bool>,
    pub(super) predicted: bool,
    pub(super) onreset: Callback<()>,
    pub(super) link: Html,
}

#[component]
pub(super) fn Goals(props: &Props) -> Html {
    let texts = &use_texts().learn;
    let language = use_context::<Language>().unwrap_or(Language::English);
    let lesson = &props.lesson;
    let goals = lesson.goals.iter().zip(&props.met);
    let count = props.met.iter().filter(|met| **met).count() + usize::from(props.predicted);
    let hint = |(at, hint): (usize, &polyarch_core::scenarios::Both)| {
        html! {
            <details key={at}>
                <summary>{ (texts.hint)(at + 1, lesson.hints.len()) }</summary>
                <p>{ prose(language.pick(hint)) }</p>
            </details>
        }
    };
    html! {
        <section class="goal" aria-labelledby={Part::Change.as_str()}>
            <h3 id={Part::Change.as_str()} tabindex="-1">
                { texts.goal }
                { props.link.clone() }
                <span class="num quiet">{ (texts.of)(count, props.met.len() + 1) }</span>
            </h3>
            <p>{ prose(language.pick(&lesson.change)) }</p>
            <ul aria-live="polite">
                { line(texts.predicted, props.predicted, texts) }
                { for goals.map(|(goal, met)| line(language.pick(&goal.label), *met, texts)) }
            </ul>
            { for lesson.hints.iter().enumerate().map(hint) }
            <button type="button" class="btn slim" onclick={props.onreset.reform(|_: MouseEvent| ())}>
                <Icon glyph={Glyph::Undo} size={14} />{ texts.reset }
            </button>
        </section>
    }
}

fn line(label: &str, met: bool, texts: &LearnTexts) -> Html {
    html! {
        <li class={met.then_some("met")}>
            <span class="box" aria-hidden="true">
                if met { <Icon glyph={Glyph::Check} size={12} /> }
            </span>
            <span>
                { prose(label) }
                <span class="vh">{ " (" }{ if met { texts.met } else { texts.not_yet } }{ ")" }</span>
            </span>
        </li>
    }
}
