//! One block that describes an entry.

/// Everything in a tar comes in blocks of this size.
pub(in crate::verify::scan) const BLOCK: usize = 512;

/// The fields that matter here. Owners, times and modes are nobody's business.
pub(super) struct Header {
    pub(super) kind: Kind,
    pub(super) path: Vec<u8>,
    pub(super) link: Vec<u8>,
    /// Bytes of content behind the header.
    pub(super) size: u64,
    /// Whether it has the flag of the oldest form, in which a slash at the end makes a directory.
    pub(super) is_old: bool,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    GnuSparse,
    Directory,
    HardLink,
    /// Symbolic links, devices, pipes, and types that nobody knows.
    Other {
        has_content: bool,
    },
    Pax,
    GlobalPax,
    LongName,
    LongLink,
}

impl Header {
    /// Reads a block that is not all zeros, or says why it is no header.
    pub(super) fn read(block: &[u8; BLOCK]) -> Result<Self, &'static str> {
        if !Self::has_right_checksum(block) {
            return Err("a header has a wrong checksum");
        }
        let size = number(field(block, 124, 12)).ok_or("a size is no number")?;
        let magic = field(block, 257, 8);
        let is_posix = magic.starts_with(b"ustar\0");
        let is_star = is_posix && field(block, 508, 4) == b"tar\0";
        let prefix = match (is_posix, is_star) {
            (true, true) => text(field(block, 345, 131)),
            (true, false) => text(field(block, 345, 155)),
            // GNU keeps times there.
            (false, _) => &[],
        };
        let name = text(field(block, 0, 100));
        let path = match prefix {
            [] => name.to_vec(),
            prefix => [prefix, b"/", name].concat(),
        };
        let flag = block.get(156).copied().unwrap_or(0);
        Ok(Self {
            kind: kind(flag),
            path,
            link: text(field(block, 157, 100)).to_vec(),
            size,
            is_old: flag == 0,
        })
    }

    /// Sums may be of signed or unsigned bytes; both are around.
    pub(super) fn has_right_checksum(block: &[u8; BLOCK]) -> bool {
        let Some(stored) = octal(field(block, 148, 8)) else {
            return false;
        };
        let (mut unsigned, mut signed) = (0_i64, 0_i64);
        for (at, byte) in block.iter().enumerate() {
            let byte = if (148..156).contains(&at) {
                b' '
            } else {
                *byte
            };
            unsigned += i64::from(byte);
            signed += i64::from(byte.cast_signed());
        }
        i64::try_from(stored).is_ok_and(|stored| stored == unsigned || stored == signed)
    }
}

fn kind(flag: u8) -> Kind {
    match flag {
        b'0' | 0 | b'7' => Kind::File,
        b'S' => Kind::GnuSparse,
        b'5' => Kind::Directory,
        b'1' => Kind::HardLink,
        b'2' | b'3' | b'4' | b'6' => Kind::Other { has_content: false },
        b'x' => Kind::Pax,
        b'g' => Kind::GlobalPax,
        b'L' => Kind::LongName,
        b'K' => Kind::LongLink,
        _ => Kind::Other { has_content: true },
    }
}

pub(super) fn field(block: &[u8; BLOCK], start: usize, length: usize) -> &[u8] {
    block.get(start..start + length).unwrap_or_default()
}

/// Up to the first zero.
pub(super) fn text(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// Octal digits, or GNU's binary form for what they cannot hold. Negative is no size.
pub(super) fn number(field: &[u8]) -> Option<u64> {
    match field {
        [first, ..] if first & 0xc0 == 0xc0 => None,
        [first, rest @ ..] if first & 0x80 != 0 => {
            let start = u64::from(first & 0x3f);
            let value = rest.iter().try_fold(start, |value, byte| {
                value.checked_mul(256)?.checked_add(u64::from(*byte))
            });
            value.filter(|value| i64::try_from(*value).is_ok())
        }
        field => octal(field),
    }
}

fn octal(field: &[u8]) -> Option<u64> {
    let is_blank = |byte: &u8| matches!(*byte, b' ' | 0);
    let start = field.iter().position(|byte| !is_blank(byte));
    let Some(start) = start else { return Some(0) };
    let digits = field.get(start..)?;
    let end = digits.iter().position(is_blank).unwrap_or(digits.len());
    digits.get(..end)?.iter().try_fold(0_u64, |value, byte| {
        let digit = u64::from(byte.checked_sub(b'0')?);
        (digit < 8).then_some(value.checked_mul(8)? + digit)
    })
}
