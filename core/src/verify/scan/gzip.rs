//! Inflates gzip as it comes: any number of members, each with its checksum and length.
//!
//! Source: RFC 1952. What stands behind the last member is counted, not read: clients differ in
//! what they make of it.

use zlib_rs::crc32::crc32;
use zlib_rs::{Inflate, InflateFlush, Status};

use super::End;
use super::content::Content;

/// Unpacked bytes are handed on in pieces of this size.
const PIECE: usize = 64 * 1024;

const EARLY: &str = "the gzip data ends early";

pub(super) struct Gunzip {
    at: At,
    inflate: Inflate,
    piece: Vec<u8>,
    /// Of the header so far, then of the content so far.
    crc: u32,
    /// Bytes of this member's content.
    length: u64,
    members: u64,
}

/// What the next byte belongs to.
enum At {
    /// The ten fixed bytes.
    Start {
        seen: u8,
        flags: u8,
    },
    ExtraLength {
        flags: u8,
        low: Option<u8>,
    },
    Extra {
        flags: u8,
        left: u16,
    },
    Name {
        flags: u8,
    },
    Comment {
        flags: u8,
    },
    HeaderChecksum {
        low: Option<u8>,
    },
    Body,
    Trailer {
        bytes: [u8; 8],
        seen: usize,
    },
    /// Behind the last member.
    Trailing(u64),
    Broken(&'static str),
}

const HEADER_CHECKSUM: u8 = 1 << 1;
const EXTRA: u8 = 1 << 2;
const NAME: u8 = 1 << 3;
const COMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

impl Default for Gunzip {
    fn default() -> Self {
        Self {
            at: At::Start { seen: 0, flags: 0 },
            inflate: Inflate::new(false, 15),
            piece: vec![0; PIECE],
            crc: 0,
            length: 0,
            members: 0,
        }
    }
}

impl Gunzip {
    pub(super) fn write(&mut self, mut bytes: &[u8], content: &mut Content) {
        loop {
            match &mut self.at {
                At::Broken(_) => return,
                At::Trailing(count) => {
                    *count += bytes.len() as u64;
                    return;
                }
                At::Body => {
                    bytes = self.body(bytes, content);
                    if matches!(self.at, At::Body) {
                        return;
                    }
                }
                At::Trailer {
                    bytes: trailer,
                    seen,
                } => {
                    let Some((first, rest)) = bytes.split_first() else {
                        return;
                    };
                    if let Some(place) = trailer.get_mut(*seen) {
                        *place = *first;
                    }
                    *seen += 1;
                    bytes = rest;
                    if *seen == trailer.len() {
                        let trailer = *trailer;
                        self.check(trailer);
                    }
                }
                At::Start { .. }
                | At::ExtraLength { .. }
                | At::Extra { .. }
                | At::Name { .. }
                | At::Comment { .. }
                | At::HeaderChecksum { .. } => {
                    let Some((first, rest)) = bytes.split_first() else {
                        return;
                    };
                    self.header(*first);
                    bytes = rest;
                }
            }
        }
    }

    pub(super) fn finish(&self) -> End {
        match self.at {
            At::Start { seen: 0, .. } => End::Clean,
            // Two bytes at most that look like another member's beginning.
            At::Start { seen, .. } if self.members > 0 && seen < 3 => End::Trailing(seen.into()),
            At::Trailing(count) => End::Trailing(count),
            At::Broken(why) => End::Broken(why),
            At::Start { .. }
            | At::ExtraLength { .. }
            | At::Extra { .. }
            | At::Name { .. }
            | At::Comment { .. }
            | At::HeaderChecksum { .. }
            | At::Body
            | At::Trailer { .. } => End::Broken(EARLY),
        }
    }

