//! Which ARM architecture a 32-bit program was compiled for.
//!
//! The header's flags tell the calling convention and not the version: both Debian's armhf (v7) and
//! Raspberry Pi OS's (v6) pass floats in registers. Compilers write the version into the attributes
//! section, somewhere near the file's end; since the table that says where comes even later, the
//! section is recognised by its own beginning. The last one found counts.
//! Source: "Addenda to, and Errata in, the ABI for the Arm Architecture", build attributes.

use super::Order;

/// Name of the only vendor whose attributes are public.
const VENDOR: &[u8] = b"aeabi\0";

/// More than any compiler writes before the version.
const LONGEST: usize = 256;

const TAG_FILE: u64 = 1;
const TAG_CPU_RAW_NAME: u64 = 4;
const TAG_CPU_NAME: u64 = 5;
const TAG_CPU_ARCH: u64 = 6;

/// Watches for the attributes section.
pub(super) struct Attributes {
    order: Order,
    /// How much of [`VENDOR`] was just seen.
    matched: usize,
    /// What follows it, while it is gathered.
    section: Option<Vec<u8>>,
    variant: Option<&'static str>,
}

impl Attributes {
    pub(super) fn new(order: Order) -> Self {
        Self {
            order,
            matched: 0,
            section: None,
            variant: None,
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if let Some(section) = &mut self.section {
                section.push(*byte);
                if section.len() == LONGEST {
                    self.read();
                }
            }
            self.matched = match VENDOR.get(self.matched) {
                Some(expected) if expected == byte => self.matched + 1,
                // `aea` was seen, of which the last letter can begin anew.
                _ if self.matched == 3 && *byte == b'e' => 2,
                _ => usize::from(*byte == b'a'),
            };
            if self.matched == VENDOR.len() {
                self.read();
                self.matched = 0;
                self.section = Some(Vec::new());
            }
        }
    }

    /// `v5`, `v6`, `v7` or `v8`; `None` if the file does not say.
    pub(super) fn variant(mut self) -> Option<&'static str> {
        self.read();
        self.variant
    }

    fn read(&mut self) {
        if let Some(section) = self.section.take() {
            self.variant = version(&section, self.order).or(self.variant);
        }
    }
}

/// The version in a section that holds the attributes of the whole file.
fn version(section: &[u8], order: Order) -> Option<&'static str> {
    let (tag, rest) = number(section)?;
    let length = usize::try_from(order.word(rest, 0)?).ok()?;
    if tag != TAG_FILE || length > 64 * 1024 {
        return None;
    }
    let mut rest = rest.get(4..)?;
    loop {
        let (tag, value) = number(rest)?;
        rest = match tag {
            TAG_CPU_RAW_NAME | TAG_CPU_NAME => {
                let end = value.iter().position(|byte| *byte == 0)?;
                value.get(end + 1..)?
            }
            TAG_CPU_ARCH => {
                return match number(value)?.0 {
                    3..=5 => Some("v5"),
                    6..=9 => Some("v6"),
                    10 => Some("v7"),
                    14 | 20.. => Some("v8"),
                    // Microcontrollers' profiles, and what is older than EABI.
                    _ => None,
                };
            }
            // They come in order; the version is among the first.
            tag if tag > TAG_CPU_ARCH => return None,
            _ => number(value)?.1,
        };
    }
}

/// A number in groups of seven bits, lowest first.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (at, byte) in bytes.iter().take(9).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(at + 1..)?));
        }
    }
    None
}
