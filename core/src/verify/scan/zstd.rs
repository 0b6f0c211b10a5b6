//! Unpacks zstd as it comes: any number of frames, skippable ones among them, with their checksums.
//!
//! Source: RFC 8878. Blocks are gathered whole, which bounds them to 128 KiB, before the decoder
//! sees them. A frame may demand a window of any size; above [`MAX_WINDOW`] it is not unpacked.

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::End;
use super::content::Content;

/// zstd's own levels up to 19 need 8 MiB and BuildKit never more; this leaves room and still keeps
/// memory flat.
const MAX_WINDOW: u64 = 32 * 1024 * 1024;

/// Largest block, packed and unpacked.
const MAX_BLOCK: usize = 128 * 1024;

/// Unpacked bytes are handed on in pieces of this size.
const PIECE: usize = 64 * 1024;

const BROKEN: &str = "the zstd data cannot be unpacked";
const EARLY: &str = "the zstd data ends early";

pub(super) struct Unzstd {
    decoder: FrameDecoder,
    /// The part of the frame that is being gathered.
    part: Vec<u8>,
    /// How long it will be.
    wanted: usize,
    at: At,
    frame: Frame,
    frames: u64,
    piece: Vec<u8>,
}

/// What is being gathered.
enum At {
    Magic,
    SkippableLength,
    Skippable {
        left: u64,
    },
    Descriptor,
    Header,
    BlockHeader,
    Block {
        is_last: bool,
    },
    /// Behind the last frame.
    Trailing(u64),
    Ended(Cause),
}

enum Cause {
    Broken(&'static str),
    Refused(String),
}

/// What a frame's header promises.
#[derive(Default)]
struct Frame {
    content_size: Option<u64>,
    has_checksum: bool,
    written: u64,
}

impl Default for Unzstd {
    fn default() -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW);
        Self {
            decoder,
            part: Vec::new(),
            wanted: 4,
            at: At::Magic,
            frame: Frame::default(),
            frames: 0,
            piece: vec![0; PIECE],
        }
    }
}

impl Unzstd {
    pub(super) fn write(&mut self, mut bytes: &[u8], content: &mut Content) {
        loop {
            match &mut self.at {
                At::Ended(_) => return,
                At::Trailing(count) => {
                    *count += bytes.len() as u64;
                    return;
                }
                At::Skippable { left } => {
                    let skipped = usize::try_from(*left)
                        .unwrap_or(usize::MAX)
                        .min(bytes.len());
                    *left -= skipped as u64;
                    bytes = bytes.get(skipped..).unwrap_or_default();
                    if *left > 0 {
                        return;
                    }
                    self.gather(At::Magic, 4);
                }
                At::Magic
                | At::SkippableLength
                | At::Descriptor
                | At::Header
                | At::BlockHeader
                | At::Block { .. } => {
                    let missing = self.wanted.saturating_sub(self.part.len());
                    let (now, rest) = bytes.split_at(missing.min(bytes.len()));
                    self.part.extend_from_slice(now);
                    bytes = rest;
                    if self.part.len() < self.wanted {
                        return;
                    }
                    self.take(content);
                }
            }
        }
    }

    pub(super) fn finish(self) -> End {
        match self.at {
            At::Magic if self.part.is_empty() => End::Clean,
            At::Magic if self.frames > 0 => End::Trailing(self.part.len() as u64),
            At::Trailing(count) => End::Trailing(count),
            At::Ended(Cause::Broken(why)) => End::Broken(why),
            At::Ended(Cause::Refused(why)) => End::Refused(why),
            At::Magic
            | At::SkippableLength
            | At::Skippable { .. }
            | At::Descriptor
            | At::Header
            | At::BlockHeader
            | At::Block { .. } => End::Broken(EARLY),
        }
    }

    /// Gathers `wanted` bytes next, from nothing.
    fn gather(&mut self, at: At, wanted: usize) {
        self.part.clear();
        self.extend(at, wanted);
    }

    /// Goes on gathering what was begun.
    fn extend(&mut self, at: At, wanted: usize) {
        self.at = at;
        self.wanted = wanted;
    }

    fn broken(&mut self, why: &'static str) {
        self.at = At::Ended(Cause::Broken(why));
    }

    /// Takes a part that is whole.
    fn take(&mut self, content: &mut Content) {
        match (&self.at, self.part.as_slice()) {
            (At::Magic, [0x28, 0xb5, 0x2f, 0xfd]) => self.extend(At::Descriptor, 5),
            (At::Magic, [0x50..=0x5f, 0x2a, 0x4d, 0x18]) => self.extend(At::SkippableLength, 8),
            (At::Magic, part) if self.frames > 0 => self.at = At::Trailing(part.len() as u64),
            (At::SkippableLength, [_, _, _, _, length @ ..]) => {
                let length = little_endian(length);
                self.frames += 1;
                self.gather(At::Skippable { left: length }, 0);
            }
            (At::Descriptor, [.., descriptor]) => {
                let wanted = 5 + fields_length(*descriptor);
                self.extend(At::Header, wanted);
            }
            (At::Header, _) => self.header(),
            (At::BlockHeader, [a, b, c]) => {
                let header = little_endian(&[*a, *b, *c]);
                self.block_header(header);
            }
            (At::Block { is_last }, _) => {
                let is_last = *is_last;
                self.block(is_last, content);
            }
            _ => self.broken(BROKEN),
        }
    }

