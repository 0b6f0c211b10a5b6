//! The bar at the top: name, pages, the scenario on screen, language, theme, keys, share.

use std::rc::Rc;

use polyarch_core::scenarios::Scenario;
use yew::prelude::*;

use super::icon::{Glyph, Icon};
use super::menu::{Item, Menu};
use crate::hooks::use_texts;
use crate::i18n::{Language, Texts};
use crate::routes::Route;
use crate::state::commands::pages;
use crate::state::preferences::Theme;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) route: Route,
    pub(crate) language: Language,
    pub(crate) theme: Theme,
    pub(crate) scenario: Option<Rc<Scenario>>,
    /// The classic mistakes, and whether each can be made now.
    pub(crate) mistakes: Vec<(AttrValue, bool)>,
    pub(crate) onbreak: Callback<usize>,
    pub(crate) onlanguage: Callback<()>,
    pub(crate) ontheme: Callback<()>,
    pub(crate) onkeys: Callback<()>,
    /// Link, Markdown, zip, gate.
    pub(crate) onshare: Callback<usize>,
}

#[component]
pub(crate) fn Header(props: &Props) -> Html {
    let texts = use_texts();
    let playground = props.route.is_same_page(&Route::Playground);
    let theme = (texts.theme)(match props.theme {
        Theme::System => texts.theme_system,
        Theme::Light => texts.theme_light,
        Theme::Dark => texts.theme_dark,
    });
    let other = props.language.other();
    html! {
        <header class="top">
            <a class="name" href="#/" aria-label="polyarch">
                { mark() }
                <span class="word">{ "polyarch" }</span>
            </a>
            <nav aria-label={texts.main_menu}>
                <ul>
                    { for pages(texts).into_iter().map(|(label, to)| link(label, &to, &props.route)) }
                </ul>
            </nav>
            if playground {
                { picker(props.scenario.as_deref(), props.language, texts) }
                <Menu id="break-it" label={texts.craft.break_it} onselect={props.onbreak.clone()}
                    items={props.mistakes.iter().map(|(label, possible)| Item {
                        label: label.clone(), keys: "", disabled: !possible,
                    }).collect::<Vec<_>>()} />
            }
            <div class={classes!("tools", (!playground).then_some("pushed"))}>
                <button type="button" class="btn bare language" lang={other.tag()}
                    onclick={props.onlanguage.reform(|_| ())}>{ other.name() }</button>
                <button type="button" class="btn bare icon" aria-label={theme.clone()} title={theme}
                    onclick={props.ontheme.reform(|_| ())}><Icon glyph={Glyph::Theme} /></button>
                <button type="button" class="btn bare icon keys" aria-label={texts.keys}
                    title={texts.keys} onclick={props.onkeys.reform(|_| ())}>
                    <Icon glyph={Glyph::Question} />
                </button>
                if playground {
                    <Menu id="share" label={texts.share} onselect={props.onshare.clone()} items={vec![
                        share(texts.key_link, "Ctrl S"), share(texts.craft.copy_markdown, ""),
                        share(texts.craft.download_zip, ""), share(texts.craft.copy_gate, ""),
                    ]} />
                }
            </div>
        </header>
    }
}

fn share(label: &'static str, keys: &'static str) -> Item {
    Item {
        label: label.into(),
        keys,
        disabled: false,
    }
}

fn link(label: &'static str, to: &Route, here: &Route) -> Html {
    let current = here.is_same_page(to).then_some("page");
    html! { <li><a href={format!("#{to}")} aria-current={current}>{ label }</a></li> }
}

/// One shared bar over the bars of several platforms: the loom, as small as it gets.
fn mark() -> Html {
    html! {
        <svg width="20" height="20" viewBox="0 0 20 20" fill="currentColor" aria-hidden="true">
            <path d="M2 3h16v3.5H2z" />
            <path d="M2 8.5h4V17H2zM8 8.5h4V17H8zM14 8.5h4V17h-4z" opacity=".5" />
        </svg>
    }
}

/// The way to the gallery, which says what is on screen.
fn picker(scenario: Option<&Scenario>, language: Language, texts: &Texts) -> Html {
    let title = scenario.map_or(texts.own_text, |one| language.pick(&one.title));
    html! {
        <div class="scene">
            <a class="pick" href={format!("#{}", Route::Scenarios)}
                aria-label={(texts.learn.scenario)(title)}>
                <span>{ title }</span>
                <Icon glyph={Glyph::Down} size={12} />
            </a>
        </div>
    }
}
