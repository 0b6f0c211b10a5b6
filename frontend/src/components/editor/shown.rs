//! What the page knows of a text, as the editor's script takes it: colours, the look of lines, and
//! findings, with offsets in UTF-16 units.

use polyarch_core::diagnostic::{LineIndex, Place, Severity};
use serde::Serialize;

use super::{Kind, Props};
use crate::components::highlight;
use crate::components::threads;
use crate::state::rows;
use crate::state::utf16::Utf16;

/// One state of a text on screen.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shown<'a> {
    text: &'a str,
    label: &'a str,
    read_only: bool,
    indent: bool,
    /// Start, end and number of a class in `classes`, in order.
    tones: Vec<u32>,
    classes: [&'static str; 4],
    /// For each line its class and the looks of its threads, divided by `|`.
    lines: Vec<(String, String)>,
    marks: Vec<Mark<'a>>,
}

/// A finding in this text.
#[derive(Debug, Serialize)]
struct Mark<'a> {
    /// Its position among all findings.
    at: usize,
    from: u32,
    to: u32,
    severity: &'static str,
    message: &'a str,
    why: &'a str,
    next: &'a str,
    rule: &'a str,
    /// Title of its fix.
    fix: Option<&'a str>,
}

impl Shown<'_> {
    /// Plain data has no way to fail here; an empty text would only leave the editor as it is.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

pub(crate) fn shown<'a>(props: &'a Props, label: &'a str, indent: bool) -> Shown<'a> {
    let text = props.text.as_str();
    let index = LineIndex::new(text);
    let units = Utf16::new(text);
    let selected = selected(props, &index);
    let columns = props.analysis.platforms.len();
    let mut tones = Vec::new();
    let mut lines = Vec::with_capacity(index.count());
    for line in 1..=index.count() {
        let Some(span) = index.span(text, line) else {
            continue;
        };
        let found = rows::row_at(&props.analysis, &index, line).filter(|_| props.kind.has_rows());
        let starts = found.is_some_and(|(_, row)| row.line == line);
        let content = span.of(text);
        for (class, range) in highlight::classed(content, props.kind.syntax(starts)) {
            let ends = [range.start, range.end].map(|at| units.unit(span.start + at));
            tones.extend([ends[0], ends[1], class]);
        }
        let mut look = Vec::new();
        if selected.as_ref().is_some_and(|lines| lines.contains(&line)) {
            look.push("selected");
        }
        if found.is_some_and(|(stage, _)| !stage.used) {
            look.push("unused");
        }
        let bars = found.map_or_else(Vec::new, |(_, row)| threads::looks(row, columns));
        lines.push((look.join(" "), bars.join("|")));
    }
    Shown {
        text,
        label,
        read_only: props.kind == Kind::Written,
        indent,
        tones,
        classes: highlight::CLASSES,
        lines,
        marks: marks(props, &units),
    }
}

/// The lines of the selected step, or the selected line itself.
fn selected(props: &Props, index: &LineIndex) -> Option<std::ops::RangeInclusive<usize>> {
    let at = props.selection.line;
    if props.kind.has_rows() {
        rows::row_at(&props.analysis, index, at)
            .map(|(_, row)| row.line..=rows::last_line(row, index))
    } else {
        Some(at..=at)
    }
}

fn marks<'a>(props: &'a Props, units: &Utf16) -> Vec<Mark<'a>> {
    let findings = props.analysis.diagnostics.iter().enumerate();
    findings
        .filter_map(|(at, finding)| {
            let Place::Source { file, span, .. } = &finding.place else {
                return None;
            };
            (*file == *props.file).then(|| Mark {
                at,
                from: units.unit(span.start),
                to: units.unit(span.end),
                severity: match finding.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Info => "info",
                },
                message: &finding.message,
                why: &finding.why,
                next: &finding.next,
                rule: finding.rule,
                fix: finding.fix.as_ref().map(|fix| fix.title.as_str()),
            })
        })
        .collect()
}
