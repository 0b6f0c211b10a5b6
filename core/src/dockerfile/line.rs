//! Physical lines as BuildKit's scanner gives them, and logical lines joined from them with the
//! way back to the file.

use std::borrow::Cow;

use crate::diagnostic::Span;

use super::ast::Word;

/// The longest line, without its line break, that Go's scanner passes.
pub(super) const MAX_LINE: usize = 65_535;

/// One physical line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// From 1.
    pub(super) number: usize,
    /// Byte offset in the file.
    pub(super) start: usize,
    /// With its line break.
    pub(super) raw: &'a str,
}

/// Reads lines in order; can go back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines<'a> {
    text: &'a str,
    at: usize,
    /// Lines read so far.
    pub(super) count: usize,
    /// The line that was too long, if reading stopped there.
    pub(super) too_long: Option<Line<'a>>,
}

/// An instruction's text: pieces of physical lines, put together.
#[derive(Debug, Clone)]
pub(super) struct Logical<'a> {
    pub(super) text: Cow<'a, str>,
    /// Where each piece begins in `text` and in the file, in order.
    pieces: Vec<(usize, usize)>,
}

impl<'a> Lines<'a> {
    /// Starts after a byte order mark.
    pub(super) fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        };
        Self {
            text,
            at,
            count: 0,
            too_long: None,
        }
    }

    /// The next line; `None` at the end and at a line that is too long.
    pub(super) fn next(&mut self) -> Option<Line<'a>> {
        if self.too_long.is_some() {
            return None;
        }
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let line = Line {
            number: self.count + 1,
            start: self.at,
            raw: rest.get(..length).unwrap_or_default(),
        };
        if line.raw.strip_suffix('\n').unwrap_or(line.raw).len() > MAX_LINE {
            self.too_long = Some(line);
            return None;
        }
        self.count += 1;
        self.at += length;
        Some(line)
    }

    /// Goes on behind the line that was too long.
    pub(super) fn skip_too_long(&mut self) {
        if let Some(line) = self.too_long.take() {
            self.count += 1;
            self.at += line.raw.len();
        }
    }

    /// Offset of the next line.
    pub(super) fn offset(&self) -> usize {
        self.at
    }
}

impl<'a> Line<'a> {
    /// Without its line break.
    pub(super) fn content(&self) -> &'a str {
        self.raw.trim_end_matches(['\r', '\n'])
    }

    /// Offset of `part`, a part of this line that reaches to the end of its content.
    pub(super) fn offset_of(&self, part: &str) -> usize {
        self.start + self.content().len() - part.len()
    }

    /// The line without blanks in front and line break.
    pub(super) fn span(&self) -> Span {
        let content = self.content();
        Span::new(
            self.offset_of(content.trim_start()),
            self.start + content.len(),
        )
    }
}

impl<'a> Logical<'a> {
    /// Starts with a piece of a physical line at `source`.
    pub(super) fn new(piece: &'a str, source: usize) -> Self {
        Self {
            text: Cow::Borrowed(piece),
            pieces: vec![(0, source)],
        }
    }

    /// Adds a piece of a further line.
    pub(super) fn push(&mut self, piece: &str, source: usize) {
        if piece.is_empty() {
            return;
        }
        self.pieces.push((self.text.len(), source));
        self.text.to_mut().push_str(piece);
    }

    /// The place in the file of a range of `text`.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let from = self.source(start, start);
        if end <= start {
            return Span::new(from, from);
        }
        Span::new(from, self.source(end - 1, end).max(from))
    }

    /// A range of `text` as a word.
    pub(super) fn word(&self, start: usize, end: usize) -> Word {
        Word {
            text: self.text.get(start..end).unwrap_or_default().to_owned(),
            span: self.span(start, end),
        }
    }

    /// Maps `offset` by the piece that holds `inside`.
    fn source(&self, inside: usize, offset: usize) -> usize {
        let after = self.pieces.partition_point(|(at, _)| *at <= inside);
        match after
            .checked_sub(1)
            .and_then(|index| self.pieces.get(index))
        {
            Some((at, source)) => source + (offset - at),
            None => 0,
        }
    }
}
