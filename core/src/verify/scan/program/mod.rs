//! Recognises programs by their first bytes: executables and shared libraries, not object files,
//! not scripts, not code for a virtual machine or a graphics card.

mod arm;
mod elf;
mod macho;
mod pe;

use self::arm::Attributes;
use crate::platform::Platform;
use crate::verify::layer::{Program, ProgramFormat};

/// The headers that matter lie within this many bytes.
const HEAD: usize = 4096;

/// Watches a file go by.
#[derive(Default)]
pub(super) struct Probe {
    head: Vec<u8>,
    watch: Watch,
}

/// What a whole file is, if it is a program.
pub fn program_of(bytes: &[u8]) -> Option<Program> {
    let mut probe = Probe::default();
    probe.write(bytes);
    probe.finish()
}

/// What is still wanted of the file.
#[derive(Default)]
enum Watch {
    /// Its first bytes, up to that many.
    #[default]
    Magic,
    Head(usize),
    /// The attributes of an ARM program, which stand near its end.
    Arm(Box<Attributes>),
    Nothing,
}

impl Probe {
    pub(super) fn write(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let wanted = match &mut self.watch {
                Watch::Nothing => return,
                Watch::Arm(attributes) => return attributes.write(bytes),
                Watch::Magic => 4,
                Watch::Head(wanted) => *wanted,
            };
            let more = wanted.saturating_sub(self.head.len()).min(bytes.len());
            let (now, rest) = bytes.split_at(more);
            self.head.extend_from_slice(now);
            bytes = rest;
            if self.head.len() >= wanted {
                self.watch = self.next();
            }
        }
    }

    /// What the file is, if it is a program.
    pub(super) fn finish(self) -> Option<Program> {
        let head = self.head.as_slice();
        let (format, mut platforms) = match head {
            [0x7f, b'E', b'L', b'F', ..] => (ProgramFormat::Elf, vec![elf::platform_of(head)?]),
            [b'M', b'Z', ..] => (ProgramFormat::Pe, vec![pe::platform_of(head)?]),
            _ => (ProgramFormat::MachO, macho::platforms(head)),
        };
        if platforms.is_empty() {
            return None;
        }
        let mut platform = platforms.remove(0);
        if let Watch::Arm(attributes) = self.watch {
            let variant = attributes.variant().unwrap_or_default();
            variant.clone_into(&mut platform.variant);
        }
        Some(Program {
            format,
            platform,
            also: platforms,
        })
    }

    fn next(&self) -> Watch {
        match (&self.watch, self.head.as_slice()) {
            (Watch::Magic, [0x7f, b'E', b'L', b'F']) => Watch::Head(elf::HEADER),
            (Watch::Magic, [b'M', b'Z', ..]) => Watch::Head(HEAD),
            (Watch::Magic, start) if macho::is_magic(start) => Watch::Head(macho::HEADERS),
            (Watch::Head(_), head) => match elf::is_arm(head) {
                Some(order) => Watch::Arm(Box::new(Attributes::new(order))),
                None => Watch::Nothing,
            },
            _ => Watch::Nothing,
        }
    }
}

/// The order of bytes in a file's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn half(self, bytes: &[u8], at: usize) -> Option<u16> {
        let bytes = bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Little => u16::from_le_bytes(*bytes),
            Self::Big => u16::from_be_bytes(*bytes),
        })
    }

    fn word(self, bytes: &[u8], at: usize) -> Option<u32> {
        let bytes = bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Little => u32::from_le_bytes(*bytes),
            Self::Big => u32::from_be_bytes(*bytes),
        })
    }
}

/// As written: [`Platform::new`] would take `arm` for `arm/v7`.
fn platform(os: &str, architecture: &str) -> Platform {
    Platform {
        os: os.to_owned(),
        architecture: architecture.to_owned(),
        ..Platform::default()
    }
}
