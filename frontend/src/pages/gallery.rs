//! The gallery: every scenario by group, to search, with ticks for those seen. Each is a link into
//! the playground.

use std::collections::BTreeSet;

use polyarch_core::analysis::VerdictKind;
use polyarch_core::scenarios::{Expectation, Group, Scenario};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::components::prose::prose;
use crate::hooks::use_texts;
use crate::i18n::{Language, LearnTexts};
use crate::routes::Route;
use crate::state::shelf::{Fetched, Shelf, seen};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) shelf: Shelf,
}

#[component]
pub(crate) fn Gallery(props: &Props) -> Html {
    let texts = &use_texts().learn;
    let language = use_context::<Language>().unwrap_or(Language::English);
    let search = use_state(String::new);
    let group = use_state(|| None::<Group>);
    let seen = use_memo((), |()| seen());
    let oninput = {
        let search = search.setter();
        Callback::from(move |event: InputEvent| {
            let field = event.target_dyn_into::<HtmlInputElement>();
            search.set(field.map(|field| field.value()).unwrap_or_default());
        })
    };
    let all = &props.shelf.library.scenarios;
    let shown: Vec<&Scenario> = all
        .iter()
        .filter(|one| group.is_none_or(|group| group == one.group) && matches(one, &search))
        .collect();
    let chip = |of: Option<Group>, label: &'static str| {
        let setter = group.setter();
        let onclick = Callback::from(move |_: MouseEvent| setter.set(of));
        html! {
            <button type="button" class="filter" aria-pressed={(*group == of).to_string()} {onclick}>
                { label }
            </button>
        }
    };
    html! {
        <main class="gallery" id="answer" tabindex="-1">
            <div class="gallery-head">
                <h1>{ texts.gallery_title }</h1>
                <label class="field">
                    <span class="vh">{ texts.search }</span>
                    <input type="search" placeholder={texts.search} value={(*search).clone()} {oninput} />
                </label>
                <div class="filters" role="group" aria-label={texts.groups}>
                    { chip(None, texts.all_groups) }
                    { for Group::ALL.into_iter().zip(texts.group).map(|(of, label)| chip(Some(of), label)) }
                </div>
                <p class="num quiet" role="status">
                    { (texts.count)(shown.len(), all.len()) }
                    { " · " }
                    { (texts.seen_count)(all.iter().filter(|one| seen.contains(&one.name)).count(), all.len()) }
                </p>
            </div>
            { match props.shelf.state {
                Fetched::Waiting => html! { <p class="empty">{ texts.loading }</p> },
                Fetched::Failed => html! { <p class="empty" role="alert">{ texts.not_loaded }</p> },
                Fetched::Whole if shown.is_empty() => html! { <p class="empty">{ texts.none_found }</p> },
                Fetched::Whole => html! {},
            } }
            { for Group::ALL.into_iter().zip(texts.group).map(|(of, label)| {
                let members = shown.iter().copied().filter(|one| one.group == of).collect::<Vec<_>>();
                group_list(label, &members, &seen, language, texts)
            }) }
        </main>
    }
}

/// Whether all words of the search are in its name, titles, tags or texts.
fn matches(one: &Scenario, search: &str) -> bool {
    let text = format!(
        "{} {} {} {} {} {}",
        one.name,
        one.title.english,
        one.title.chinese,
        one.tags.join(" "),
        one.look.english,
        one.look.chinese
    )
    .to_lowercase();
    let search = search.to_lowercase();
    search.split_whitespace().all(|word| text.contains(word))
}

fn group_list(
    label: &'static str,
    members: &[&Scenario],
    seen: &BTreeSet<String>,
    language: Language,
    texts: &LearnTexts,
) -> Html {
    if members.is_empty() {
        return html! {};
    }
    let entry = |one: &&Scenario| {
        let was_seen = seen.contains(&one.name);
        let (state, glyph, outcome) = outcome(&one.expectation, texts);
        html! {
            <li key={one.name.clone()}>
                <a href={format!("#{}", Route::Scenario(one.name.clone()))}>
                    <span class="tick" aria-hidden="true">
                        if was_seen { <Icon glyph={Glyph::Check} size={14} /> }
                    </span>
                    <span class="title">
                        { language.pick(&one.title) }
                        if was_seen { <span class="vh">{ " (" }{ texts.seen }{ ")" }</span> }
                    </span>
                    <span class="comes" data-verdict={state}><Icon {glyph} size={14} />{ outcome }</span>
                    <span class="about">{ prose(first_sentence(language.pick(&one.look))) }</span>
                </a>
            </li>
        }
    };
    html! {
        <section>
            <h2>{ label }<span class="num quiet">{ members.len() }</span></h2>
            <ul class="scenarios">{ for members.iter().map(entry) }</ul>
        </section>
    }
}

/// What comes of it: a name for the stylesheet, a drawing and the words.
fn outcome(stated: &Expectation, texts: &LearnTexts) -> (&'static str, Glyph, String) {
    match stated.verdict {
        VerdictKind::Publishes if stated.passes == Some(false) => {
            ("fail", Glyph::Stop, (texts.job_fails)(stated.published))
        }
        VerdictKind::Publishes if !stated.errors.is_empty() => {
            ("fail", Glyph::Stop, (texts.publishes)(stated.published))
        }
        VerdictKind::Publishes => ("pass", Glyph::Check, (texts.publishes)(stated.published)),
        VerdictKind::PublishesWrong => (
            "fail",
            Glyph::Stop,
            (texts.publishes_wrong)(stated.published),
        ),
        VerdictKind::Fails => ("fail", Glyph::Stop, texts.fails.to_owned()),
        VerdictKind::NothingPushed => ("none", Glyph::Info, texts.nothing_pushed.to_owned()),
    }
}

/// The beginning of a text, up to its first full stop or colon.
fn first_sentence(text: &str) -> &str {
    let ends = [". ", "。"]
        .iter()
        .filter_map(|end| text.find(end).map(|at| at + end.trim().len()));
    ends.min().and_then(|end| text.get(..end)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use polyarch_core::scenarios;

    use super::*;

    #[test]
    fn searching_finds_by_words_of_either_language_and_by_tag() {
        let names = |search: &str| -> Vec<String> {
            let found = scenarios::all()
                .into_iter()
                .filter(|one| matches(one, search));
            found.map(|one| one.name).collect()
        };
        assert!(names("goarch").contains(&"goarch-forgotten".to_owned()));
        assert!(names("忘了 goarch").contains(&"goarch-forgotten".to_owned()));
        assert!(names("ECR github").is_empty());
        assert_eq!(names("").len(), scenarios::all().len());
    }

    #[test]
    fn the_first_sentence_ends_at_its_stop() {
        assert_eq!(first_sentence("One v1.2 thing. Two."), "One v1.2 thing.");
        assert_eq!(first_sentence("第一句。第二句。"), "第一句。");
        assert_eq!(first_sentence("all of it"), "all of it");
    }
}
