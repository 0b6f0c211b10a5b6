//! Verify: one field, examples under it, then the verdict, the tree, and the same from a shell.

use polyarch_core::demo;
use polyarch_core::platform::Platform;
use polyarch_core::reference::Reference;
use polyarch_core::verify::Verdict;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser;
use crate::components::bottom_bar::{BottomBar, Entry};
use crate::components::copy_button::CommandLine;
use crate::components::icon::{Glyph, Icon};
use crate::components::panes::Panes;
use crate::components::prose::prose;
use crate::components::verify_tree::VerifyTree;
use crate::hooks::use_texts;
use crate::i18n::{Language, Texts};
use crate::routes::Route;
use crate::state::command::quoted;
use crate::verify::{self, Outcome, Source};

const DEFAULT_PLATFORMS: &str = "linux/amd64, linux/arm64";

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
    Running,
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
    html! {
        <>
            <main class="work verify" id="answer" tabindex="-1">
                <div class="asked">
                    <h1 class="vh">{ texts.verify_title }</h1>
                    <AskForm reference={props.reference.clone()} platforms={platforms.to_owned()} />
                    <p class="tries">
                        <span>{ texts.try_these }</span>
                        { for demo::IMAGES.iter().map(|image| example(image, language)) }
                    </p>
                    { verdict(&progress, texts) }
                </div>
                { match &*progress {
                    Progress::Over(outcome) => html! {
                        <Panes label={texts.splitter} share={64} remember={browser::storage::SPLIT_VERIFY}
                            pane={if *side { "side" } else { "tree" }}
                            first={tree(outcome, texts)} second={commands(outcome, texts)} />
                    },
                    Progress::Nothing | Progress::Refused(_) | Progress::Running => html! {
                        <p class="empty">{ texts.verify_first }</p>
                    },
                } }
            </main>
            { bottom(texts, *side, &side.setter()) }
        </>
    }
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
    let words = platforms
        .split([',', ' '])
        .map(str::trim)
        .filter(|word| !word.is_empty());
    let platforms: Vec<Platform> = match words.map(str::parse).collect() {
        Ok(platforms) => platforms,
        Err(error) => return progress.set(Progress::Refused(format!("{error}"))),
    };
    progress.set(Progress::Running);
    let progress = progress.clone();
    spawn_local(async move {
        let reference = reference.with_default_tag();
        let outcome = verify::verify(reference, platforms, served).await;
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
        Progress::Nothing | Progress::Running => ("none", Glyph::Info),
    };
    let say = match progress {
        Progress::Nothing => html! { { texts.verify_title } },
        Progress::Running => html! { { texts.verifying } },
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
        Source::Server | Source::Gateway => (texts.from_registry)(&outcome.reference.host),
        Source::Memory => texts.from_memory.to_owned(),
    }
}

fn tree(outcome: &Outcome, texts: &Texts) -> Html {
    html! {
        <section class="pane tree-pane" aria-label={texts.tree}
            data-report={outcome.report.verdict.as_str()}>
            <div class="scroll" tabindex="0" role="group" aria-label={texts.tree}>
                <h2 class="vh">{ texts.tree }</h2>
                <VerifyTree reference={outcome.reference.to_string()} rows={outcome.rows.clone()}
                    findings={outcome.report.findings.clone()} />
            </div>
        </section>
    }
}

fn commands(outcome: &Outcome, texts: &Texts) -> Html {
    let reference = quoted(&outcome.reference.to_string());
    let platforms: Vec<String> = outcome.platforms.iter().map(ToString::to_string).collect();
    let commands = [
        format!(
            "polyarch verify {reference} --platform {}",
            quoted(&platforms.join(","))
        ),
        format!("docker buildx imagetools inspect {reference}"),
        format!("crane manifest {reference}"),
    ];
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
        .map(|digest| outcome.reference.at(digest));
    html! {
        <section class="pane side" aria-label={texts.commands}>
            <div class="scroll" tabindex="0" role="group" aria-label={texts.commands}>
                <div class="head">
                    <h2>{ texts.from_shell }</h2>
                    <span class="end num">{ (texts.exit_code)(exit) }</span>
                </div>
                <ul class="cmds">{ for commands.iter().map(command) }</ul>
                <p class="hint note">{ texts.only_first_fails }</p>
                if let Some(exact) = exact {
                    <div class="head"><h2>{ texts.exactly }</h2></div>
                    <ul class="cmds">
                        <li><CommandLine text={exact.to_string()} /></li>
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
