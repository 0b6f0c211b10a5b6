//! The question before the outcome, and the answer given to it.

use std::rc::Rc;

use polyarch_core::scenarios::{Choice, Lesson, Part};
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::components::prose::prose;
use crate::hooks::use_texts;
use crate::i18n::Language;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) lesson: Rc<Lesson>,
    pub(super) guess: Option<usize>,
    /// Whether the outcome may be seen, with or without a guess.
    pub(super) shown: bool,
    pub(super) onguess: Callback<usize>,
    pub(super) link: Html,
}

#[component]
pub(super) fn Predict(props: &Props) -> Html {
    let texts = &use_texts().learn;
    let language = use_context::<Language>().unwrap_or(Language::English);
    let chosen = use_state(|| props.guess);
    let onsubmit = {
        let (chosen, onguess) = (*chosen, props.onguess.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(guess) = chosen {
                onguess.emit(guess);
            }
        })
    };
    let answered = props.guess.is_some();
    let option = |(at, choice): (usize, &Choice)| {
        let set = chosen.setter();
        let onchange = Callback::from(move |_: Event| set.set(Some(at)));
        let right = props.shown && answered && at == props.lesson.answer;
        let why = language.pick(&choice.why);
        html! {
            <label class={classes!("opt", right.then_some("right"))}>
                <input type="radio" name="guess" checked={*chosen == Some(at)} disabled={answered}
                    {onchange} />
                <span>
                    <b>{ prose(language.pick(&choice.what)) }</b>
                    if !why.is_empty() { <span class="quiet">{ prose(why) }</span> }
                </span>
                if right { <Icon glyph={Glyph::Check} /> }
            </label>
        }
    };
    html! {
        <form class="predict" {onsubmit}>
            <fieldset>
                <legend id={Part::Predict.as_str()} tabindex="-1">
                    <span class="kicker">{ texts.predict }{ props.link.clone() }</span>
                    { prose(language.pick(&props.lesson.question)) }
                </legend>
                { for props.lesson.choices.iter().enumerate().map(option) }
            </fieldset>
            if !answered {
                <div class="row">
                    <button type="submit" class="btn primary" disabled={chosen.is_none()}>
                        { texts.show }
                    </button>
                    <span class="quiet small">{ texts.ungraded }</span>
                </div>
            }
        </form>
    }
}
