//! The app: what all pages share, and which page is shown.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use polyarch_core::analysis::Project;
use yew::prelude::*;

use crate::browser::{self, clipboard, crash, storage};
use crate::components::header::Header;
use crate::components::key_sheet::KeySheet;
use crate::hooks::{Key, use_keys, use_route, use_shelf};
use crate::i18n::Language;
use crate::pages::gallery::Gallery;
use crate::pages::learn::Learn;
use crate::pages::playground::Playground;
use crate::pages::rules::Rules;
use crate::pages::verify::Verify;
use crate::routes::Route;
use crate::state::preferences::{self, EditorChoice, Theme};
use crate::state::shelf::{self, Fetched, Shelf};
use crate::state::{Action, Workbench, share};

/// How long a short message stays, in milliseconds.
const NOTICE: u32 = 4_000;

#[component]
pub(crate) fn App() -> Html {
    let language = use_state(preferences::stored_language);
    let theme = use_state(Theme::stored);
    let editor = use_state(EditorChoice::stored);
    let route = use_route();
    let workbench = use_reducer(first_workbench);
    let keys_shown = use_state(|| false);
    let notice = use_state(|| None::<String>);
    let texts = language.texts();

    use_effect_with(*theme, |theme| theme.apply());
    use_effect_with(*language, |language| preferences::apply_language(*language));
    use_effect_with((route.clone(), *language), move |(route, _)| {
        browser::set_title(&title(route, texts));
    });
    let shelf = use_shelf();
    let problem = use_state(|| None::<String>);
    use_scenario(&route, &shelf, &workbench, &problem, texts);
    let linked = use_mut_ref(|| None::<Project>);
    use_effect_with(route.clone(), {
        let (dispatch, problem, linked) =
            (workbench.dispatcher(), problem.setter(), Rc::clone(&linked));
        move |route| {
            let Route::Shared(link) = route else { return };
            match share::decode(link) {
                Ok(project) => {
                    *linked.borrow_mut() = Some(project.clone());
                    problem.set(None);
                    dispatch.dispatch(Action::Load {
                        project,
                        scenario: None,
                    });
                }
                Err(error) => problem.set(Some(error.to_string())),
            }
        }
    });
    use_effect_with(
        (workbench.project.clone(), workbench.scenario.is_none()),
        move |(project, own)| {
            // A project that only came by link does not replace the user's own.
            if *own && linked.borrow().as_ref() != Some(project) {
                share::remember(project);
            }
        },
    );

    let say = {
        let notice = notice.setter();
        Callback::from(move |text: String| {
            notice.set(Some(text));
            let notice = notice.clone();
            Timeout::new(NOTICE, move || notice.set(None)).forget();
        })
    };
    let onshare = {
        let workbench = workbench.clone();
        Callback::from(move |()| share_link(&workbench.project, texts, &say))
    };
    use_keys({
        let (shown, setter, onshare) = (*keys_shown, keys_shown.setter(), onshare.clone());
        Callback::from(move |key: Key| {
            if key.is_bare("?") {
                setter.set(!shown);
            } else if shown && key.name == "escape" {
                setter.set(false);
            } else if key.is_control("s") {
                onshare.emit(());
            } else {
                return false;
            }
            true
        })
    });
    let onlanguage = {
        let language = language.clone();
        Callback::from(move |()| {
            let other = language.other();
            storage::write(storage::LANGUAGE, other.tag());
            language.set(other);
        })
    };
    let ontheme = {
        let theme = theme.clone();
        Callback::from(move |()| theme.set(theme.next()))
    };
    let onkeys = {
        let (shown, setter) = (*keys_shown, keys_shown.setter());
        Callback::from(move |()| setter.set(!shown))
    };
    let onclose = keys_shown.setter();
    let onclose = Callback::from(move |()| onclose.set(false));
    html! {
        <ContextProvider<Language> context={*language}>
        <ContextProvider<EditorChoice> context={*editor}>
            <div class="app">
                <a class="skip" href="#answer" onclick={Callback::from(|event: MouseEvent| skip(&event))}>{ texts.skip }</a>
                <Header route={route.clone()} language={*language} theme={*theme}
                    scenario={workbench.scenario.clone()} {onlanguage} {ontheme} {onkeys} {onshare} />
                if let Some(problem) = &*problem {
                    <p class="problem" role="alert">
                        if matches!(route, Route::Scenario(_)) {
                            { problem.clone() }{ " " }
                            <a href={format!("#{}", Route::Scenarios)}>{ texts.learn.to_gallery }</a>
                        } else {
                            <b>{ texts.bad_link }</b>{ " " }<span lang="en">{ problem.clone() }</span>
                        }
                    </p>
                }
                { page(&route, workbench, &shelf, texts) }
                if *keys_shown {
                    <KeySheet {onclose} />
                }
                <p class="notice" role="status">{ (*notice).clone().unwrap_or_default() }</p>
            </div>
        </ContextProvider<EditorChoice>>
        </ContextProvider<Language>>
    }
}

