//! Verify: one field, examples under it, then the verdict, the tree, and the same from a shell.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use polyarch_core::demo;
use polyarch_core::platform::Platform;
use polyarch_core::reference::Reference;
use polyarch_core::verify::Verdict;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DragEvent, File, HtmlInputElement};
use yew::prelude::*;

use crate::browser;
use crate::components::bottom_bar::{BottomBar, Entry};
use crate::components::copy_button::CommandLine;
use crate::components::icon::{Glyph, Icon};
use crate::components::panes::Panes;
use crate::components::prose::prose;
use crate::components::verify_tree::VerifyTree;
use crate::components::who_pulls::WhoPulls;
use crate::hooks::use_texts;
use crate::i18n::{Language, Texts};
use crate::routes::Route;
use crate::state::command::quoted;
use crate::verify::{self, Outcome, Partial, Source};

const DEFAULT_PLATFORMS: &str = "linux/amd64, linux/arm64";

/// The demo images begin with what is right; this is the first that is not.
const FIRST_WRONG: &str = "missing-platform";

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) reference: AttrValue,
    pub(crate) platforms: AttrValue,
}

/// Where a verification is.
#[derive(Debug, Clone, PartialEq)]
enum Progress {
    Nothing,
    /// The reference or a platform cannot be read; why.
    Refused(String),
    Running(Option<Partial>),
    /// An archive is being read: how much of it, in per cent, and what is known of it.
    Reading(u32, Option<Partial>),
    Over(Box<Outcome>),
}

#[component]
pub(crate) fn Verify(props: &Props) -> Html {
    let texts = use_texts();
    let language = use_context::<Language>().unwrap_or(Language::English);
    let served = use_state(|| None::<bool>);
    let progress = use_state(|| Progress::Nothing);
    let side = use_state(|| false);
    {
        let served = served.setter();
        use_effect_with((), move |()| {
            spawn_local(async move { served.set(Some(verify::has_registry().await)) });
        });
    }
    let asked = (props.reference.clone(), props.platforms.clone(), *served);
    use_effect_with(asked, {
        let progress = progress.setter();
        move |(reference, platforms, served)| {
            if let (false, Some(served)) = (reference.is_empty(), *served) {
                start(reference, platforms, served, &progress);
            }
        }
    });
    let platforms = match props.platforms.as_str() {
        "" => DEFAULT_PLATFORMS,
        given => given,
    };
    let onfile = {
        let (progress, platforms) = (progress.setter(), platforms.to_owned());
        Callback::from(move |file: File| open(file, &platforms, &progress))
    };
    let ondragover = Callback::from(|event: DragEvent| event.prevent_default());
    let ondrop = {
        let onfile = onfile.clone();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            let files = event.data_transfer().and_then(|data| data.files());
            if let Some(file) = files.and_then(|files| files.get(0)) {
                onfile.emit(file);
            }
        })
    };
    html! {
        <>
            <main class="work verify" id="answer" tabindex="-1" {ondragover} {ondrop}>
                <div class="asked">
                    <h1 class="vh">{ texts.verify_title }</h1>
                    <AskForm reference={props.reference.clone()} platforms={platforms.to_owned()} />
                    { examples(texts, language) }
                    <p class="tries"><FileChoice {onfile} /></p>
                    { verdict(&progress, texts) }
                </div>
                { match &*progress {
                    Progress::Over(outcome) => html! {
                        <Panes label={texts.splitter} share={64} remember={browser::storage::SPLIT_VERIFY}
                            pane={if *side { "side" } else { "tree" }}
                            first={tree(outcome, texts)} second={commands(outcome, texts)} />
                    },
                    Progress::Running(Some(partial)) | Progress::Reading(_, Some(partial)) => html! {
                        <Panes label={texts.splitter} share={64} remember={browser::storage::SPLIT_VERIFY}
                            pane="tree" first={growing(partial, texts)} second={html! {
                                <section class="pane side" aria-label={texts.commands} />
                            }} />
                    },
                    Progress::Nothing
                    | Progress::Refused(_)
                    | Progress::Running(None)
                    | Progress::Reading(_, None) => html! {
                        <p class="empty">{ texts.verify_first }</p>
                    },
                } }
            </main>
            { bottom(texts, *side, &side.setter()) }
        </>
    }
}

