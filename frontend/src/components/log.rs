//! The job's log as the tools print it; a line that begins a step selects it, and the selected
//! step's lines are marked.

use std::rc::Rc;

use polyarch_core::analysis::Analysis;
use yew::prelude::*;

use crate::browser;
use crate::hooks::use_texts;
use crate::state::{Selection, rows};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) analysis: Rc<Analysis>,
    pub(crate) log: AttrValue,
    pub(crate) selection: Selection,
    /// Whether the selected step's lines are to be scrolled into view.
    pub(crate) reveal: bool,
    pub(crate) onselect: Callback<Selection>,
}

/// Id of the first line of the selected step.
const FIRST: &str = "log-step";

#[component]
pub(crate) fn LogView(props: &Props) -> Html {
    let texts = use_texts();
    use_effect_with(
        (props.selection, props.log.clone(), props.reveal),
        |(_, _, reveal)| {
            if *reveal {
                browser::reveal(FIRST);
            }
        },
    );
    let wanted = selected_name(props);
    let chosen = wanted.and_then(|name| {
        let mut lines = props.log.lines();
        lines.find_map(|line| vertex(line).filter(|(_, rest)| is_step(rest, name)))
    });
    let chosen = chosen.map(|(number, _)| number);
    let mut first = true;
    let line = |(at, line): (usize, &str)| {
        let own = vertex(line).map(|(number, _)| number);
        let marked = own.is_some() && own == chosen;
        let id = (marked && std::mem::take(&mut first)).then_some(FIRST);
        let step = vertex(line).and_then(|(_, rest)| step_at(props, rest));
        let class = classes!(
            marked.then_some("marked"),
            line.contains("ERROR").then_some("error")
        );
        let text = format!("{line}\n");
        match step {
            Some(to) => html! {
                <button type="button" key={at} {id} {class}
                    onclick={props.onselect.reform(move |_: MouseEvent| to)}>{ text }</button>
            },
            None => html! { <span key={at} {id} {class}>{ text }</span> },
        }
    };
    html! {
        <pre class="log" id="log" tabindex="0" lang="en" aria-label={texts.log}>
            { for props.log.lines().enumerate().map(line) }
        </pre>
    }
}

/// `#12 rest` in its parts.
fn vertex(line: &str) -> Option<(&str, &str)> {
    let (number, rest) = line.strip_prefix('#')?.split_once(' ')?;
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    digits.then_some((number, rest))
}

/// A base image's line has the digest that its tag was resolved to.
fn is_step(line: &str, name: &str) -> bool {
    line.strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("@sha256:"))
}

/// Name of the selected step on its platform.
fn selected_name(props: &Props) -> Option<&str> {
    let rows = props.analysis.stages.iter().flat_map(|stage| &stage.rows);
    let mut rows = rows.filter(|row| row.line == props.selection.line);
    let cell = rows::cell_at(rows.next()?, props.selection.column)?;
    Some(&rows::step_of(&props.analysis, cell)?.name)
}

/// The step that a line begins.
fn step_at(props: &Props, rest: &str) -> Option<Selection> {
    if !rest.starts_with('[') {
        return None;
    }
    let views = props.analysis.platforms.iter().enumerate();
    let mut found = views.filter_map(|(column, view)| {
        let step = view.steps.iter().find(|step| is_step(rest, &step.name))?;
        Some(Selection {
            line: step.line?,
            column,
        })
    });
    found.next()
}