type Texts = &'static crate::i18n::Texts;

/// Puts the scenario that the address names on the workbench, as soon as its text is there.
#[hook]
fn use_scenario(
    route: &Route,
    shelf: &Shelf,
    workbench: &UseReducerHandle<Workbench>,
    problem: &UseStateHandle<Option<String>>,
    texts: Texts,
) {
    let wanted = match route {
        Route::Scenario(name) => Some(name.clone()),
        _ => None,
    };
    let found = wanted.as_ref().and_then(|name| shelf.scenario(name));
    let (dispatch, problem) = (workbench.dispatcher(), problem.setter());
    let state = shelf.state;
    use_effect_with((wanted, found), move |(wanted, found)| {
        match (wanted, found) {
            (Some(name), Some(scenario)) => {
                shelf::mark_seen(name);
                problem.set(None);
                dispatch.dispatch(Action::Load {
                    project: scenario.project.clone(),
                    scenario: Some(Rc::clone(scenario)),
                });
            }
            (Some(name), None) if state == Fetched::Whole => {
                problem.set(Some((texts.learn.no_scenario)(name)));
            }
            (Some(_), None) if state == Fetched::Failed => {
                problem.set(Some(texts.learn.not_loaded.to_owned()));
            }
            _ => {}
        }
    });
}

fn page(
    route: &Route,
    workbench: UseReducerHandle<Workbench>,
    shelf: &Shelf,
    texts: Texts,
) -> Html {
    match route {
        Route::Playground | Route::Shared(_) | Route::Scenario(_) => {
            html! { <Playground {workbench} /> }
        }
        Route::Scenarios => html! { <Gallery shelf={shelf.clone()} /> },
        Route::Learn { lesson, part } => html! {
            <Learn shelf={shelf.clone()} lesson={lesson.clone().map(AttrValue::from)} part={*part} />
        },
        Route::Verify {
            reference,
            platforms,
        } => html! {
            <Verify reference={reference.clone()} platforms={platforms.clone()} />
        },
        Route::Rules { name } => html! { <Rules name={name.clone().map(AttrValue::from)} /> },
        Route::Unknown(_) => html! {
            <main id="answer" class="page" tabindex="-1">
                <h1>{ texts.not_found }</h1>
                <p><a href="#/">{ texts.playground }</a></p>
            </main>
        },
    }
}

/// What a visit begins with: the text of the last one, else the first scenario.
fn first_workbench() -> Workbench {
    if crash::reset_requested() {
        share::forget();
    }
    if let Some(project) = share::remembered() {
        return Workbench::new(project, None);
    }
    match Shelf::first().library.scenarios.first() {
        Some(first) => {
            shelf::mark_seen(&first.name);
            Workbench::new(first.project.clone(), Some(Rc::new(first.clone())))
        }
        None => Workbench::new(Project::default(), None),
    }
}

/// Puts the project's link into the address bar and the clipboard.
fn share_link(project: &Project, texts: Texts, say: &Callback<String>) {
    match share::encode(project) {
        Ok(fragment) => {
            browser::replace_fragment(&fragment);
            let link = format!("{}#{fragment}", browser::address());
            let say = say.clone();
            let done = Callback::from(move |worked| {
                say.emit(
                    if worked {
                        texts.link_copied
                    } else {
                        texts.link_failed
                    }
                    .to_owned(),
                );
            });
            clipboard::copy(link, done);
        }
        Err(error) => say.emit(error.to_string()),
    }
}

fn title(route: &Route, texts: Texts) -> String {
    let page = match route {
        Route::Playground | Route::Shared(_) | Route::Scenario(_) => texts.playground,
        Route::Scenarios => texts.learn.scenarios,
        Route::Learn { .. } => texts.learn.learn,
        Route::Verify { .. } => texts.verify,
        Route::Rules { .. } => texts.rules,
        Route::Unknown(_) => texts.not_found,
    };
    format!("{page} · polyarch")
}

/// The fragment names routes here, so the skip link moves the focus by hand.
fn skip(event: &MouseEvent) {
    event.prevent_default();
    browser::focus("answer");
}