/// Reads an archive where it lies.
fn open(file: File, platforms: &str, progress: &UseStateSetter<Progress>) {
    let platforms = match parsed(platforms) {
        Ok(platforms) => platforms,
        Err(why) => return progress.set(Progress::Refused(why)),
    };
    progress.set(Progress::Reading(0, None));
    let size = file.size().max(1.0);
    // What is shown: per cent, and the rows of the last answer.
    let shown = Rc::new(RefCell::new((0, None::<Partial>)));
    let tell = {
        let (progress, shown) = (progress.clone(), Rc::clone(&shown));
        move || {
            let (percent, partial) = shown.borrow().clone();
            progress.set(Progress::Reading(percent, partial));
        }
    };
    let onread = {
        let (tell, shown, read) = (tell.clone(), Rc::clone(&shown), Cell::new(0.0));
        Callback::from(move |bytes: u64| {
            #[expect(clippy::cast_precision_loss, reason = "a piece is small")]
            read.set(read.get() + bytes as f64);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a share of a hundred"
            )]
            let percent = (read.get() / size * 100.0).min(100.0) as u32;
            let more = percent > shown.borrow().0;
            if more {
                shown.borrow_mut().0 = percent;
                tell();
            }
        })
    };
    let onstep = Callback::from(move |partial| {
        shown.borrow_mut().1 = Some(partial);
        tell();
    });
    let progress = progress.clone();
    spawn_local(async move {
        progress.set(
            match verify::verify_archive(file, platforms, onread, onstep).await {
                Ok(outcome) => Progress::Over(Box::new(outcome)),
                Err(why) => Progress::Refused(why),
            },
        );
    });
}

fn parsed(platforms: &str) -> Result<Vec<Platform>, String> {
    let words = platforms
        .split([',', ' '])
        .map(str::trim)
        .filter(|word| !word.is_empty());
    let platforms: Result<_, _> = words.map(str::parse).collect();
    platforms.map_err(|error: polyarch_core::platform::ParseError| error.to_string())
}

fn start(reference: &str, platforms: &str, served: bool, progress: &UseStateSetter<Progress>) {
    let reference: Reference = match reference.trim().parse() {
        Ok(reference) => reference,
        Err(error) => return progress.set(Progress::Refused(error.to_string())),
    };
    let platforms = if platforms.trim().is_empty() {
        DEFAULT_PLATFORMS
    } else {
        platforms
    };
    let platforms = match parsed(platforms) {
        Ok(platforms) => platforms,
        Err(why) => return progress.set(Progress::Refused(why)),
    };
    progress.set(Progress::Running(None));
    let progress = progress.clone();
    spawn_local(async move {
        let reference = reference.with_default_tag();
        let onstep = {
            let progress = progress.clone();
            Callback::from(move |partial| progress.set(Progress::Running(Some(partial))))
        };
        let outcome = verify::verify(reference, platforms, served, onstep).await;
        progress.set(Progress::Over(Box::new(outcome)));
    });
}

#[derive(Properties, PartialEq)]
struct AskProps {
    reference: AttrValue,
    platforms: AttrValue,
}

#[component]
fn AskForm(props: &AskProps) -> Html {
    let texts = use_texts();
    let (reference, platforms) = (use_node_ref(), use_node_ref());
    let onsubmit = {
        let (reference, platforms) = (reference.clone(), platforms.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let text = |field: &NodeRef| {
                field
                    .cast::<HtmlInputElement>()
                    .map(|field| field.value())
                    .unwrap_or_default()
            };
            let (reference, platforms) = (text(&reference), text(&platforms));
            browser::go_to(
                &Route::Verify {
                    reference,
                    platforms,
                }
                .to_string(),
            );
        })
    };
    html! {
        <form class="ask" role="search" aria-label={texts.verify_title} {onsubmit}>
            <label class="field grow">
                <span>{ texts.reference }</span>
                <input ref={reference} type="text" spellcheck="false" autocomplete="off"
                    placeholder={format!("{}/demo:good", verify::demo_host())}
                    value={props.reference.clone()} />
            </label>
            <label class="field">
                <span>{ texts.must_have }</span>
                <input ref={platforms} type="text" spellcheck="false" autocomplete="off"
                    value={props.platforms.clone()} />
            </label>
            <button type="submit" class="btn primary">{ texts.verify_now }</button>
        </form>
    }
}

