//! Colours of a line, for the eye only; what it means is core's business.

use std::ops::Range;

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

/// What kind of text a line is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// A Dockerfile's; whether an instruction begins in the line.
    Dockerfile {
        starts: bool,
    },
    Yaml,
}

/// The classes that [`classed`] numbers.
pub(crate) const CLASSES: [&str; 4] = ["k", "f", "v", "c"];

/// The coloured parts of a line: the number of a class, and bytes.
pub(crate) fn classed(text: &str, syntax: Syntax) -> Vec<(u32, Range<usize>)> {
    let mut at = 0;
    let mut parts = Vec::new();
    for (tone, piece) in tones(text, syntax) {
        let range = at..at + piece.len();
        at = range.end;
        let class = match tone {
            Tone::Plain => continue,
            Tone::Keyword => 0,
            Tone::Flag => 1,
            Tone::Variable => 2,
            Tone::Comment => 3,
        };
        parts.push((class, range));
    }
    parts
}

/// One line.
pub(crate) fn line(text: &str, syntax: Syntax, squiggles: &[Squiggle]) -> Html {
    let mut parts = Vec::new();
    let mut at = 0;
    for (tone, piece) in tones(text, syntax) {
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
fn tones(text: &str, syntax: Syntax) -> Vec<(Tone, &str)> {
    if text.trim_start().starts_with('#') {
        return vec![(Tone::Comment, text)];
    }
    let (head, comment) = match syntax {
        Syntax::Dockerfile { starts: true } => (instruction(text), text.len()),
        Syntax::Dockerfile { starts: false } => (0, text.len()),
        Syntax::Yaml => (key(text), yaml_comment(text)),
    };
    let mut pieces = Vec::new();
    if head > 0 {
        pieces.push((Tone::Keyword, &text[..head]));
    }
    let mut rest = &text[head..comment.max(head)];
    while !rest.is_empty() {
        let (tone, length) = next_piece(rest);
        let (piece, tail) = rest.split_at(length);
        pieces.push((tone, piece));
        rest = tail;
    }
    if comment < text.len() {
        pieces.push((Tone::Comment, &text[comment.max(head)..]));
    }
    pieces
}

/// Where the first word ends.
fn instruction(text: &str) -> usize {
    let indent = text.len() - text.trim_start().len();
    text[indent..]
        .find(char::is_whitespace)
        .map_or(text.len(), |word| indent + word)
}

/// Where a line's leading key ends, before its colon; 0 where it has none.
fn key(text: &str) -> usize {
    let indent = text.len() - text.trim_start_matches([' ', '-']).len();
    let Some(length) = text[indent..].find(':') else {
        return 0;
    };
    let (name, after) = (&text[indent..indent + length], indent + length + 1);
    let is_name = |c: char| c.is_alphanumeric() || "-_./".contains(c);
    let ends = text[after..].is_empty() || text[after..].starts_with(char::is_whitespace);
    if ends && !name.is_empty() && name.chars().all(is_name) {
        indent + length
    } else {
        0
    }
}

/// Where a comment begins: at ` #` outside quotes, else at the line's end.
fn yaml_comment(text: &str) -> usize {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '#') if before == ' ' => return at,
            (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
        before = c;
    }
    text.len()
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
            "#",
            " a: b # c",
            "  - \"x # y\" #",
            ": :",
        ] {
            for syntax in [
                Syntax::Dockerfile { starts: true },
                Syntax::Dockerfile { starts: false },
                Syntax::Yaml,
            ] {
                let joined: String = tones(text, syntax).into_iter().map(|(_, p)| p).collect();
                assert_eq!(joined, text);
            }
        }
    }

    #[test]
    fn variables_and_flags_are_told_apart() {
        let starts = Syntax::Dockerfile { starts: true };
        let pieces = tones("FROM --platform=$BUILDPLATFORM x", starts);
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

    #[test]
    fn keys_and_comments_of_yaml_are_told_apart() {
        let toned = |text| {
            let classed = classed(text, Syntax::Yaml).into_iter();
            classed
                .map(|(class, range)| (CLASSES[class as usize], &text[range]))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            toned("  image: docker:29 # why"),
            [("k", "  image"), ("c", "# why")]
        );
        assert_eq!(toned("    - docker push \"$IMAGE # x\""), [("v", "$IMAGE")]);
        assert_eq!(toned("  - name: x"), [("k", "  - name")]);
        assert!(toned("    - echo http://x").is_empty());
    }
}
