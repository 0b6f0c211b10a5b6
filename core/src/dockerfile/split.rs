//! Splits an instruction's text: keyword, flags, words. Offsets are bytes of the logical line.
//!
//! BuildKit reads flags byte by byte and takes each byte for a character of its own, so flags
//! with characters beyond ASCII come out garbled; so they do here.

use super::ast::Flag;
use super::ast::Word;
use super::escape::Escape;
use super::line::Logical;

/// What separates the keyword from the rest, and plain arguments from each other.
pub(super) const BLANKS: [char; 5] = ['\t', '\u{b}', '\u{c}', '\r', ' '];

/// A range of the logical line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// An instruction in its three parts.
pub(super) struct Parts {
    pub(super) keyword: Range,
    pub(super) flags: Vec<Flag>,
    /// The arguments, trimmed; may be empty.
    pub(super) arguments: Range,
}

impl Range {
    pub(super) fn of<'a>(self, line: &'a Logical) -> &'a str {
        line.text.get(self.start..self.end).unwrap_or_default()
    }

    /// Without white space at both ends.
    pub(super) fn trimmed(self, line: &Logical) -> Self {
        let text = self.of(line);
        let without_end = text.trim_end();
        Self {
            start: self.start + without_end.len() - without_end.trim_start().len(),
            end: self.start + without_end.len(),
        }
    }
}

/// Keyword, flags and arguments of `range`.
pub(super) fn parts(line: &Logical, range: Range, escape: Escape) -> Parts {
    let range = range.trimmed(line);
    let text = range.of(line);
    let keyword_end = text.find(BLANKS).unwrap_or(text.len());
    let rest = text.get(keyword_end..).unwrap_or_default();
    let rest = rest.trim_start_matches(BLANKS);
    let start = range.end - rest.len();
    let (flags, after) = flags(
        line,
        Range {
            start,
            end: range.end,
        },
        escape,
    );
    Parts {
        keyword: Range {
            start: range.start,
            end: range.start + keyword_end,
        },
        flags,
        arguments: Range {
            start: after,
            end: range.end,
        }
        .trimmed(line),
    }
}

/// A flag that is being read.
#[derive(Default)]
struct Draft {
    text: String,
    start: usize,
    /// Where the value begins, in the line.
    value: Option<usize>,
    quoted: bool,
}

/// Words that begin with `--`, and where the rest begins.
fn flags(line: &Logical, range: Range, escape: Escape) -> (Vec<Flag>, usize) {
    let bytes = line.text.as_bytes().get(..range.end).unwrap_or_default();
    let escape = u32::from(escape.char());
    let mut flags = Vec::new();
    let mut at = range.start;
    loop {
        while bytes
            .get(at)
            .is_some_and(|byte| char::from(*byte).is_whitespace())
        {
            at += 1;
        }
        if bytes.get(at) != Some(&b'-') || bytes.get(at + 1) != Some(&b'-') {
            return (flags, boundary(&line.text, at.min(range.end)));
        }
        let mut draft = Draft {
            start: at,
            ..Draft::default()
        };
        let mut quote = None;
        while let Some(&byte) = bytes.get(at) {
            let c = char::from(byte);
            if quote == Some(c) {
                quote = None;
            } else if quote.is_none() && c.is_whitespace() {
                break;
            } else if quote.is_none() && matches!(c, '\'' | '"') {
                quote = Some(c);
                draft.quoted = true;
            } else if u32::from(c) == escape {
                at += 1;
                if let Some(&escaped) = bytes.get(at) {
                    draft.push(char::from(escaped), at);
                }
            } else {
                draft.push(c, at);
            }
            at += 1;
        }
        let end = at.min(range.end);
        if draft.text == "--" {
            return (flags, boundary(&line.text, end));
        }
        if draft.quoted || !draft.text.is_empty() {
            flags.push(draft.flag(line, end));
        }
    }
}

impl Draft {
    fn push(&mut self, c: char, at: usize) {
        self.text.push(c);
        if c == '=' && self.value.is_none() {
            self.value = Some(at + 1);
        }
    }

    fn flag(self, line: &Logical, end: usize) -> Flag {
        let (start, end) = (boundary(&line.text, self.start), boundary(&line.text, end));
        let (name, value) = match self.text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (self.text.as_str(), None),
        };
        Flag {
            name: name.get(2..).unwrap_or_default().to_owned(),
            value: value.map(|text| Word {
                text,
                span: line.span(
                    boundary(&line.text, self.value.unwrap_or(end)).min(end),
                    end,
                ),
            }),
            span: line.span(start, end),
        }
    }
}

/// The next character boundary.
pub(super) fn boundary(text: &str, at: usize) -> usize {
    (at..text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len())
}

/// Words at runs of blanks, with no quoting at all.
pub(super) fn plain_words(line: &Logical, range: Range) -> Vec<Word> {
    let text = range.of(line);
    let mut words = Vec::new();
    let mut start = 0;
    while !text.is_empty() {
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.find(BLANKS).unwrap_or(rest.len());
        words.push(line.word(range.start + start, range.start + start + length));
        let after = rest.get(length..).unwrap_or_default();
        if after.is_empty() {
            break;
        }
        start = text.len() - after.trim_start_matches(BLANKS).len();
    }
    words
}

/// Words at white space outside quotes. Quotes and escapes stay; an escape character at the very
/// end is dropped.
pub(super) fn quoted_words(line: &Logical, range: Range, escape: Escape) -> Vec<Range> {
    let mut words = Vec::new();
    let mut chars = range.of(line).char_indices().peekable();
    let mut start = None;
    let mut quote = None;
    let mut end = range.end;
    while let Some((at, c)) = chars.next() {
        let at = range.start + at;
        if quote.is_none() && c.is_whitespace() {
            words.extend(start.take().map(|start| Range { start, end: at }));
            continue;
        }
        let escapes = c == escape.char() && quote != Some('\'');
        if escapes && chars.peek().is_none() {
            end = at;
            break;
        }
        start.get_or_insert(at);
        match quote {
            Some(open) if open == c => quote = None,
            None if matches!(c, '\'' | '"') => quote = Some(c),
            _ if escapes => {
                chars.next();
            }
            _ => {}
        }
    }
    words.extend(
        start
            .filter(|start| *start < end)
            .map(|start| Range { start, end }),
    );
    words
}