#[derive(Properties, PartialEq)]
struct FileProps {
    onfile: Callback<File>,
}

/// Chooses an archive; one may as well be dropped anywhere on the page.
#[component]
fn FileChoice(props: &FileProps) -> Html {
    let texts = use_texts();
    let onchange = {
        let onfile = props.onfile.clone();
        Callback::from(move |event: Event| {
            let field = event.target_dyn_into::<HtmlInputElement>();
            if let Some(field) = field {
                if let Some(file) = field.files().and_then(|files| files.get(0)) {
                    onfile.emit(file);
                }
                // The same file may be chosen again.
                field.set_value("");
            }
        })
    };
    html! {
        <label class="archive">
            <span class="go">{ texts.views.choose_archive }</span>
            <input class="vh" type="file" accept=".tar,application/x-tar" {onchange} />
            { " " }{ texts.views.archive_stays }
        </label>
    }
}

/// Links to the demo images, the good ones on a line of their own.
fn examples(texts: &Texts, language: Language) -> Html {
    let mut names = demo::IMAGES.iter();
    let good = names
        .position(|image| image.name == FIRST_WRONG)
        .unwrap_or(0);
    let (good, wrong) = demo::IMAGES.split_at(good);
    let line = |(label, images): (&'static str, &'static [demo::Example])| {
        html! {
            <p class="tries">
                <span class="label">{ label }</span>
                { for images.iter().map(|image| example(image, language)) }
            </p>
        }
    };
    html! { { for [(texts.try_right, good), (texts.try_wrong, wrong)].into_iter().map(line) } }
}

fn example(image: &'static demo::Example, language: Language) -> Html {
    let reference = format!(
        "{}/{}:{}",
        verify::demo_host(),
        demo::REPOSITORY,
        image.name
    );
    let route = Route::Verify {
        reference,
        platforms: DEFAULT_PLATFORMS.replace(' ', ""),
    };
    let about = match language {
        Language::English => image.about,
        Language::SimplifiedChinese => image.about_zh,
    };
    html! { <>{ " " }<a href={format!("#{route}")} title={about}>{ image.name }</a></> }
}

/// The verdict's bar, of the same height whatever it says.
fn verdict(progress: &Progress, texts: &'static Texts) -> Html {
    let (state, glyph) = match progress {
        Progress::Over(outcome) => match outcome.report.verdict {
            Verdict::Pass => ("pass", Glyph::Check),
            Verdict::Fail => ("fail", Glyph::Stop),
            Verdict::Inconclusive => ("none", Glyph::Question),
        },
        Progress::Refused(_) => ("fail", Glyph::Stop),
        Progress::Nothing | Progress::Running(_) | Progress::Reading(..) => ("none", Glyph::Info),
    };
    let say = match progress {
        Progress::Nothing => html! { { texts.verify_title } },
        Progress::Running(_) => html! { { texts.verifying } },
        Progress::Reading(percent, _) => html! { { (texts.views.reading)(*percent) } },
        Progress::Refused(why) => html! { { why.clone() } },
        Progress::Over(outcome) => sentence(outcome),
    };
    html! {
        <section class="verdict" data-verdict={state} aria-label={texts.verdict}>
            <Icon {glyph} size={20} class="mark" />
            <p class="say" role="status" lang="en">{ say }</p>
            if let Progress::Over(outcome) = progress {
                <p class="facts">
                    <span class="num">{ (texts.requests)(outcome.cost.requests, outcome.cost.bytes) }</span>
                    <span class="num">
                        { (texts.took)(outcome.cost.rounds, &(texts.milliseconds)(outcome.cost.time)) }
                    </span>
                    <span>{ origin(outcome, texts) }</span>
                </p>
            }
        </section>
    }
}

/// The command line's words: the verdict, then what it covers or what decides it.
fn sentence(outcome: &Outcome) -> Html {
    let report = &outcome.report;
    let deciding = report.findings.iter().find(|finding| finding.counts());
    let rest = match (report.verdict, deciding) {
        (Verdict::Fail, Some(finding)) => prose(&finding.diagnostic.message),
        (Verdict::Fail | Verdict::Pass | Verdict::Inconclusive, _) => {
            html! { { report.closing().unwrap_or_default() } }
        }
    };
    html! { <><b>{ report.verdict.word() }</b>{ " " }<span>{ rest }</span></> }
}

