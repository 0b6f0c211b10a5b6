//! Walks a tar archive as it streams by: entries with their paths, and the beginnings of files.
//!
//! It reads what Go's `archive/tar` reads (ustar, pax, GNU, the old form), because containerd,
//! Docker and podman unpack layers with that, and calls broken what makes that stop. Nothing is
//! extracted. Sources: POSIX `pax`, GNU tar manual "Basic Tar Format".

mod header;
mod path;
mod pax;
mod sparse;

use self::header::{Header, Kind};
use self::pax::Extended;
use self::sparse::SparseMap;
use super::contents::Contents;
use super::program::Probe;

pub(super) use self::header::BLOCK;

/// Longest extended header or long name, Go's own limit.
const MAX_SPECIAL: u64 = 1024 * 1024;

/// Whether the first block of a file is one of a tar, or the zeros that end one.
pub(super) fn may_begin_with(start: &[u8]) -> bool {
    let Ok(block) = <&[u8; BLOCK]>::try_from(start) else {
        return false;
    };
    block.iter().all(|byte| *byte == 0) || Header::has_right_checksum(block)
}

/// Takes the archive as it comes.
pub(super) struct Walker {
    at: At,
    block: [u8; BLOCK],
    filled: usize,
    extended: Extended,
    contents: Contents,
    damage: Option<String>,
    entries: u64,
}

/// What the next byte belongs to.
enum At {
    Header,
    /// A further block of GNU's old sparse map.
    MapBlock(Box<File>),
    Content {
        left: u64,
        padding: usize,
        of: Of,
    },
    Padding(usize),
    /// Behind the first of the two blocks that end the archive.
    FirstZero,
    /// Behind the end, or behind something that cannot be read.
    Ended,
}

/// What content is for.
enum Of {
    Nothing,
    File(Box<File>),
    Pax(Vec<u8>),
    LongName(Vec<u8>),
    LongLink(Vec<u8>),
}

/// A regular file under way.
struct File {
    path: String,
    size: u64,
    probe: Probe,
    map: Option<SparseMap>,
}

impl Default for Walker {
    fn default() -> Self {
        Self {
            at: At::Header,
            block: [0; BLOCK],
            filled: 0,
            extended: Extended::default(),
            contents: Contents::default(),
            damage: None,
            entries: 0,
        }
    }
}

