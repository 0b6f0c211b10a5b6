//! The app: what all pages share, and which page is shown.

use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use polyarch_core::analysis::Project;
use polyarch_core::assist::MISTAKES;
use yew::prelude::*;

use crate::browser::{self, clipboard, crash, download, storage};
use crate::components::header::Header;
use crate::components::key_sheet::KeySheet;
use crate::components::palette::Palette;
use crate::hooks::{Key, use_keys, use_route, use_shelf};
use crate::i18n::Language;
use crate::pages::gallery::Gallery;
use crate::pages::learn::Learn;
use crate::pages::playground::Playground;
use crate::pages::rules::Rules;
use crate::pages::verify::Verify;
use crate::routes::Route;
use crate::state::commands::{Command, commands};
use crate::state::preferences::{self, EditorChoice, Theme};
use crate::state::shelf::{self, Fetched, Shelf};
use crate::state::workbench::What;
use crate::state::{Action, Workbench, answer, export, gate, share, zip};

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
    let palette_shown = use_state(|| false);
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
    let newer = use_newer_version();
    let onshare = {
        let (workbench, say) = (workbench.clone(), say.clone());
        Callback::from(move |way: usize| take_away(way, &workbench.project, texts, &say))
    };
    let onbreak = {
        let workbench = workbench.clone();
        Callback::from(move |at: usize| {
            let mistake = MISTAKES.get(at);
            let made =
                mistake.and_then(|mistake| Some((mistake, mistake.make(&workbench.project)?)));
            if let Some((mistake, project)) = made {
                workbench.dispatch(Action::Edit {
                    project,
                    title: (texts.craft.mistake)(mistake).to_owned(),
                    what: What::Broke,
                });
            }
        })
    };
    use_keys({
        let (shown, setter, onshare) = (*keys_shown, keys_shown.setter(), onshare.clone());
        let palette = palette_shown.clone();
        Callback::from(move |key: Key| {
            if key.is_bare("?") {
                setter.set(!shown);
            } else if shown && key.name == "escape" {
                setter.set(false);
            } else if key.is_control("s") {
                onshare.emit(0);
            } else if key.is_control("k") {
                palette.set(!*palette);
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
    let mistakes: Vec<(AttrValue, bool)> = MISTAKES
        .iter()
        .map(|mistake| {
            let possible = mistake.make(&workbench.project).is_some();
            ((texts.craft.mistake)(mistake).into(), possible)
        })
        .collect();
    let palette = if *palette_shown {
        let all = commands(
            &workbench.project,
            workbench.applied.is_some(),
            *editor,
            *language,
            &shelf.library.scenarios,
        );
        let (commands, entries): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        let onclose = palette_shown.setter();
        let onclose = Callback::from(move |()| onclose.set(false));
        let run = Run {
            workbench: workbench.clone(),
            editor: editor.clone(),
            onbreak: onbreak.clone(),
            onshare: onshare.clone(),
            onlanguage: onlanguage.clone(),
            ontheme: ontheme.clone(),
        };
        let onrun = {
            let onclose = onclose.clone();
            Callback::from(move |at: usize| {
                onclose.emit(());
                if let Some(command) = commands.get(at) {
                    run.run(command);
                }
            })
        };
        html! { <Palette {entries} {onrun} {onclose} /> }
    } else {
        html! {}
    };
    let onclose = keys_shown.setter();
    let onclose = Callback::from(move |()| onclose.set(false));
    html! {
        <ContextProvider<Language> context={*language}>
        <ContextProvider<EditorChoice> context={*editor}>
            <div class="app">
                <a class="skip" href="#answer" onclick={Callback::from(|event: MouseEvent| skip(&event))}>{ texts.skip }</a>
                <Header route={route.clone()} language={*language} theme={*theme}
                    scenario={workbench.scenario.clone()} {mistakes} {onbreak} {onlanguage} {ontheme} {onkeys}
                    {onshare} />
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
                { palette }
                <p class="notice" role="status">
                    if let Some(notice) = &*notice {
                        { notice }
                    } else if newer {
                        { texts.craft.update_ready }
                        <button type="button" class="plain"
                            onclick={Callback::from(|_: MouseEvent| browser::reload())}>
                            { texts.craft.load_again }
                        </button>
                    }
                </p>
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

/// What a palette's command reaches.
#[derive(Clone)]
struct Run {
    workbench: UseReducerHandle<Workbench>,
    editor: UseStateHandle<EditorChoice>,
    onbreak: Callback<usize>,
    onshare: Callback<usize>,
    onlanguage: Callback<()>,
    ontheme: Callback<()>,
}

impl Run {
    fn run(&self, command: &Command) {
        match command {
            Command::Press(key, control, alt) => download::press(key, *control, *alt),
            Command::View(view) => self.workbench.dispatch(Action::Outcome(*view)),
            Command::Tab(tab) => self.workbench.dispatch(Action::Compose(*tab)),
            Command::Go(route) => browser::go_to(&route.to_string()),
            Command::Break(at) => self.onbreak.emit(*at),
            Command::Undo => self.workbench.dispatch(Action::Undo),
            Command::Markdown => self.onshare.emit(1),
            Command::Zip => self.onshare.emit(2),
            Command::Gate => self.onshare.emit(3),
            Command::Theme => self.ontheme.emit(()),
            Command::Language => self.onlanguage.emit(()),
            Command::Editor(choice) => {
                choice.remember();
                self.editor.set(*choice);
            }
        }
    }
}

/// Whether the service worker has fetched another version of the page since it was loaded.
#[hook]
fn use_newer_version() -> bool {
    let newer = use_state(|| false);
    use_effect_with((), {
        let newer = newer.setter();
        move |()| {
            let listener = browser::window().map(|window| {
                EventListener::new(&window, "polyarch-update", move |_| newer.set(true))
            });
            move || drop(listener)
        }
    });
    *newer
}

/// The link (0) goes into address bar and clipboard, Markdown (1) into the clipboard, all files
/// (2) into an archive, the gate (3) into the clipboard. What must not be in a link is refused in
/// each of them.
fn take_away(way: usize, project: &Project, texts: Texts, say: &Callback<String>) {
    let fragment = match share::encode(project) {
        Ok(fragment) => fragment,
        Err(error) => return say.emit(error.to_string()),
    };
    let link = format!("{}#{fragment}", browser::address());
    let craft = texts.craft;
    let (text, copied, failed) = match way {
        0 => {
            browser::replace_fragment(&fragment);
            (link, texts.link_copied, texts.link_failed)
        }
        1 => {
            let text = export::markdown(project, &answer::answer(project), &link);
            (text, craft.markdown_copied, craft.clipboard_failed)
        }
        3 => {
            let text = gate::lines(project, &answer::answer(project));
            (text, craft.gate_copied, craft.clipboard_failed)
        }
        _ => {
            let files = export::files(project, &answer::answer(project), &link);
            download::save("polyarch.zip", &zip::zip(&files));
            return;
        }
    };
    let say = say.clone();
    let done =
        Callback::from(move |worked| say.emit(if worked { copied } else { failed }.to_owned()));
    clipboard::copy(text, done);
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
