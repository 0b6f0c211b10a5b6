//! The Dockerfile's editor: a plain textarea over the same text in colours, beside a gutter with
//! line numbers and the loom's threads.
//!
//! The coloured text decides the size; the textarea lies exactly on it and is what a keyboard, a
//! screen reader and an input method meet. Nothing is scrolled by hand.

use std::rc::Rc;

use polyarch_core::analysis::Analysis;
use polyarch_core::diagnostic::{LineIndex, Place};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::highlight::{self, Squiggle};
use super::threads::threads;
use crate::browser;
use crate::hooks::use_texts;
use crate::state::{Selection, rows};

/// Which text an editor shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The Dockerfile that the analysis is about.
    Dockerfile,
    /// A Dockerfile that the job replaces, so nothing is known about its lines.
    Replaced,
    /// The Dockerfile that a job writes; it is not for writing.
    Written,
    Job,
}

impl Kind {
    fn id(self) -> &'static str {
        match self {
            Self::Dockerfile | Self::Replaced => "dockerfile",
            Self::Written => "written",
            Self::Job => "job",
        }
    }

    fn line_id(self, line: usize) -> String {
        match self {
            Self::Dockerfile | Self::Written => format!("line-{line}"),
            Self::Replaced => format!("replaced-line-{line}"),
            Self::Job => format!("job-line-{line}"),
        }
    }

    /// Whether lines are steps of the analysis.
    fn has_rows(self) -> bool {
        matches!(self, Self::Dockerfile | Self::Written)
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) kind: Kind,
    pub(crate) text: AttrValue,
    pub(crate) file: AttrValue,
    pub(crate) analysis: Rc<Analysis>,
    pub(crate) selection: Selection,
    pub(crate) ontype: Callback<String>,
    /// The caret went to this line, from 1.
    pub(crate) oncaret: Callback<usize>,
}

#[component]
pub(crate) fn Editor(props: &Props) -> Html {
    let texts = use_texts();
    let area = use_node_ref();
    use_effect_with((props.kind, props.selection.line), |(kind, line)| {
        browser::reveal(&kind.line_id(*line));
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
            <label class="vh" for={props.kind.id()}>{ match props.kind {
                Kind::Job => texts.job_editor_help,
                Kind::Written => texts.job_writes_dockerfile,
                Kind::Dockerfile | Kind::Replaced => texts.editor_help,
            } }</label>
            <textarea id={props.kind.id()} readonly={props.kind == Kind::Written} ref={area} spellcheck="false" autocomplete="off"
                autocapitalize="off" wrap="off" value={props.text.clone()} {oninput}
                onkeyup={moved.reform(|_: KeyboardEvent| ())}
                onclick={moved.reform(|_: MouseEvent| ())} />
        </div>
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
            let starts = match props.kind {
                Kind::Job => is_key(content),
                _ => found.is_some_and(|(_, row)| row.line == line),
            };
            let marks: Vec<Squiggle> = squiggles
                .iter()
                .filter(|(at, _)| *at == line)
                .map(|(_, mark)| *mark)
                .collect();
            html! {
                <li key={line} id={props.kind.line_id(line)}
                    class={classes!(is_selected.then_some("selected"), unused.then_some("unused"))}>
                    <span class="ln">{ line }</span>
                    { found.map_or_else(|| html! { <span /> }, |(_, row)| threads(row, columns)) }
                    <span class="src">{ highlight::line(content, starts, &marks) }</span>
                </li>
            }
        })
        .collect()
}

/// Whether a line of YAML begins with a key.
fn is_key(line: &str) -> bool {
    line.split_whitespace()
        .next()
        .is_some_and(|word| word.ends_with(':'))
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
