//! Places in a text: byte spans, and the line and column that people are told.

/// A half-open range of bytes, `start <= end`, on character boundaries of its text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

/// Both count from 1; columns count Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    pub line: usize,
    pub column: usize,
}

/// Where the lines of one text begin, so that many offsets can be placed cheaply.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "a span must not end before it starts");
        Self { start, end }
    }

    /// The smallest span that holds both.
    pub fn cover(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    pub fn contains(self, offset: usize) -> bool {
        self.start <= offset && offset < self.end
    }

    /// The text it spans, empty if it does not fit.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

impl LineIndex {
    pub fn new(text: &str) -> Self {
        let breaks = text
            .bytes()
            .enumerate()
            .filter(|(_, b)| *b == b'\n')
            .map(|(at, _)| at + 1);
        Self {
            starts: std::iter::once(0).chain(breaks).collect(),
        }
    }

    /// Line of a byte offset, from 1; offsets past the end belong to the last line.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// Line and column of a byte offset in `text`, the text that this index was made from.
    pub fn place(&self, text: &str, offset: usize) -> LineColumn {
        let line = self.line(offset);
        let start = self.starts[line - 1];
        let before = text.get(start..offset.min(text.len())).unwrap_or_default();
        LineColumn {
            line,
            column: before.chars().count() + 1,
        }
    }

    /// The bytes of a line, counted from 1, without its line break; `None` past the end.
    pub fn span(&self, text: &str, line: usize) -> Option<Span> {
        let start = *self.starts.get(line.checked_sub(1)?)?;
        let end = self.starts.get(line).map_or(text.len(), |next| next - 1);
        let end = if text[..end].ends_with('\r') && start < end {
            end - 1
        } else {
            end
        };
        Some(Span { start, end })
    }

    /// Number of lines; a text that ends in a line break has an empty last one.
    pub fn count(&self) -> usize {
        self.starts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_scalar_values_and_lines_count_from_one() {
        let text = "FROM a\r\n# 中文 x\n";
        let index = LineIndex::new(text);
        let offset = text.find('x').unwrap();
        assert_eq!(index.place(text, offset), LineColumn { line: 2, column: 6 });
        assert_eq!(index.place(text, 0), LineColumn { line: 1, column: 1 });
        assert_eq!(index.span(text, 1).map(|s| s.of(text)), Some("FROM a"));
        assert_eq!(index.span(text, 2).map(|s| s.of(text)), Some("# 中文 x"));
        assert_eq!(index.span(text, 3).map(|s| s.of(text)), Some(""));
        assert_eq!(index.span(text, 4), None);
        assert_eq!(index.place(text, 10_000).line, 3);
    }
}
