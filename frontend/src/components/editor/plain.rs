//! The plain editor: a textarea over the same text in colours, beside a gutter with
//! line numbers and the loom's threads.
//!
//! The coloured text decides the size; the textarea lies exactly on it and is what a keyboard, a
//! screen reader and an input method meet. Nothing is scrolled by hand.

use polyarch_core::diagnostic::{LineIndex, Place};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::{Kind, Props};
use crate::browser;
use crate::components::highlight::{self, Squiggle};
use crate::components::threads::threads;
use crate::hooks::use_texts;
use crate::state::rows;

#[derive(Properties, PartialEq)]
pub(crate) struct PlainProps {
    pub(crate) editor: Props,
}

#[component]
pub(crate) fn Plain(props: &PlainProps) -> Html {
    let props = &props.editor;
    let texts = use_texts();
    let area = use_node_ref();
    use_effect_with((props.kind, props.selection.line), |(kind, line)| {
        browser::reveal(&line_id(*kind, *line));
    });
    let oninput = {
        let (ontype, oncaret) = (props.ontype.clone(), props.oncaret.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
                ontype.emit(area.value());
                oncaret.emit(caret_line(&area));
            }
        })
    };
    let moved = {
        let (area, oncaret) = (area.clone(), props.oncaret.clone());
        Callback::from(move |()| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                oncaret.emit(caret_line(&area));
            }
        })
    };
    html! {
        <div class="editor">
            <div class="code" aria-hidden="true">
                <ol>{ for lines(props) }</ol>
            </div>
            <label class="vh" for={props.kind.id()}>{ props.kind.label(texts) }</label>
            <textarea id={props.kind.id()} readonly={props.kind == Kind::Written} ref={area} spellcheck="false" autocomplete="off"
                autocapitalize="off" wrap="off" value={props.text.clone()} {oninput}
                onkeyup={moved.reform(|_: KeyboardEvent| ())}
                onclick={moved.reform(|_: MouseEvent| ())} />
        </div>
    }
}

fn line_id(kind: Kind, line: usize) -> String {
    match kind {
        Kind::Dockerfile | Kind::Written => format!("line-{line}"),
        Kind::Replaced => format!("replaced-line-{line}"),
        Kind::Job => format!("job-line-{line}"),
    }
}

/// Line of the caret, from 1.
fn caret_line(area: &HtmlTextAreaElement) -> usize {
    let units = area.selection_start().ok().flatten().unwrap_or_default() as usize;
    let breaks = area
        .value()
        .encode_utf16()
        .take(units)
        .filter(|unit| *unit == 0x0a)
        .count();
    breaks + 1
}

fn lines(props: &Props) -> Vec<Html> {
    let text = props.text.as_str();
    let index = LineIndex::new(text);
    let columns = props.analysis.platforms.len();
    let has_rows = props.kind.has_rows();
    let at = props.selection.line;
    let selected = if has_rows {
        rows::row_at(&props.analysis, &index, at)
            .map(|(_, row)| row.line..=rows::last_line(row, &index))
    } else {
        Some(at..=at)
    };
    let squiggles = squiggles(props, &index);
    (1..=index.count())
        .map(|line| {
            let found = rows::row_at(&props.analysis, &index, line).filter(|_| has_rows);
            let is_selected = selected.as_ref().is_some_and(|lines| lines.contains(&line));

            let unused = found.is_some_and(|(stage, _)| !stage.used);
            let content = index
                .span(text, line)
                .map(|span| span.of(text))
                .unwrap_or_default();
            let starts = found.is_some_and(|(_, row)| row.line == line);
            let marks: Vec<Squiggle> = squiggles
                .iter()
                .filter(|(at, _)| *at == line)
                .map(|(_, mark)| *mark)
                .collect();
            html! {
                <li key={line} id={line_id(props.kind, line)}
                    class={classes!(is_selected.then_some("selected"), unused.then_some("unused"))}>
                    <span class="ln">{ line }</span>
                    { found.map_or_else(|| html! { <span /> }, |(_, row)| threads(row, columns)) }
                    <span class="src">{ highlight::line(content, props.kind.syntax(starts), &marks) }</span>
                </li>
            }
        })
        .collect()
}

/// What findings underline, cut into lines.
fn squiggles(props: &Props, index: &LineIndex) -> Vec<(usize, Squiggle)> {
    let mut marks = Vec::new();
    for finding in &props.analysis.diagnostics {
        let Place::Source { file, span, .. } = &finding.place else {
            continue;
        };
        if *file != *props.file {
            continue;
        }
        for line in index.line(span.start)..=index.line(span.end.saturating_sub(1).max(span.start))
        {
            let Some(whole) = index.span(&props.text, line) else {
                continue;
            };
            let start = span.start.max(whole.start) - whole.start;
            let end = span.end.min(whole.end).saturating_sub(whole.start);
            marks.push((
                line,
                Squiggle {
                    start,
                    end,
                    severity: finding.severity,
                },
            ));
        }
    }
    marks
}
