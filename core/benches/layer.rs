//! How fast a gzip layer is scanned, beside what hashing and inflating alone take on this machine.
//!
//! `cargo bench -p polyarch-core --bench layer [-- FILE]`: FILE is a layer; without, one is made up
//! that packs as an image of programs does (to about 40 %). Prints figures and judges nothing.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a benchmark measures time and prints"
)]

use std::time::{Duration, Instant};

use polyarch_core::digest::{Digest, Hasher};
use polyarch_core::oci::{Descriptor, media_type};
use polyarch_core::verify::LayerScanner;
use zlib_rs::{Deflate, DeflateFlush, Inflate, InflateFlush, Status};

/// As a driver hands them over.
const PIECE: usize = 64 * 1024;

/// Unpacked size of the made-up layer.
const SIZE: usize = 256 << 20;

fn main() {
    let file = std::env::args().skip(1).find(|arg| !arg.starts_with('-'));
    let packed = match file {
        Some(file) => std::fs::read(file).unwrap(),
        None => gzip(&tar()),
    };
    let mut facts = None;
    let scan = best(|| {
        let mut scanner = scanner(&packed);
        for piece in packed.chunks(PIECE) {
            scanner.write(piece);
        }
        facts = Some(scanner.finish());
    });
    let facts = facts.unwrap();
    let mut unpacked = 0;
    let inflating = best(|| unpacked = inflate(&packed));
    let hash = |bytes: u64| {
        let piece = vec![7; PIECE];
        best(|| {
            let mut hasher = Hasher::new("sha256").unwrap();
            for _ in 0..bytes / PIECE as u64 {
                hasher.update(&piece);
            }
            hasher.finish();
        })
    };
    let (hash_packed, hash_unpacked) = (hash(facts.size), hash(unpacked));
    let rate = |time: Duration| unpacked as f64 / 1e6 / time.as_secs_f64();
    println!(
        "{} bytes, {unpacked} unpacked; damage: {:?}",
        facts.size, facts.damage
    );
    println!("{} programs", facts.executables.len());
    println!("scan            {:7.0} MB/s of unpacked bytes", rate(scan));
    println!("inflate alone   {:7.0} MB/s", rate(inflating));
    println!("sha256 unpacked {:7.0} MB/s", rate(hash_unpacked));
    println!("sha256 packed   {:7.0} MB/s", rate(hash_packed));
    let sum = inflating + hash_packed + hash_unpacked;
    let share = sum.as_secs_f64() / scan.as_secs_f64() * 100.0;
    println!("{share:.0} % of what these three take one after the other");
}

/// The shortest of several runs: what else the machine does only makes them longer.
fn best(mut work: impl FnMut()) -> Duration {
    let times = (0..5).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed()
    });
    times.min().unwrap()
}

fn scanner(packed: &[u8]) -> LayerScanner {
    LayerScanner::new(&Descriptor {
        media_type: media_type::OCI_LAYER_GZIP.to_owned(),
        digest: Digest::sha256(b""),
        size: packed.len() as u64,
        platform: None,
        urls: Vec::new(),
        annotations: std::collections::BTreeMap::default(),
        artifact_type: None,
        data: None,
    })
}

fn inflate(packed: &[u8]) -> u64 {
    let mut inflate = Inflate::new(true, 16 + 15);
    let mut piece = vec![0; PIECE];
    let mut rest = packed;
    loop {
        let before = inflate.total_in();
        let status = inflate
            .decompress(rest, &mut piece, InflateFlush::NoFlush)
            .unwrap();
        let read = usize::try_from(inflate.total_in() - before).unwrap();
        rest = &rest[read..];
        if status == Status::StreamEnd {
            return inflate.total_out();
        }
    }
}

/// Files of all sizes: text of a few words, and bytes without pattern.
fn tar() -> Vec<u8> {
    let mut tar = Vec::with_capacity(SIZE);
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    let words: Vec<String> = (0..4096).map(|_| format!("{:x}", next() >> 36)).collect();
    let mut file = 0;
    while tar.len() < SIZE {
        file += 1;
        let length = usize::try_from(1 << (8 + next() % 14)).unwrap();
        let mut content = Vec::with_capacity(length + 64);
        while content.len() < length {
            if next() % 8 == 0 {
                content.extend(next().to_le_bytes());
            }
            let word = usize::try_from(next() % 4096).unwrap();
            content.extend(words[word].bytes());
        }
        content.truncate(length);
        let mut header = [0_u8; 512];
        let name = format!("usr/lib/files/{file}");
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..136].copy_from_slice(format!("{length:011o}\0").as_bytes());
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        tar.extend(header);
        tar.extend(content);
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    tar.resize(tar.len() + 1024, 0);
    tar
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut packed = vec![0; content.len() + (1 << 20)];
    let mut deflate = Deflate::new(6, true, 16 + 15);
    deflate
        .compress(content, &mut packed, DeflateFlush::Finish)
        .unwrap();
    packed.truncate(usize::try_from(deflate.total_out()).unwrap());
    packed
}