    fn header(&mut self) {
        let Some(header) = Header::read(&self.part) else {
            return self.broken(BROKEN);
        };
        if header.dictionary != 0 {
            return self.broken("the zstd data needs a dictionary, which no client has");
        }
        if header.window > MAX_WINDOW {
            let mebibytes = header.window.div_ceil(1024 * 1024);
            self.at = At::Ended(Cause::Refused(format!(
                "unpacking its zstd data takes a window of {mebibytes} MiB; polyarch uses {} at \
                 most",
                MAX_WINDOW / 1024 / 1024
            )));
            return;
        }
        if self.decoder.reset(self.part.as_slice()).is_err() {
            return self.broken(BROKEN);
        }
        self.frame = Frame {
            content_size: header.content_size,
            has_checksum: header.has_checksum,
            written: 0,
        };
        self.gather(At::BlockHeader, 3);
    }

    fn block_header(&mut self, header: u64) {
        let is_last = header & 1 == 1;
        let size = usize::try_from(header >> 3).unwrap_or(usize::MAX);
        let packed = match header >> 1 & 3 {
            // A single byte, repeated.
            1 => 1,
            3 => return self.broken(BROKEN),
            _ => size,
        };
        if size > MAX_BLOCK {
            return self.broken(BROKEN);
        }
        let checksum = if is_last && self.frame.has_checksum {
            4
        } else {
            0
        };
        self.extend(At::Block { is_last }, 3 + packed + checksum);
    }

    fn block(&mut self, is_last: bool, content: &mut Content) {
        let strategy = BlockDecodingStrategy::UptoBlocks(1);
        if self
            .decoder
            .decode_blocks(self.part.as_slice(), strategy)
            .is_err()
        {
            return self.broken(BROKEN);
        }
        while self.decoder.can_collect() > 0 {
            // With no source this only takes what is unpacked.
            let Ok((_, written)) = self.decoder.decode_from_to(&[], &mut self.piece) else {
                return self.broken(BROKEN);
            };
            if written == 0 {
                break;
            }
            self.frame.written += written as u64;
            content.write(self.piece.get(..written).unwrap_or_default());
        }
        if !is_last {
            return self.gather(At::BlockHeader, 3);
        }
        let checksums = (
            self.decoder.get_checksum_from_data(),
            self.decoder.get_calculated_checksum(),
        );
        if self.frame.has_checksum && checksums.0 != checksums.1 {
            return self.broken("the checksum of the zstd data is wrong");
        }
        if self
            .frame
            .content_size
            .is_some_and(|size| size != self.frame.written)
        {
            return self.broken("the length in the zstd header is wrong");
        }
        self.frames += 1;
        self.gather(At::Magic, 4);
    }
}

/// The fields of a frame's header that matter here.
struct Header {
    window: u64,
    dictionary: u64,
    content_size: Option<u64>,
    has_checksum: bool,
}

impl Header {
    /// `None` for headers with reserved bits.
    fn read(bytes: &[u8]) -> Option<Self> {
        let descriptor = *bytes.get(4)?;
        if descriptor & 0b1000 != 0 {
            return None;
        }
        let is_single = is_single_segment(descriptor);
        let (window, rest) = if is_single {
            (0, bytes.get(5..)?)
        } else {
            (window(*bytes.get(5)?), bytes.get(6..)?)
        };
        let (dictionary, size) = rest.split_at_checked(dictionary_length(descriptor))?;
        let content_size = match size.len() {
            0 => None,
            2 => Some(little_endian(size) + 256),
            _ => Some(little_endian(size)),
        };
        Some(Self {
            window: if is_single {
                content_size.unwrap_or(0)
            } else {
                window
            },
            dictionary: little_endian(dictionary),
            content_size,
            has_checksum: descriptor & 0b100 != 0,
        })
    }
}

/// Length of everything between the descriptor and the first block.
fn fields_length(descriptor: u8) -> usize {
    let window = usize::from(!is_single_segment(descriptor));
    let content_size = match descriptor >> 6 {
        0 => usize::from(is_single_segment(descriptor)),
        1 => 2,
        2 => 4,
        _ => 8,
    };
    window + dictionary_length(descriptor) + content_size
}

fn is_single_segment(descriptor: u8) -> bool {
    descriptor & 0b10_0000 != 0
}

fn dictionary_length(descriptor: u8) -> usize {
    match descriptor & 3 {
        3 => 4,
        length => length.into(),
    }
}

fn window(descriptor: u8) -> u64 {
    let base = 1_u64 << (10 + (descriptor >> 3));
    base + base / 8 * u64::from(descriptor & 7)
}

fn little_endian(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |value, byte| value << 8 | u64::from(*byte))
}