fn origin(outcome: &Outcome, texts: &Texts) -> String {
    match outcome.source {
        Source::Server | Source::Gateway => {
            let reference = outcome.reference.as_ref();
            let host = reference.map(|reference| reference.host.as_str());
            (texts.from_registry)(host.unwrap_or_default())
        }
        Source::Archive => texts.views.from_archive.to_owned(),
        Source::Memory => texts.from_memory.to_owned(),
    }
}

/// The tree while answers come in: what was hashed has its tick at once.
fn growing(partial: &Partial, texts: &Texts) -> Html {
    html! {
        <section class="pane tree-pane" aria-label={texts.tree} aria-busy="true">
            <div class="scroll" tabindex="0" role="group" aria-label={texts.tree}>
                <h2 class="vh">{ texts.tree }</h2>
                <VerifyTree reference={partial.name.clone()} rows={partial.rows.clone()}
                    findings={Vec::new()} busy=true />
            </div>
        </section>
    }
}

fn tree(outcome: &Outcome, texts: &Texts) -> Html {
    html! {
        <section class="pane tree-pane" aria-label={texts.tree}
            data-report={outcome.report.verdict.as_str()}>
            <div class="scroll" tabindex="0" role="group" aria-label={texts.tree}>
                <h2 class="vh">{ texts.tree }</h2>
                <VerifyTree reference={outcome.name.clone()} rows={outcome.rows.clone()}
                    findings={outcome.report.findings.clone()} />
            </div>
        </section>
    }
}

fn commands(outcome: &Outcome, texts: &Texts) -> Html {
    let reference = quoted(&outcome.name);
    let platforms: Vec<String> = outcome.platforms.iter().map(ToString::to_string).collect();
    let deep = if outcome.source == Source::Archive {
        "--deep "
    } else {
        ""
    };
    let mut commands = vec![format!(
        "polyarch verify {deep}{reference} --platform {}",
        quoted(&platforms.join(","))
    )];
    if outcome.reference.is_some() {
        commands.push(commands[0].replacen("verify", "verify --deep", 1));
        commands.push(format!("docker buildx imagetools inspect {reference}"));
        commands.push(format!("crane manifest {reference}"));
    }
    let exit = match outcome.report.verdict {
        Verdict::Pass => 0,
        Verdict::Fail => 1,
        Verdict::Inconclusive => 3,
    };
    let command = |text: &String| {
        html! { <li><CommandLine text={text.clone()} /></li> }
    };
    let exact = outcome
        .report
        .digest
        .as_ref()
        .map(|digest| match &outcome.reference {
            Some(reference) => reference.at(digest).to_string(),
            None => format!("{}@{digest}", outcome.name),
        });
    html! {
        <section class="pane side" aria-label={texts.commands}>
            <div class="scroll" tabindex="0" role="group" aria-label={texts.commands}>
                <div class="head">
                    <h2>{ texts.from_shell }</h2>
                    <span class="end num">{ (texts.exit_code)(exit) }</span>
                </div>
                <ul class="cmds">{ for commands.iter().map(command) }</ul>
                if outcome.reference.is_some() {
                    <p class="hint note">{ texts.only_first_fails }</p>
                }
                <WhoPulls evidence={outcome.evidence.clone()} sized=true
                    required={outcome.platforms.clone()} />
                if let Some(exact) = exact {
                    <div class="head"><h2>{ texts.exactly }</h2></div>
                    <ul class="cmds">
                        <li><CommandLine text={exact} /></li>
                    </ul>
                }
            </div>
        </section>
    }
}

fn bottom(texts: &'static Texts, side: bool, set: &UseStateSetter<bool>) -> Html {
    let entry = |label, current| Entry {
        label,
        current,
        count: None,
        bad: false,
    };
    let entries = vec![entry(texts.tree, !side), entry(texts.commands, side)];
    let set = set.clone();
    let onshow = Callback::from(move |at: usize| set.set(at == 1));
    html! { <BottomBar {entries} {onshow} /> }
}
