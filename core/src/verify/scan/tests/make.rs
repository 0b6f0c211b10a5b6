//! Makes layers, the broken ones too.

use std::fmt::Write as _;

use zlib_rs::crc32::crc32;
use zlib_rs::{Deflate, DeflateFlush};

pub(super) const BLOCK: usize = 512;

/// Writes ustar entries one after the other.
#[derive(Default)]
pub(super) struct Tar(pub(super) Vec<u8>);

impl Tar {
    pub(super) fn file(&mut self, path: &str, content: &[u8]) {
        self.entry(path, b'0', "", content);
    }

    pub(super) fn directory(&mut self, path: &str) {
        self.entry(path, b'5', "", b"");
    }

    pub(super) fn hard_link(&mut self, path: &str, target: &str) {
        self.entry(path, b'1', target, b"");
    }

    pub(super) fn symbolic_link(&mut self, path: &str, target: &str) {
        self.entry(path, b'2', target, b"");
    }

    pub(super) fn entry(&mut self, path: &str, flag: u8, link: &str, content: &[u8]) {
        let mut header = header(path, flag, content.len() as u64);
        put(&mut header, 157, link.as_bytes());
        self.block(header, content);
    }

    /// A header, with its checksum made right, and content.
    pub(super) fn block(&mut self, mut header: [u8; BLOCK], content: &[u8]) {
        sum(&mut header);
        self.0.extend(header);
        self.content(content);
    }

    pub(super) fn content(&mut self, content: &[u8]) {
        self.0.extend(content);
        self.0.resize(self.0.len().next_multiple_of(BLOCK), 0);
    }

    pub(super) fn pax(&mut self, records: &[(&str, &str)]) {
        let mut text = String::new();
        for (key, value) in records {
            let rest = key.len() + value.len() + 3;
            let length = (rest..rest + 20).find(|all| all.to_string().len() + rest == *all);
            writeln!(text, "{} {key}={value}", length.unwrap()).unwrap();
        }
        self.entry("PaxHeaders/x", b'x', "", text.as_bytes());
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.0.extend([0; 2 * BLOCK]);
        self.0
    }
}

pub(super) fn header(path: &str, flag: u8, size: u64) -> [u8; BLOCK] {
    let mut header = [0; BLOCK];
    put(&mut header, 0, path.as_bytes());
    put(&mut header, 100, b"0000755\0");
    put(&mut header, 124, format!("{size:011o}\0").as_bytes());
    put(&mut header, 156, &[flag]);
    put(&mut header, 257, b"ustar\x0000");
    header
}

pub(super) fn put(block: &mut [u8], at: usize, bytes: &[u8]) {
    block[at..at + bytes.len()].copy_from_slice(bytes);
}

pub(super) fn sum(header: &mut [u8; BLOCK]) {
    put(header, 148, b"        ");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    put(header, 148, format!("{sum:06o}\0 ").as_bytes());
}

/// A member without name.
pub(super) fn gzip(content: &[u8]) -> Vec<u8> {
    member(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255], content)
}

/// A member behind a header of choice.
pub(super) fn member(header: &[u8], content: &[u8]) -> Vec<u8> {
    let mut packed = vec![0; content.len() + content.len() / 100 + 128];
    let mut deflate = Deflate::new(6, false, 15);
    deflate
        .compress(content, &mut packed, DeflateFlush::Finish)
        .unwrap();
    packed.truncate(deflate.total_out().try_into().unwrap());
    let length = length(content);
    [
        header,
        &packed,
        &crc32(0, content).to_le_bytes(),
        &length.to_le_bytes(),
    ]
    .concat()
}

/// Lengths as formats write them; no test comes near their end.
pub(super) fn length(bytes: &[u8]) -> u32 {
    bytes.len().try_into().unwrap()
}

/// A small executable's header.
pub(super) fn elf(architecture: &str) -> Vec<u8> {
    let (machine, class, order, flags) = match architecture {
        "amd64" => (62, 2, 1, 0),
        "arm64" => (183, 2, 1, 0),
        "arm" => (40, 1, 1, 0x0500_0400),
        other => panic!("{other}"),
    };
    elf_of(class, order, 2, machine, flags)
}

/// Class, byte order, type, machine and flags as in the header.
pub(super) fn elf_of(class: u8, order: u8, kind: u16, machine: u16, flags: u32) -> Vec<u8> {
    let mut bytes = vec![0; 128];
    put(&mut bytes, 0, &[0x7f, b'E', b'L', b'F', class, order, 1]);
    let half = |value: u16| match order {
        2 => value.to_be_bytes(),
        _ => value.to_le_bytes(),
    };
    put(&mut bytes, 16, &half(kind));
    put(&mut bytes, 18, &half(machine));
    let flags = match order {
        2 => flags.to_be_bytes(),
        _ => flags.to_le_bytes(),
    };
    put(&mut bytes, if class == 2 { 48 } else { 36 }, &flags);
    bytes
}
