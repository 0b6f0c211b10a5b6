//! Layer archives: ustar, gzip and zstd, written the same way every time.
//!
//! Times, owners and order are fixed, so that a demo image has one digest. The zstd frames hold
//! raw blocks: they are valid, and nothing here needs them small.

use miniz_oxide::deflate::compress_to_vec;

/// Modification time of every file, 2026-01-02T03:04:05Z.
const MTIME: u64 = 1_767_323_045;
const BLOCK: usize = 512;

/// A tar archive under construction.
#[derive(Debug, Default)]
pub(super) struct Tar {
    bytes: Vec<u8>,
}

impl Tar {
    /// Adds a directory; `path` has no slash at either end.
    pub(super) fn directory(&mut self, path: &str) {
        self.header(&format!("{path}/"), b'5', 0o755, 0);
    }

    /// Adds a regular file.
    pub(super) fn file(&mut self, path: &str, mode: u32, content: &[u8]) {
        self.header(path, b'0', mode, content.len());
        self.bytes.extend_from_slice(content);
        self.bytes
            .resize(self.bytes.len().next_multiple_of(BLOCK), 0);
    }

    /// The archive with the two empty blocks that end it.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.bytes.resize(self.bytes.len() + 2 * BLOCK, 0);
        self.bytes
    }

    /// Writes one ustar header; paths of demo images are far below the 100 bytes of its field.
    fn header(&mut self, path: &str, kind: u8, mode: u32, size: usize) {
        let mut header = [0_u8; BLOCK];
        let mut put = |at: usize, text: &str, width: usize| {
            for (slot, byte) in header.iter_mut().skip(at).take(width).zip(text.bytes()) {
                *slot = byte;
            }
        };
        put(0, path, 100);
        put(100, &format!("{mode:07o}"), 8);
        put(108, "0000000", 8);
        put(116, "0000000", 8);
        put(124, &format!("{size:011o}"), 12);
        put(136, &format!("{MTIME:011o}"), 12);
        // The checksum is taken with blanks in its own place.
        put(148, "        ", 8);
        put(156, char::from(kind).encode_utf8(&mut [0; 4]), 1);
        put(257, "ustar\u{0}00", 8);
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        let text = format!("{sum:06o}\u{0} ");
        for (slot, byte) in header.iter_mut().skip(148).zip(text.bytes()) {
            *slot = byte;
        }
        self.bytes.extend_from_slice(&header);
    }
}

/// A gzip stream with the header that Go writes: no name, no time, operating system unknown.
pub(super) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    bytes.extend(compress_to_vec(content, 6));
    bytes.extend(crc32(content).to_le_bytes());
    bytes.extend(low_32_bits(content.len()).to_le_bytes());
    bytes
}

/// A zstd frame of raw blocks, with the content's size and without checksum.
pub(super) fn zstd(content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x28, 0xb5, 0x2f, 0xfd];
    // Single segment, four bytes of content size.
    bytes.push(0b1010_0000);
    bytes.extend(low_32_bits(content.len()).to_le_bytes());
    let blocks = content.chunks(64 * 1024);
    let last = blocks.len().saturating_sub(1);
    for (at, block) in blocks.enumerate() {
        let header = low_32_bits(block.len()) << 3 | u32::from(at == last);
        bytes.extend(header.to_le_bytes().into_iter().take(3));
        bytes.extend_from_slice(block);
    }
    bytes
}

/// Demo layers have a few kilobytes, so nothing is cut off.
fn low_32_bits(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The CRC-32 of gzip (IEEE 802.3), bit by bit; the inputs are small.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let mask = (crc & 1).wrapping_neg();
            crc = crc >> 1 ^ 0xedb8_8320 & mask;
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_standard_one() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_gzip_stream_unpacks_to_its_content() {
        let packed = gzip(b"hello hello hello");
        let body = &packed[10..packed.len() - 8];
        let content = miniz_oxide::inflate::decompress_to_vec(body).unwrap();
        assert_eq!(content, b"hello hello hello");
    }

    #[test]
    fn headers_have_a_valid_checksum_and_blocks_are_full() {
        let mut tar = Tar::default();
        tar.directory("etc");
        tar.file("etc/passwd", 0o644, b"root:x:0:0:root:/root:/bin/sh\n");
        let bytes = tar.finish();
        assert_eq!(bytes.len(), 5 * BLOCK);
        let header = &bytes[BLOCK..2 * BLOCK];
        let stored = std::str::from_utf8(&header[148..154]).unwrap();
        let stored = u32::from_str_radix(stored, 8).unwrap();
        let sum: u32 = header
            .iter()
            .enumerate()
            .map(|(at, byte)| {
                if (148..156).contains(&at) {
                    32
                } else {
                    u32::from(*byte)
                }
            })
            .sum();
        assert_eq!(stored, sum);
    }
}
