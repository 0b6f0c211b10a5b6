//! Rules: a list to search, by group, and a page for each rule, the same text as everywhere.

use polyarch_core::rules::{self, Group, Metadata, Rule};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::components::findings::{severity_icon, severity_word};
use crate::components::markdown::markdown;
use crate::hooks::use_texts;
use crate::i18n::{Language, Texts};
use crate::routes::Route;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The rule whose page is open; `None` for the list alone.
    pub(crate) name: Option<AttrValue>,
}

#[component]
pub(crate) fn Rules(props: &Props) -> Html {
    let texts = use_texts();
    let language = use_context::<Language>().unwrap_or(Language::English);
    let search = use_state(String::new);
    let oninput = {
        let search = search.setter();
        Callback::from(move |event: InputEvent| {
            let field = event.target_dyn_into::<HtmlInputElement>();
            search.set(field.map(|field| field.value()).unwrap_or_default());
        })
    };
    let all: Vec<&Metadata> = rules::all().map(Rule::metadata).collect();
    let shown: Vec<&Metadata> = all
        .iter()
        .copied()
        .filter(|rule| matches(rule, &search))
        .collect();
    let open = props.name.as_ref();
    let page = open.map(|name| match rules::find(name) {
        Some(rule) => html! { <RulePage rule={rule.metadata().name} /> },
        None => html! { <p class="empty">{ (texts.no_rule)(name) }</p> },
    });
    html! {
        <main class="rules" id="answer" tabindex="-1" data-open={open.map(|_| "")}>
            <section class="rule-list" aria-label={texts.all_rules}>
                <div class="ask">
                    <h1>{ texts.rules_title }</h1>
                    <label class="field grow">
                        <span class="vh">{ texts.search_rules }</span>
                        <input type="search" placeholder={texts.search_rules} value={(*search).clone()}
                            {oninput} />
                    </label>
                    <span class="num quiet" role="status">
                        { (texts.rule_count)(shown.len(), all.len()) }
                    </span>
                </div>
                <div class="scroll">
                    { for groups(&shown).into_iter().map(|(group, rules)| {
                        group_list(group, &rules, open.map(AttrValue::as_str), language, texts)
                    }) }
                    if shown.is_empty() {
                        <p class="empty">{ (texts.no_rule)(&search) }</p>
                    }
                </div>
            </section>
            <section class="rule-page" aria-label={open.cloned().unwrap_or_else(|| texts.rules_title.into())}>
                { page.unwrap_or_else(|| html! { <p class="empty">{ texts.choose_rule }</p> }) }
            </section>
        </main>
    }
}

/// Whether all words of the search are in the rule's name, titles or page.
fn matches(rule: &Metadata, search: &str) -> bool {
    let text = format!(
        "{} {} {} {}",
        rule.name, rule.title, rule.title_zh, rule.docs
    )
    .to_lowercase();
    search
        .to_lowercase()
        .split_whitespace()
        .all(|word| text.contains(word))
}

/// Rules by group, both in the catalogue's order.
fn groups<'a>(rules: &[&'a Metadata]) -> Vec<(Group, Vec<&'a Metadata>)> {
    let mut groups: Vec<(Group, Vec<&Metadata>)> = Vec::new();
    for rule in rules {
        match groups.iter_mut().find(|(group, _)| *group == rule.group) {
            Some((_, members)) => members.push(rule),
            None => groups.push((rule.group, vec![rule])),
        }
    }
    groups
}

fn group_list(
    group: Group,
    rules: &[&Metadata],
    open: Option<&str>,
    language: Language,
    texts: &Texts,
) -> Html {
    let title = match language {
        Language::English => group.title(),
        Language::SimplifiedChinese => group.title_zh(),
    };
    let entry = |rule: &&Metadata| {
        let route = Route::Rules {
            name: Some(rule.name.to_owned()),
        };
        html! {
            <li key={rule.name}>
                <a href={format!("#{route}")} aria-current={(open == Some(rule.name)).then_some("page")}>
                    { severity_icon(rule.severity) }
                    <span class="vh">{ severity_word(rule.severity, texts) }{ ": " }</span>
                    <span class="title">{ rule_title(rule, language) }</span>
                    <code>{ rule.name }</code>
                </a>
            </li>
        }
    };
    html! {
        <>
            <div class="head"><h2>{ title }</h2></div>
            <ul class="rule-names">{ for rules.iter().map(entry) }</ul>
        </>
    }
}

fn rule_title(rule: &Metadata, language: Language) -> &'static str {
    match language {
        Language::English => rule.title,
        Language::SimplifiedChinese => rule.title_zh,
    }
}

#[derive(Properties, PartialEq)]
struct PageProps {
    rule: &'static str,
}

#[component]
fn RulePage(props: &PageProps) -> Html {
    let texts = use_texts();
    let language = use_context::<Language>().unwrap_or(Language::English);
    let Some(rule) = rules::find(props.rule) else {
        return html! {};
    };
    let rule = rule.metadata();
    let group = match language {
        Language::English => rule.group.title(),
        Language::SimplifiedChinese => rule.group.title_zh(),
    };
    html! {
        <article>
            <p class="back"><a href={format!("#{}", Route::Rules { name: None })}>{ texts.all_rules }</a></p>
            <header>
                { severity_icon(rule.severity) }
                <h1>{ rule_title(rule, language) }</h1>
            </header>
            <p class="quiet">
                <code>{ rule.name }</code>{ " · " }{ severity_word(rule.severity, texts) }{ " · " }{ group }
            </p>
            <div class="text" lang="en">{ markdown(&rule.page()) }</div>
        </article>
    }
}
