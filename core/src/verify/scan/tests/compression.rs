//! gzip and zstd: whole, in parts, damaged.

use zlib_rs::crc32::crc32;

use super::make::{Tar, elf, gzip, length, member};
use super::{programs, scan, scan_in_pieces};
use crate::digest::Digest;
use crate::verify::LayerFacts;

fn tar() -> Vec<u8> {
    let mut tar = Tar::default();
    tar.file("bin/x", &elf("arm64"));
    tar.file("data", &vec![42; 300_000]);
    tar.finish()
}

fn is_whole(facts: &LayerFacts, compression: &str) {
    assert_eq!(facts.damage, None);
    assert_eq!(facts.unexamined, None);
    assert_eq!(facts.compression, Some(compression));
    assert_eq!(facts.diff_id, Some(Digest::sha256(&tar())));
    assert_eq!(programs(facts), ["/bin/x linux/arm64"]);
}

/// `(damage, whether it was unpacked)`.
fn damage(bytes: &[u8]) -> (String, bool) {
    let facts = scan(bytes);
    (facts.damage.unwrap_or_default(), facts.diff_id.is_some())
}

#[test]
fn several_gzip_members_are_one_stream() {
    let tar = tar();
    let (first, second) = tar.split_at(100_000);
    let packed = [gzip(first), gzip(b""), gzip(second)].concat();
    is_whole(&scan(&packed), "gzip");
    for length in [1, 7, 1000] {
        is_whole(&scan_in_pieces(&packed, length), "gzip");
    }
}

#[test]
fn gzip_headers_may_have_everything() {
    let mut header = b"\x1f\x8b\x08\x1e\0\0\0\0\0\xff\x05\0extra".to_vec();
    header.extend(b"a name\0a comment\0");
    let checksum = crc32(0, &header);
    header.extend(&checksum.to_le_bytes()[..2]);
    is_whole(&scan(&member(&header, &tar())), "gzip");
    is_whole(&scan_in_pieces(&member(&header, &tar()), 1), "gzip");
    let length = header.len();
    header[length - 1] ^= 1;
    assert_eq!(
        damage(&member(&header, &tar())),
        ("the checksum of a gzip header is wrong".to_owned(), false)
    );
    let empty_extra = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\0\0";
    is_whole(&scan(&member(empty_extra, &tar())), "gzip");
}

#[test]
fn damaged_gzip_is_told_apart() {
    let packed = gzip(&tar());
    let length = packed.len();
    let flipped = |at: usize| {
        let mut packed = packed.clone();
        packed[at] ^= 0x10;
        packed
    };
    let with = |behind: &[u8]| [&packed, behind].concat();
    let is_early = "the gzip data ends early";
    for (name, bytes, expected, is_unpacked) in [
        (
            "checksum",
            flipped(length - 8),
            "the checksum (CRC-32) of the gzip data is wrong",
            false,
        ),
        (
            "length",
            flipped(length - 1),
            "the length in the gzip trailer is wrong",
            false,
        ),
        (
            "cut in the trailer",
            packed[..length - 1].to_vec(),
            is_early,
            false,
        ),
        ("no trailer", packed[..length - 8].to_vec(), is_early, false),
        ("half", packed[..length / 2].to_vec(), is_early, false),
        ("header", packed[..10].to_vec(), is_early, false),
        ("magic", packed[..3].to_vec(), is_early, false),
        (
            "cut second",
            [&packed[..], &packed[..15]].concat(),
            is_early,
            false,
        ),
        (
            "zeros",
            with(&[0; 1000]),
            "1000 bytes stand behind the end of the gzip data",
            true,
        ),
        (
            "a byte",
            with(b"\x1f"),
            "1 bytes stand behind the end of the gzip data",
            true,
        ),
        (
            "almost",
            with(b"\x1f\x8b\x07"),
            "3 bytes stand behind the end of the gzip data",
            true,
        ),
        (
            "text",
            with(b"tail"),
            "4 bytes stand behind the end of the gzip data",
            true,
        ),
    ] {
        let (damage, unpacked) = damage(&bytes);
        assert_eq!(
            (damage.as_str(), unpacked),
            (expected, is_unpacked),
            "{name}"
        );
    }
    let reserved = member(b"\x1f\x8b\x08\xe0\0\0\0\0\0\xff", &tar());
    assert_eq!(
        damage(&reserved).0,
        "a gzip header has flags that do not exist"
    );
    let mut broken = packed[..10].to_vec();
    broken.extend([0xff; 100]);
    assert_eq!(damage(&broken).0, "the gzip data cannot be inflated");
}

#[test]
fn what_is_neither_is_said() {
    let nothing = "it is neither gzip nor zstd nor a tar archive";
    for bytes in [
        &b"{\"not\":\"a layer\"}"[..],
        &[0; 100],
        &[b'x'; 2000],
        b"\x1f\x8b",
    ] {
        assert_eq!(damage(bytes), (nothing.to_owned(), false));
    }
    let xz = scan(b"\xfd7zXZ\0\0\x04rest");
    assert_eq!(xz.damage, None);
    assert!(xz.unexamined.unwrap().contains("xz"));
    let empty = scan(b"");
    assert_eq!((empty.damage, empty.compression), (None, None));
    assert_eq!(empty.diff_id, Some(Digest::sha256(b"")));
}

