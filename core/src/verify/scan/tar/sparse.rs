//! Sparse files, as far as it takes to find where their content begins: the map of holes stands in
//! the header and in blocks behind it (GNU's old form), or in front of the content (form 1.0).

use super::header::{BLOCK, field, number, text};
use super::pax::decimal;

/// Where a map says that the first piece of content belongs, and how much of the map is to come.
pub(super) struct SparseMap {
    place: Place,
    /// Whether the file begins with a hole: then its first bytes are no program's.
    begins_with_hole: bool,
}

enum Place {
    /// In blocks of its own; whether there is another one.
    Blocks {
        goes_on: bool,
    },
    /// In the content: lines of decimal numbers, the first of which counts the pairs that follow.
    Content {
        line: Vec<u8>,
        lines: u64,
        /// Lines altogether, once the first was read.
        all: Option<u64>,
        read: usize,
    },
    /// Filled up to the next block.
    Filling(usize),
    Done,
}

impl SparseMap {
    pub(super) fn of_header(block: &[u8; BLOCK]) -> Self {
        let offset = number(field(block, 386, 12));
        Self {
            place: Place::Blocks {
                goes_on: block.get(482).is_some_and(|flag| *flag != 0),
            },
            begins_with_hole: !text(field(block, 398, 12)).is_empty() && offset != Some(0),
        }
    }

    pub(super) fn in_content() -> Self {
        let place = Place::Content {
            line: Vec::new(),
            lines: 0,
            all: None,
            read: 0,
        };
        Self {
            place,
            begins_with_hole: false,
        }
    }

    /// Whether a further block of the map follows the header.
    pub(super) fn goes_on(&self) -> bool {
        matches!(self.place, Place::Blocks { goes_on: true })
    }

    /// Takes such a block; whether there is yet another one.
    pub(super) fn take_block(&mut self, block: &[u8; BLOCK]) -> bool {
        let goes_on = block.get(504).is_some_and(|flag| *flag != 0);
        self.place = Place::Blocks { goes_on };
        goes_on
    }

    /// The content without the map that stands in it; nothing if the file begins with a hole.
    pub(super) fn skip<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let mut bytes = bytes;
        while let [first, rest @ ..] = bytes {
            match &mut self.place {
                Place::Blocks { .. } | Place::Done => break,
                Place::Filling(left) => {
                    let length = (*left).min(bytes.len());
                    *left -= length;
                    bytes = bytes.get(length..).unwrap_or_default();
                    if *left == 0 {
                        self.place = Place::Done;
                    }
                }
                Place::Content { .. } => {
                    self.take(*first);
                    bytes = rest;
                }
            }
        }
        if self.begins_with_hole { &[] } else { bytes }
    }

    fn take(&mut self, byte: u8) {
        let Place::Content {
            line,
            lines,
            all,
            read,
        } = &mut self.place
        else {
            return;
        };
        *read = (*read + 1) % BLOCK;
        if byte != b'\n' {
            // No number is longer; what is longer is none.
            if line.len() < 20 {
                line.push(byte);
            }
            return;
        }
        let value = decimal(line).unwrap_or(0);
        line.clear();
        *lines += 1;
        match *lines {
            1 => *all = Some(value.saturating_mul(2).saturating_add(1)),
            2 => self.begins_with_hole = value != 0,
            _ => {}
        }
        if all.is_some_and(|all| *lines >= all) {
            self.place = match (BLOCK - *read) % BLOCK {
                0 => Place::Done,
                left => Place::Filling(left),
            };
        }
    }
}
