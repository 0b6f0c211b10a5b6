//! Colours of a Dockerfile's line, for the eye only; what it means is core's business.

use polyarch_core::diagnostic::Severity;
use yew::prelude::*;

/// A part of a line that a finding is about, in bytes of that line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Squiggle {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) severity: Severity,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tone {
    Plain,
    Keyword,
    Flag,
    Variable,
    Comment,
}

/// One line; `keyword` says whether an instruction begins in it.
pub(crate) fn line(text: &str, keyword: bool, squiggles: &[Squiggle]) -> Html {
    let mut parts = Vec::new();
    let mut at = 0;
    for (tone, piece) in tones(text, keyword) {
        push_pieces(&mut parts, tone, piece, at, squiggles);
        at += piece.len();
    }
    html! { <>{ for parts }</> }
}

/// Cuts a piece where squiggles begin and end.
fn push_pieces(parts: &mut Vec<Html>, tone: Tone, piece: &str, at: usize, marks: &[Squiggle]) {
    let mut cuts = vec![0, piece.len()];
    for mark in marks {
        cuts.extend([mark.start, mark.end].map(|cut| cut.saturating_sub(at).min(piece.len())));
    }
    cuts.sort_unstable();
    cuts.dedup();
    for pair in cuts.windows(2) {
        let &[from, to] = pair else { continue };
        let Some(text) = piece.get(from..to) else {
            continue;
        };
        let covers = |mark: &&Squiggle| mark.start <= at + from && at + to <= mark.end;
        let mark = marks.iter().filter(covers).map(|mark| mark.severity).max();
        parts.push(span(tone, text, mark));
    }
}

fn span(tone: Tone, text: &str, mark: Option<Severity>) -> Html {
    let tone = match tone {
        Tone::Plain => None,
        Tone::Keyword => Some("k"),
        Tone::Flag => Some("f"),
        Tone::Variable => Some("v"),
        Tone::Comment => Some("c"),
    };
    let mark = mark.map(|severity| match severity {
        Severity::Error => "squiggle error",
        Severity::Warning => "squiggle",
        Severity::Info => "squiggle info",
    });
    html! { <span class={classes!(tone, mark)}>{ text.to_owned() }</span> }
}

/// The line in toned pieces that together are the line.
fn tones(text: &str, keyword: bool) -> Vec<(Tone, &str)> {
    if text.trim_start().starts_with('#') {
        return vec![(Tone::Comment, text)];
    }
    let mut pieces = Vec::new();
    let mut rest = text;
    if keyword {
        let indent = rest.len() - rest.trim_start().len();
        let word = rest[indent..]
            .find(char::is_whitespace)
            .unwrap_or(rest.len() - indent);
        let (head, tail) = rest.split_at(indent + word);
        pieces.push((Tone::Keyword, head));
        rest = tail;
    }
    while !rest.is_empty() {
        let (tone, length) = next_piece(rest);
        let (piece, tail) = rest.split_at(length);
        pieces.push((tone, piece));
        rest = tail;
    }
    pieces
}

fn next_piece(rest: &str) -> (Tone, usize) {
    if let Some(length) = variable(rest) {
        return (Tone::Variable, length);
    }
    if rest.starts_with("--") {
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '=')
            .unwrap_or(rest.len());
        return (Tone::Flag, end);
    }
    let mut after_space = false;
    for (at, c) in rest.char_indices() {
        let starts_variable = at > 0 && c == '$' && variable(&rest[at..]).is_some();
        let starts_flag = after_space && rest[at..].starts_with("--");
        if starts_variable || starts_flag {
            return (Tone::Plain, at);
        }
        after_space = c.is_whitespace();
    }
    (Tone::Plain, rest.len())
}

/// Length of `$NAME` or `${…}` at the start.
fn variable(text: &str) -> Option<usize> {
    let name = text.strip_prefix('$')?;
    if let Some(inner) = name.strip_prefix('{') {
        return inner.find('}').map(|end| end + 3);
    }
    let length = name
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
        .count();
    (length > 0).then_some(length + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_together_are_the_line() {
        for text in [
            "FROM --platform=$BUILDPLATFORM golang:1.26 AS build",
            "  RUN echo \"$HOME ${A:-b} $\" --x=--y 中文 --flag",
            "# syntax",
            "$",
            "${unclosed",
            "",
            "--",
        ] {
            for keyword in [true, false] {
                let joined: String = tones(text, keyword).into_iter().map(|(_, p)| p).collect();
                assert_eq!(joined, text);
            }
        }
    }

    #[test]
    fn variables_and_flags_are_told_apart() {
        let pieces = tones("FROM --platform=$BUILDPLATFORM x", true);
        let toned: Vec<_> = pieces.iter().filter(|(t, _)| *t != Tone::Plain).collect();
        assert_eq!(
            toned,
            [
                &(Tone::Keyword, "FROM"),
                &(Tone::Flag, "--platform"),
                &(Tone::Variable, "$BUILDPLATFORM")
            ]
        );
    }
}