#[test]
fn a_bomb_takes_no_memory_that_matters() {
    // A mebibyte of zeros a member, 16 times; scanned as it is unpacked.
    let member = gzip(&vec![0; 1 << 20]);
    let packed: Vec<u8> = member.repeat(16);
    let facts = scan(&packed);
    assert_eq!(facts.damage, None);
    assert!(facts.diff_id.is_some());
}

/// A frame of raw blocks by hand: descriptor's flags, window or size, blocks, checksum.
fn frame(fields: &[u8], blocks: &[&[u8]], end: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x28, 0xb5, 0x2f, 0xfd];
    bytes.extend(fields);
    for (at, block) in blocks.iter().enumerate() {
        let is_last = u32::from(at + 1 == blocks.len());
        let header = length(block) << 3 | is_last;
        bytes.extend(&header.to_le_bytes()[..3]);
        bytes.extend(*block);
    }
    bytes.extend(end);
    bytes
}

/// With a window of 1 MiB and neither size nor checksum.
const PLAIN: &[u8] = &[0, 10 << 3];

fn blocks(tar: &[u8]) -> Vec<&[u8]> {
    tar.chunks(100_000).collect()
}

#[test]
fn zstd_frames_and_skippable_ones_are_one_stream() {
    let tar = tar();
    let (first, second) = tar.split_at(150_000);
    let skippable = [&[0x5e, 0x2a, 0x4d, 0x18, 5, 0, 0, 0][..], b"aside"].concat();
    let none = [0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0];
    let packed = [
        skippable.clone(),
        frame(PLAIN, &blocks(first), b""),
        none.to_vec(),
        skippable.clone(),
        frame(PLAIN, &blocks(second), b""),
        skippable,
    ]
    .concat();
    is_whole(&scan(&packed), "zstd");
    for length in [1, 13, 4096] {
        is_whole(&scan_in_pieces(&packed, length), "zstd");
    }
    let library = ruzstd::encoding::compress_to_vec(
        tar.as_slice(),
        ruzstd::encoding::CompressionLevel::Fastest,
    );
    is_whole(&scan(&library), "zstd");
}

#[test]
fn zstd_promises_are_checked() {
    let tar = tar();
    let blocks = blocks(&tar);
    let size = length(&tar).to_le_bytes();
    let wrong = (length(&tar) + 1).to_le_bytes();
    // A segment of a given size, without and with checksum; XXH64 of the content, lower half.
    let sized = |flags: u8, size: [u8; 4]| [&[0b1010_0000 | flags][..], &size].concat();
    is_whole(&scan(&frame(&sized(0, size), &blocks, b"")), "zstd");
    let library = ruzstd::encoding::compress_to_vec(
        tar.as_slice(),
        ruzstd::encoding::CompressionLevel::Fastest,
    );
    let checksum = &library[library.len() - 4..];
    is_whole(&scan(&frame(&sized(4, size), &blocks, checksum)), "zstd");
    for (name, bytes, expected) in [
        (
            "checksum",
            frame(&sized(4, size), &blocks, b"nope"),
            "the checksum of the zstd data is wrong",
        ),
        (
            "size",
            frame(&sized(0, wrong), &blocks, b""),
            "the length in the zstd header is wrong",
        ),
        (
            "dictionary",
            frame(&[1, 10 << 3, 7], &blocks, b""),
            "the zstd data needs a dictionary, which no client has",
        ),
        (
            "reserved bit",
            frame(&[8, 10 << 3], &blocks, b""),
            "the zstd data cannot be unpacked",
        ),
        (
            "reserved block",
            frame(PLAIN, &[], &[7, 0, 0]),
            "the zstd data cannot be unpacked",
        ),
        (
            "long block",
            frame(PLAIN, &[&vec![0; 140_000]], b""),
            "the zstd data cannot be unpacked",
        ),
        (
            "early",
            frame(PLAIN, &blocks, b"")[..200_000].to_vec(),
            "the zstd data ends early",
        ),
        (
            "early in a skippable frame",
            [
                frame(PLAIN, &blocks, b""),
                vec![0x50, 0x2a, 0x4d, 0x18, 9, 0, 0, 0, 1],
            ]
            .concat(),
            "the zstd data ends early",
        ),
    ] {
        assert_eq!(damage(&bytes), (expected.to_owned(), false), "{name}");
    }
    let trailing = [frame(PLAIN, &blocks, b""), vec![1; 33]].concat();
    let behind = "33 bytes stand behind the end of the zstd data";
    assert_eq!(damage(&trailing), (behind.to_owned(), true));
    let trailing = [frame(PLAIN, &blocks, b""), vec![1; 3]].concat();
    let behind = "3 bytes stand behind the end of the zstd data";
    assert_eq!(damage(&trailing), (behind.to_owned(), true));
}

#[test]
fn a_window_that_takes_too_much_memory_is_not_unpacked_and_not_wrong() {
    for (descriptor, is_refused) in [(15 << 3, false), (15 << 3 | 1, true), (31 << 3 | 7, true)] {
        let tar = tar();
        let facts = scan(&frame(&[0, descriptor], &blocks(&tar), b""));
        assert_eq!(facts.damage, None);
        assert_eq!(facts.unexamined.is_some(), is_refused, "{descriptor}");
        assert_eq!(facts.diff_id.is_none(), is_refused, "{descriptor}");
    }
}
