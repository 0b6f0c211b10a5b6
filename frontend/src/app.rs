//! The app: what all pages share, and which page is shown.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use polyarch_core::analysis::Project;
use yew::prelude::*;

use crate::browser::{self, clipboard, crash, storage};
use crate::components::header::Header;
use crate::components::key_sheet::KeySheet;
use crate::hooks::{Key, use_keys, use_route};
use crate::i18n::Language;
use crate::pages::playground::Playground;
use crate::pages::rules::Rules;
use crate::pages::verify::Verify;
use crate::routes::Route;
use crate::state::preferences::{self, EditorChoice, Theme};
use crate::state::{Action, Workbench, examples, share};

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
    let problem = use_state(|| None::<String>);
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
                        example: None,
                    });
                }
                Err(error) => problem.set(Some(error.to_string())),
            }
        }
    });
    use_effect_with(
        (workbench.project.clone(), workbench.example.is_none()),
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
    let onexample = {
        let dispatch = workbench.dispatcher();
        Callback::from(move |name: String| {
            if let Some(example) = examples::by_name(&name) {
                let (project, example) = (example.project(), Some(example.name));
                dispatch.dispatch(Action::Load { project, example });
            }
        })
    };
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
                    example={workbench.example} {onexample} {onlanguage} {ontheme} {onkeys} {onshare} />
                if let Some(problem) = &*problem {
                    <p class="problem" role="alert">
                        <b>{ texts.bad_link }</b>{ " " }<span lang="en">{ problem.clone() }</span>
                    </p>
                }
                { page(&route, workbench, texts) }
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

fn page(route: &Route, workbench: UseReducerHandle<Workbench>, texts: Texts) -> Html {
    match route {
        Route::Playground | Route::Shared(_) => html! { <Playground {workbench} /> },
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

/// What a visit begins with: the text of the last one, else the first example.
fn first_workbench() -> Workbench {
    if crash::reset_requested() {
        share::forget();
    }
    if let Some(project) = share::remembered() {
        return Workbench::new(project, None);
    }
    match examples::EXAMPLES.first() {
        Some(example) => Workbench::new(example.project(), Some(example.name)),
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
        Route::Playground | Route::Shared(_) => texts.playground,
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
