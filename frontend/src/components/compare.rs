//! What is on screen against another state: one kept before, a link's, or a scenario's. The
//! differences are those of `polyarch preview --against`.

use std::rc::Rc;

use polyarch_core::analysis::{Analysis, Aspect, Change, Project, compare};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::icon::{Glyph, Icon};
use crate::browser::storage;
use crate::hooks::{use_shelf, use_texts};
use crate::i18n::{Language, Texts};
use crate::state::answer::answer;
use crate::state::share;

/// Differences of one platform and kind that are listed; the others are counted.
const MOST: usize = 40;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) analysis: Rc<Analysis>,
    /// As it would be shared.
    pub(crate) project: Project,
}

#[component]
pub(crate) fn CompareView(props: &Props) -> Html {
    let texts = use_texts();
    let words = texts.views;
    // The other state as a link's fragment; it outlives the view and the visit.
    let other = use_state(|| storage::read(storage::COMPARED));
    let choose = {
        let other = other.setter();
        Callback::from(move |fragment: String| {
            storage::write(storage::COMPARED, &fragment);
            other.set(Some(fragment));
        })
    };
    let before = use_memo((*other).clone(), |other| {
        let project = share::decode(other.as_deref()?).ok()?;
        Some(answer(&project).analysis)
    });
    let changes = use_memo(
        (before.clone(), props.analysis.clone()),
        |(before, after)| {
            before
                .as_ref()
                .as_ref()
                .map(|before| compare(before, after))
        },
    );
    html! {
        <div class="compare">
            <Chooser project={props.project.clone()} {choose} />
            { match &*changes {
                None => html! { <p class="empty">{ words.compare_first }</p> },
                Some(changes) if changes.is_empty() => html! { <p class="empty" role="status">{ words.nothing_differs }</p> },
                Some(changes) => html! {
                    <>
                        { for Aspect::ALL.iter().map(|aspect| section(*aspect, changes, texts)) }
                    </>
                },
            } }
        </div>
    }
}

fn section(aspect: Aspect, changes: &[Change], texts: &Texts) -> Html {
    let own: Vec<&Change> = changes
        .iter()
        .filter(|change| change.aspect == aspect)
        .collect();
    if own.is_empty() {
        return html! {};
    }
    let label = match aspect {
        Aspect::Result => texts.verdict,
        Aspect::Finding => texts.findings,
        Aspect::Step => texts.step,
        Aspect::Content => texts.views.content,
        Aspect::Config => texts.config,
        Aspect::Document => texts.document,
    };
    let change = |change: &&Change| {
        let name = change.platform.clone();
        let name = name.unwrap_or_else(|| texts.views.all_platforms.to_owned());
        html! {
            <div class="change">
                <h3><code>{ name }</code></h3>
                <ul>
                    { side(&change.gone, "old", "−", texts.views.before, texts) }
                    { side(&change.new, "new", "+", texts.views.after, texts) }
                </ul>
            </div>
        }
    };
    html! {
        <section data-aspect={aspect.as_str()}>
            <div class="head"><h2>{ label }</h2></div>
            { for own.iter().map(change) }
        </section>
    }
}

fn side(
    facts: &[String],
    class: &'static str,
    sign: &'static str,
    word: &'static str,
    texts: &Texts,
) -> Html {
    let more = facts.len().saturating_sub(MOST);
    html! {
        <>
            { for facts.iter().take(MOST).map(|fact| html! {
                <li {class}>
                    <span aria-hidden="true">{ sign }</span>
                    <span class="vh">{ word }{ ": " }</span>
                    <code lang="en">{ fact }</code>
                </li>
            }) }
            if more > 0 { <li {class}>{ (texts.views.and_more)(more) }</li> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ChooserProps {
    project: Project,
    choose: Callback<String>,
}

#[component]
fn Chooser(props: &ChooserProps) -> Html {
    let texts = use_texts();
    let words = texts.views;
    let language = use_context::<Language>().unwrap_or(Language::English);
    let shelf = use_shelf();
    let field = use_node_ref();
    let refused = use_state(|| None::<String>);
    let keep = {
        let (project, choose, refused) = (
            props.project.clone(),
            props.choose.clone(),
            refused.setter(),
        );
        Callback::from(move |_: MouseEvent| match share::encode(&project) {
            Ok(fragment) => choose.emit(fragment),
            Err(error) => refused.set(Some(error.to_string())),
        })
    };
    let onchange = {
        let (shelf, choose) = (shelf.clone(), props.choose.clone());
        Callback::from(move |event: Event| {
            let name = event.target_dyn_into::<HtmlSelectElement>();
            let scenario = name.and_then(|select| shelf.scenario(&select.value()));
            if let Some(fragment) = scenario.and_then(|one| share::encode(&one.project).ok()) {
                choose.emit(fragment);
            }
        })
    };
    let onsubmit = {
        let (field, choose, refused) = (field.clone(), props.choose.clone(), refused.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(field) = field.cast::<HtmlInputElement>() else {
                return;
            };
            let link = field.value();
            let fragment = link.rsplit('#').next().unwrap_or_default().trim();
            match share::decode(fragment) {
                Ok(_) => {
                    refused.set(None);
                    choose.emit(fragment.to_owned());
                }
                Err(error) => refused.set(Some(error.to_string())),
            }
        })
    };
    html! {
        <div class="against">
            <button type="button" class="btn" onclick={keep}>
                <Icon glyph={Glyph::Copy} size={14} />{ words.keep_state }
            </button>
            <span class="pickbox">
                <select class="pick" aria-label={words.against_scenario} {onchange}>
                    <option value="" selected=true>{ words.against_scenario }</option>
                    { for shelf.library.scenarios.iter().map(|one| html! {
                        <option value={one.name.clone()}>{ language.pick(&one.title) }</option>
                    }) }
                </select>
                <Icon glyph={Glyph::Down} size={12} />
            </span>
            <form class="inline" {onsubmit}>
                <label class="field">
                    <span class="vh">{ words.against_link }</span>
                    <input ref={field} type="text" spellcheck="false" autocomplete="off"
                        placeholder={words.against_link} />
                </label>
                <button type="submit" class="btn">{ words.compare }</button>
            </form>
            if let Some(why) = &*refused { <p class="hint" role="alert" lang="en">{ why }</p> }
        </div>
    }
}
