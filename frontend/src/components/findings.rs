//! Findings as articles: what, why, what to do, and a button where an edit helps.

use std::cmp::Reverse;
use std::rc::Rc;

use polyarch_core::analysis::{Analysis, Project, WarningView};
use polyarch_core::diagnostic::{Diagnostic, Fix, Severity};
use polyarch_core::rules::{self, Rule};
use yew::prelude::*;

use super::icon::{Glyph, Icon};
use super::prose::prose;
use crate::hooks::use_texts;
use crate::i18n::{Language, Texts};
use crate::routes::Route;
use crate::state::rows::{self, Spot};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) analysis: Rc<Analysis>,
    /// The texts that findings stand in.
    pub(crate) project: Rc<Project>,
    pub(crate) online: Callback<Spot>,
    pub(crate) onfix: Callback<Fix>,
    /// Prefix of the articles' ids, so that the list may be on the page twice.
    pub(crate) id: &'static str,
}

#[component]
pub(crate) fn FindingsList(props: &Props) -> Html {
    let texts = use_texts();
    let printed = printed(&props.analysis, texts);
    if props.analysis.diagnostics.is_empty() {
        return html! {
            <>
                <div class="calm">
                    <Icon glyph={Glyph::Check} class="mark" />
                    <p><b>{ texts.no_findings }</b>{ " " }{ texts.no_findings_more }</p>
                </div>
                { printed }
            </>
        };
    }
    let article = |(at, finding): (usize, &Diagnostic)| {
        html! {
            <FindingItem key={at} id={format!("{}-{at}", props.id)} finding={finding.clone()}
                project={props.project.clone()} online={props.online.clone()}
                onfix={props.onfix.clone()} />
        }
    };
    html! {
        <>
            { for in_order(&props.analysis, &props.project).into_iter().map(article) }
            { printed }
        </>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct ItemProps {
    pub(crate) id: AttrValue,
    pub(crate) finding: Diagnostic,
    pub(crate) project: Rc<Project>,
    pub(crate) online: Callback<Spot>,
    pub(crate) onfix: Callback<Fix>,
}

/// A finding in the texts of a project, with its place and its fix.
#[component]
pub(crate) fn FindingItem(props: &ItemProps) -> Html {
    let texts = use_texts();
    let spot = rows::spot(&props.finding, &props.project);
    let onfix = props.onfix.clone();
    let action = props.finding.fix.clone().map(|fix| {
        let title = fix.title.clone();
        let onclick = Callback::from(move |_: MouseEvent| onfix.emit(fix.clone()));
        html! {
            <button type="button" class="btn primary" {title} {onclick}>{ texts.fix_it }</button>
        }
    });
    let whereabouts = spot.map(|spot| {
        let onclick = props.online.reform(move |_: MouseEvent| spot);
        html! {
            <button type="button" class="plain" {onclick}>{ at_spot(spot, texts) }</button>
        }
    });
    html! {
        <FindingArticle id={props.id.clone()} finding={props.finding.clone()} {whereabouts} {action} />
    }
}

/// What decides comes first, then what is gravest, then what stands first; the job's lines stand
/// before those of the Dockerfile that it builds. Each with its position among all.
fn in_order<'a>(analysis: &'a Analysis, project: &Project) -> Vec<(usize, &'a Diagnostic)> {
    let mut all: Vec<_> = analysis.diagnostics.iter().enumerate().collect();
    all.sort_by_key(|(at, finding)| {
        let spot = rows::spot(finding, project).map(|spot| (!spot.job, spot.line));
        (
            analysis.verdict.finding != Some(*at),
            Reverse(finding.severity),
            spot.unwrap_or((true, usize::MAX)),
        )
    });
    all
}

/// The warnings of the build itself, in BuildKit's words.
fn printed(analysis: &Analysis, texts: &Texts) -> Html {
    if analysis.warnings.is_empty() {
        return html! {};
    }
    let warning = |warning: &WarningView| {
        let place = if warning.line > 0 {
            format!(" (line {})", warning.line)
        } else {
            String::new()
        };
        html! { <li><code>{ format!("{}: {}{place}", warning.rule, warning.message) }</code></li> }
    };
    html! {
        <>
            <div class="head"><h2>{ texts.build_warnings }</h2></div>
            <ul class="printed" lang="en">{ for analysis.warnings.iter().map(warning) }</ul>
        </>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct ArticleProps {
    pub(crate) id: AttrValue,
    pub(crate) finding: Diagnostic,
    #[prop_or_default]
    pub(crate) whereabouts: Option<Html>,
    #[prop_or_default]
    pub(crate) action: Option<Html>,
}

#[component]
pub(crate) fn FindingArticle(props: &ArticleProps) -> Html {
    let texts = use_texts();
    let language = use_context::<Language>().unwrap_or(Language::English);
    let finding = &props.finding;
    let rule = Route::Rules {
        name: Some(finding.rule.to_owned()),
    };
    html! {
        <article class={classes!("finding", finding.severity.as_str())} id={props.id.clone()}
            tabindex="-1">
            { severity_icon(finding.severity) }
            <span class="vh">{ severity_word(finding.severity, texts) }</span>
            <h3>{ prose(&finding.message) }</h3>
            { in_chinese(finding, language) }
            <div class="more" lang="en">
                if !finding.why.is_empty() && !is_told(finding, language) {
                    <p>{ prose(&finding.why) }</p>
                }
                if !finding.next.is_empty() {
                    <p class="next">{ prose(&finding.next) }</p>
                }
            </div>
            <p class="where">
                if let Some(whereabouts) = &props.whereabouts {
                    { whereabouts.clone() }{ " · " }
                }
                if let Some(platform) = finding.platform() {
                    { platform.to_string() }{ " · " }
                }
                <a href={format!("#{rule}")}>{ finding.rule }</a>
            </p>
            if let Some(action) = &props.action {
                <div class="acts">{ action.clone() }</div>
            }
        </article>
    }
}

/// What the rule says in Chinese, above the words of the case at hand.
fn in_chinese(finding: &Diagnostic, language: Language) -> Html {
    let rule = rules::find(finding.rule).filter(|_| is_told(finding, language));
    let Some(rule) = rule.map(Rule::metadata) else {
        return html! {};
    };
    html! {
        <div class="more" lang="zh-Hans"><p>{ rule.title_zh }{ "：" }{ prose(rule.why_zh) }</p></div>
    }
}

/// Whether the rule's reason is there in the page's language, so that the English one is not needed.
fn is_told(finding: &Diagnostic, language: Language) -> bool {
    let rule = rules::find(finding.rule);
    language == Language::SimplifiedChinese
        && rule.is_some_and(|rule| !rule.metadata().why_zh.is_empty())
}

pub(crate) fn at_spot(spot: Spot, texts: &Texts) -> String {
    if spot.job {
        (texts.at_job_line)(spot.line)
    } else {
        (texts.at_line)(spot.line)
    }
}

pub(crate) fn severity_icon(severity: Severity) -> Html {
    let (glyph, class) = match severity {
        Severity::Error => (Glyph::Stop, "sev error"),
        Severity::Warning => (Glyph::Triangle, "sev"),
        Severity::Info => (Glyph::Info, "sev"),
    };
    html! { <Icon {glyph} class={classes!(class)} /> }
}

pub(crate) fn severity_word(severity: Severity, texts: &Texts) -> &'static str {
    match severity {
        Severity::Error => texts.error,
        Severity::Warning => texts.warning,
        Severity::Info => texts.info,
    }
}