    /// Takes one byte of a member's header.
    fn header(&mut self, byte: u8) {
        let before = self.crc;
        self.crc = crc32(self.crc, &[byte]);
        self.at = match self.at {
            At::Start { seen, flags } => self.start(seen, flags, byte),
            At::ExtraLength { flags, low: None } => At::ExtraLength {
                flags,
                low: Some(byte),
            },
            At::ExtraLength {
                flags,
                low: Some(low),
            } => match u16::from_le_bytes([low, byte]) {
                0 => after_extra(flags),
                left => At::Extra { flags, left },
            },
            At::Extra { flags, left: 1 } => after_extra(flags),
            At::Extra { flags, left } => At::Extra {
                flags,
                left: left - 1,
            },
            At::Name { flags } if byte == 0 => after_name(flags),
            At::Comment { flags } if byte == 0 => after_comment(flags),
            At::HeaderChecksum { low: None } => {
                // The checksum is of what stands before it.
                self.crc = before;
                At::HeaderChecksum { low: Some(byte) }
            }
            At::HeaderChecksum { low: Some(low) } => {
                let [first, second, ..] = before.to_le_bytes();
                if [first, second] == [low, byte] {
                    At::Body
                } else {
                    At::Broken("the checksum of a gzip header is wrong")
                }
            }
            At::Name { flags } => At::Name { flags },
            At::Comment { flags } => At::Comment { flags },
            At::Body | At::Trailer { .. } | At::Trailing(_) | At::Broken(_) => return,
        };
        if matches!(self.at, At::Body) {
            self.crc = 0;
            self.length = 0;
            self.inflate.reset(false);
        }
    }

    fn start(&self, seen: u8, flags: u8, byte: u8) -> At {
        let is_right = match seen {
            0 => byte == 0x1f,
            1 => byte == 0x8b,
            2 => byte == 8,
            _ => true,
        };
        match seen {
            _ if !is_right && self.members > 0 => At::Trailing(u64::from(seen) + 1),
            _ if !is_right => At::Broken("it has no gzip header"),
            3 if byte & RESERVED != 0 => At::Broken("a gzip header has flags that do not exist"),
            3 => At::Start {
                seen: 4,
                flags: byte,
            },
            9 if flags & EXTRA != 0 => At::ExtraLength { flags, low: None },
            9 => after_extra(flags),
            _ => At::Start {
                seen: seen + 1,
                flags,
            },
        }
    }

    /// Inflates as far as the bytes go; what is left belongs to the trailer.
    fn body<'a>(&mut self, mut bytes: &'a [u8], content: &mut Content) -> &'a [u8] {
        loop {
            let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
            let result = self
                .inflate
                .decompress(bytes, &mut self.piece, InflateFlush::NoFlush);
            let read = distance(read, self.inflate.total_in());
            let written = distance(written, self.inflate.total_out());
            let piece = self.piece.get(..written).unwrap_or_default();
            self.crc = crc32(self.crc, piece);
            self.length += written as u64;
            content.write(piece);
            bytes = bytes.get(read..).unwrap_or_default();
            match result {
                Ok(Status::StreamEnd) => {
                    self.at = At::Trailer {
                        bytes: [0; 8],
                        seen: 0,
                    };
                    return bytes;
                }
                Ok(Status::Ok | Status::BufError) if read == 0 && written == 0 => {
                    if !bytes.is_empty() {
                        self.at = At::Broken("the gzip data cannot be inflated");
                    }
                    return &[];
                }
                Ok(Status::Ok | Status::BufError) => {}
                Err(_) => {
                    self.at = At::Broken("the gzip data cannot be inflated");
                    return bytes;
                }
            }
        }
    }

    fn check(&mut self, trailer: [u8; 8]) {
        let [a, b, c, d, length @ ..] = trailer;
        let length_low = self.length & u64::from(u32::MAX);
        self.at = if u32::from_le_bytes([a, b, c, d]) != self.crc {
            At::Broken("the checksum (CRC-32) of the gzip data is wrong")
        } else if u64::from(u32::from_le_bytes(length)) != length_low {
            At::Broken("the length in the gzip trailer is wrong")
        } else {
            self.members += 1;
            self.crc = 0;
            At::Start { seen: 0, flags: 0 }
        };
    }
}

fn after_extra(flags: u8) -> At {
    match flags & NAME {
        0 => after_name(flags),
        _ => At::Name { flags },
    }
}

fn after_name(flags: u8) -> At {
    match flags & COMMENT {
        0 => after_comment(flags),
        _ => At::Comment { flags },
    }
}

fn after_comment(flags: u8) -> At {
    match flags & HEADER_CHECKSUM {
        0 => At::Body,
        _ => At::HeaderChecksum { low: None },
    }
}

fn distance(before: u64, after: u64) -> usize {
    usize::try_from(after.saturating_sub(before)).unwrap_or(usize::MAX)
}