impl Walker {
    pub(super) fn write(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            match &mut self.at {
                At::Ended => return,
                At::Header | At::MapBlock(_) | At::FirstZero => {
                    bytes = self.fill(bytes);
                    if self.filled == BLOCK {
                        self.filled = 0;
                        self.take_block();
                    }
                }
                At::Content { left, padding, of } => {
                    let length = usize::try_from(*left)
                        .unwrap_or(usize::MAX)
                        .min(bytes.len());
                    let (now, rest) = bytes.split_at(length);
                    of.take(now);
                    *left -= length as u64;
                    bytes = rest;
                    if *left == 0 {
                        let padding = *padding;
                        let of = std::mem::replace(of, Of::Nothing);
                        self.at = padded(padding);
                        self.end_content(of);
                    }
                }
                At::Padding(left) => {
                    let length = (*left).min(bytes.len());
                    *left -= length;
                    bytes = bytes.get(length..).unwrap_or_default();
                    if *left == 0 {
                        self.at = At::Header;
                    }
                }
            }
        }
    }

    /// What the archive holds, and what is wrong with it. Where the bytes are not whole anyway,
    /// that they stop in the middle is no news.
    pub(super) fn finish(mut self, is_whole: bool) -> (Contents, Option<String>) {
        let is_cut = match self.at {
            At::Header => self.filled > 0,
            At::MapBlock(_) | At::Content { .. } => true,
            At::FirstZero | At::Padding(_) | At::Ended => false,
        };
        if is_cut && is_whole {
            self.broken("it ends in the middle of an entry");
        }
        (self.contents, self.damage)
    }

    fn fill<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let length = (BLOCK - self.filled).min(bytes.len());
        let (now, rest) = bytes.split_at(length);
        if let Some(place) = self.block.get_mut(self.filled..self.filled + length) {
            place.copy_from_slice(now);
        }
        self.filled += length;
        rest
    }

    fn broken(&mut self, why: &str) {
        self.at = At::Ended;
        if self.damage.is_none() {
            let entries = self.entries;
            self.damage = Some(format!(
                "the tar archive in it is broken behind entry {entries}: {why}"
            ));
        }
    }

    fn take_block(&mut self) {
        let is_zero = self.block.iter().all(|byte| *byte == 0);
        match std::mem::replace(&mut self.at, At::Header) {
            At::MapBlock(file) => self.map_block(file),
            At::FirstZero if is_zero => self.at = At::Ended,
            At::FirstZero => self.broken("something stands behind a block of zeros"),
            _ if is_zero => self.at = At::FirstZero,
            _ => match Header::read(&self.block) {
                Ok(header) => self.entry(&header),
                Err(why) => self.broken(why),
            },
        }
    }

    fn entry(&mut self, header: &Header) {
        let special = match header.kind {
            Kind::Pax => Some(Of::Pax(Vec::new())),
            Kind::GlobalPax => Some(Of::Nothing),
            Kind::LongName => Some(Of::LongName(Vec::new())),
            Kind::LongLink => Some(Of::LongLink(Vec::new())),
            _ => None,
        };
        if let Some(of) = special {
            if header.size > MAX_SPECIAL {
                return self.broken("an extended header is longer than any reader takes");
            }
            return self.start_content(header.size, of);
        }
        self.entries += 1;
        let extended = std::mem::take(&mut self.extended);
        let size = extended.size.unwrap_or(header.size);
        let name = extended.path().unwrap_or(&header.path);
        let Some(path) = path::clean(name) else {
            return self.broken("a path is longer than any system takes");
        };
        let is_folder = header.is_old && name.ends_with(b"/");
        match header.kind {
            Kind::Directory => {
                self.contents.directory(&path);
                self.at = At::Header;
            }
            Kind::HardLink => {
                let target = extended.link.as_deref().unwrap_or(&header.link);
                match path::clean(target) {
                    Some(target) => self.contents.hard_link(path, &target),
                    None => return self.broken("a path is longer than any system takes"),
                }
                self.at = At::Header;
            }
            Kind::Other { has_content } => {
                self.contents.other(&path);
                let size = if has_content { size } else { 0 };
                self.start_content(size, Of::Nothing);
            }
            Kind::File if is_folder => {
                self.contents.directory(&path);
                self.start_content(size, Of::Nothing);
            }
            Kind::File | Kind::GnuSparse => {
                let map = match header.kind {
                    Kind::GnuSparse => Some(SparseMap::of_header(&self.block)),
                    _ => extended.has_sparse_map.then(SparseMap::in_content),
                };
                let is_open = map.as_ref().is_some_and(SparseMap::goes_on);
                let file = Box::new(File {
                    path,
                    size,
                    probe: Probe::default(),
                    map,
                });
                if is_open {
                    self.at = At::MapBlock(file);
                } else {
                    self.start_content(size, Of::File(file));
                }
            }
            Kind::Pax | Kind::GlobalPax | Kind::LongName | Kind::LongLink => {}
        }
    }

    fn map_block(&mut self, mut file: Box<File>) {
        let map = file.map.as_mut();
        if map.is_some_and(|map| map.take_block(&self.block)) {
            self.at = At::MapBlock(file);
        } else {
            let size = file.size;
            self.start_content(size, Of::File(file));
        }
    }

    fn start_content(&mut self, size: u64, of: Of) {
        if size == 0 {
            self.at = At::Header;
            return self.end_content(of);
        }
        let used = usize::try_from(size % BLOCK as u64).unwrap_or(0);
        let padding = (BLOCK - used) % BLOCK;
        self.at = At::Content {
            left: size,
            padding,
            of,
        };
    }

    fn end_content(&mut self, of: Of) {
        match of {
            Of::Nothing => {}
            Of::File(file) => self.contents.file(file.path, file.probe.finish()),
            Of::LongName(name) => self.extended.long_name = Some(header::text(&name).to_vec()),
            Of::LongLink(name) => self.extended.link = Some(header::text(&name).to_vec()),
            Of::Pax(records) => {
                if !self.extended.read(&records) {
                    self.broken("an extended header cannot be read");
                }
            }
        }
    }
}

impl Of {
    fn take(&mut self, bytes: &[u8]) {
        match self {
            Self::Nothing => {}
            Self::File(file) => {
                let bytes = match &mut file.map {
                    Some(map) => map.skip(bytes),
                    None => bytes,
                };
                file.probe.write(bytes);
            }
            Self::Pax(kept) => kept.extend_from_slice(bytes),
            Self::LongName(kept) | Self::LongLink(kept) => {
                // The name ends at the first zero.
                if !kept.ends_with(&[0]) {
                    let end = bytes.iter().position(|byte| *byte == 0);
                    let end = end.map_or(bytes.len(), |end| end + 1);
                    kept.extend_from_slice(bytes.get(..end).unwrap_or_default());
                }
            }
        }
    }
}

fn padded(padding: usize) -> At {
    match padding {
        0 => At::Header,
        padding => At::Padding(padding),
    }
}
