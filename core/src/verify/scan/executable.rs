//! Which system and CPU a file is a program for, by its first bytes.
//!
//! Executables and shared libraries count: ELF `ET_EXEC` and `ET_DYN`, Mach-O, PE. Relocatable
//! objects, eBPF, EFI applications and .NET assemblies do not: no operating system runs them as
//! the CPU's own. The level of an ARM CPU is not in the first bytes, so `arm` has no variant.
//! Sources: the System V ABI's `e_machine` registry, Apple's `mach/machine.h`, Microsoft's PE
//! format.

use crate::platform::Platform;

/// How many bytes of a file decide; a PE header stands within the first few hundred.
pub(super) const HEAD: usize = 4096;

/// The platform of a program that begins with `head`; `None` for any other file.
pub(super) fn platform(head: &[u8]) -> Option<Platform> {
    let magic = head.get(..4)?;
    let (os, architecture) = match magic {
        b"\x7fELF" => elf(head)?,
        [b'M', b'Z', ..] => ("windows", portable_executable(head)?.to_owned()),
        [0xfe, 0xed, 0xfa, 0xce | 0xcf] | [0xce | 0xcf, 0xfa, 0xed, 0xfe] => {
            ("darwin", mach_o(head)?.to_owned())
        }
        [0xca, 0xfe, 0xba, 0xbe] => ("darwin", universal(head)?.to_owned()),
        _ => return None,
    };
    Some(Platform {
        os: os.to_owned(),
        architecture,
        ..Platform::default()
    })
}

/// Whether a file that begins so may be a program; everything else need not be looked at.
pub(super) fn may_be(start: &[u8]) -> bool {
    const MAGICS: [&[u8]; 7] = [
        b"\x7fELF",
        b"MZ",
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
    ];
    MAGICS.iter().any(|magic| {
        let length = magic.len().min(start.len());
        start.get(..length) == magic.get(..length)
    })
}

fn elf(head: &[u8]) -> Option<(&'static str, String)> {
    const ET_EXEC: u16 = 2;
    const ET_DYN: u16 = 3;
    let is_64_bit = match head.get(4)? {
        1 => false,
        2 => true,
        _ => return None,
    };
    let is_big_endian = match head.get(5)? {
        1 => false,
        2 => true,
        _ => return None,
    };
    let half = |at| u16_at(head, at, is_big_endian);
    let kind = half(16)?;
    if kind != ET_EXEC && kind != ET_DYN {
        return None;
    }
    let os = match head.get(7)? {
        2 => "netbsd",
        6 => "solaris",
        9 => "freebsd",
        12 => "openbsd",
        _ => "linux",
    };
    let flags = u32_at(head, if is_64_bit { 48 } else { 36 }, is_big_endian)?;
    let architecture = match (half(18)?, is_64_bit, is_big_endian) {
        (3 | 6, ..) => "386",
        (62, ..) => "amd64",
        (40, _, false) => "arm",
        (40, _, true) => "armbe",
        (183, _, false) => "arm64",
        (183, _, true) => "arm64be",
        (243, true, _) => "riscv64",
        (243, false, _) => "riscv",
        (20, ..) => "ppc",
        (21, _, false) => "ppc64le",
        (21, _, true) => "ppc64",
        (22, true, _) => "s390x",
        (22, false, _) => "s390",
        // Flag 0x20 is the n32 ABI: 32-bit files for 64-bit CPUs.
        (8, false, false) if flags & 0x20 != 0 => "mips64p32le",
        (8, false, true) if flags & 0x20 != 0 => "mips64p32",
        (8, false, false) => "mipsle",
        (8, false, true) => "mips",
        (8, true, false) => "mips64le",
        (8, true, true) => "mips64",
        (258, ..) => "loong64",
        (2, ..) => "sparc",
        (43, ..) => "sparc64",
        // eBPF runs on every CPU's kernel.
        (247, ..) => return None,
        (other, ..) => return Some((os, format!("elf-machine-{other}"))),
    };
    Some((os, architecture.to_owned()))
}

fn portable_executable(head: &[u8]) -> Option<&'static str> {
    let at = usize::try_from(u32_at(head, 0x3c, false)?).ok()?;
    if head.get(at..at.checked_add(4)?)? != b"PE\0\0" {
        return None;
    }
    let architecture = match u16_at(head, at + 4, false)? {
        0x014c => "386",
        0x8664 => "amd64",
        0xaa64 => "arm64",
        0x01c0 | 0x01c4 => "arm",
        _ => return None,
    };
    let optional = at + 24;
    // Without an optional header, nothing more can be said.
    let Some(magic) = u16_at(head, optional, false) else {
        return Some(architecture);
    };
    let subsystem = u16_at(head, optional + 68, false).unwrap_or_default();
    if (10..=13).contains(&subsystem) {
        return None;
    }
    // Data directory 14 is the CLR's header: a .NET assembly.
    let directories = optional + if magic == 0x20b { 112 } else { 96 };
    let clr = u32_at(head, directories + 14 * 8, false).unwrap_or_default();
    (clr == 0).then_some(architecture)
}

fn mach_o(head: &[u8]) -> Option<&'static str> {
    const EXECUTE: u32 = 2;
    const DYLIB: u32 = 6;
    const BUNDLE: u32 = 8;
    let is_big_endian = head.first() == Some(&0xfe);
    let kind = u32_at(head, 12, is_big_endian)?;
    if ![EXECUTE, DYLIB, BUNDLE].contains(&kind) {
        return None;
    }
    apple_cpu(u32_at(head, 4, is_big_endian)?)
}

/// A universal file names its CPUs in front; the first one is taken. Java classes begin alike, with
/// a version of at least 45 where the number of CPUs would be.
fn universal(head: &[u8]) -> Option<&'static str> {
    let count = u32_at(head, 4, true)?;
    if !(1..=20).contains(&count) {
        return None;
    }
    apple_cpu(u32_at(head, 8, true)?)
}

fn apple_cpu(kind: u32) -> Option<&'static str> {
    match kind {
        7 => Some("386"),
        0x0100_0007 => Some("amd64"),
        12 => Some("arm"),
        0x0100_000c => Some("arm64"),
        18 => Some("ppc"),
        0x0100_0012 => Some("ppc64"),
        _ => None,
    }
}

fn u16_at(bytes: &[u8], at: usize, is_big_endian: bool) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(if is_big_endian {
        u16::from_be_bytes(two)
    } else {
        u16::from_le_bytes(two)
    })
}

fn u32_at(bytes: &[u8], at: usize, is_big_endian: bool) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    Some(if is_big_endian {
        u32::from_be_bytes(four)
    } else {
        u32::from_le_bytes(four)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(head: &[u8]) -> Option<String> {
        platform(head).map(|platform| platform.specifier())
    }

    fn elf_head(class: u8, order: u8, kind: u16, machine: u16, flags: u32) -> Vec<u8> {
        let mut head = vec![0; 64];
        head[..8].copy_from_slice(&[0x7f, b'E', b'L', b'F', class, order, 1, 0]);
        let is_big = order == 2;
        let half = |v: u16| {
            if is_big {
                v.to_be_bytes()
            } else {
                v.to_le_bytes()
            }
        };
        head[16..18].copy_from_slice(&half(kind));
        head[18..20].copy_from_slice(&half(machine));
        let at = if class == 2 { 48 } else { 36 };
        let flags = if is_big {
            flags.to_be_bytes()
        } else {
            flags.to_le_bytes()
        };
        head[at..at + 4].copy_from_slice(&flags);
        head
    }

    #[test]
    fn elf_files_say_their_cpu() {
        for (class, order, machine, flags, expected) in [
            (2, 1, 62, 0, "linux/amd64"),
            (1, 1, 62, 0, "linux/amd64"),
            (1, 1, 3, 0, "linux/386"),
            (2, 1, 183, 0, "linux/arm64"),
            (1, 1, 40, 0x0500_0400, "linux/arm"),
            (2, 1, 243, 5, "linux/riscv64"),
            (2, 2, 22, 0, "linux/s390x"),
            (2, 2, 21, 1, "linux/ppc64"),
            (2, 1, 21, 2, "linux/ppc64le"),
            (1, 1, 8, 0x20, "linux/mips64p32le"),
            (2, 2, 8, 0, "linux/mips64"),
            (2, 1, 258, 0x43, "linux/loong64"),
            (1, 1, 94, 0, "linux/elf-machine-94"),
        ] {
            for kind in [2, 3] {
                let head = elf_head(class, order, kind, machine, flags);
                assert_eq!(said(&head).as_deref(), Some(expected));
            }
        }
    }

    #[test]
    fn what_no_cpu_runs_is_no_program() {
        // A relocatable object, a core dump, eBPF, a truncated header, a wrong class.
        assert_eq!(said(&elf_head(2, 1, 1, 62, 0)), None);
        assert_eq!(said(&elf_head(2, 1, 4, 62, 0)), None);
        assert_eq!(said(&elf_head(2, 1, 2, 247, 0)), None);
        assert_eq!(said(&elf_head(2, 1, 2, 62, 0)[..40]), None);
        assert_eq!(said(&elf_head(3, 1, 2, 62, 0)), None);
        // A Java class, version 52; a script; nothing.
        assert_eq!(said(b"\xca\xfe\xba\xbe\0\0\0\x34\0\0\0\0"), None);
        assert_eq!(said(b"#!/bin/sh\n"), None);
        assert_eq!(said(b""), None);
        assert_eq!(said(b"MZ and then text, as in a note"), None);
    }

    #[test]
    fn programs_of_other_systems_are_told() {
        let mut pe = vec![0; 0x200];
        pe[..2].copy_from_slice(b"MZ");
        pe[0x3c] = 0x80;
        pe[0x80..0x86].copy_from_slice(b"PE\0\0\x64\x86");
        pe[0x98..0x9a].copy_from_slice(&0x20b_u16.to_le_bytes());
        pe[0x98 + 68] = 3;
        assert_eq!(said(&pe).as_deref(), Some("windows/amd64"));
        let mut efi = pe.clone();
        efi[0x98 + 68] = 10;
        assert_eq!(said(&efi), None);
        let mut managed = pe.clone();
        managed[0x98 + 112 + 14 * 8] = 1;
        assert_eq!(said(&managed), None);
        let mut mach = vec![0; 32];
        mach[..8].copy_from_slice(b"\xcf\xfa\xed\xfe\x0c\0\0\x01");
        mach[12] = 2;
        assert_eq!(said(&mach).as_deref(), Some("darwin/arm64"));
        let fat = b"\xca\xfe\xba\xbe\0\0\0\x02\x01\0\0\x07";
        assert_eq!(said(fat).as_deref(), Some("darwin/amd64"));
    }

    #[test]
    fn few_bytes_are_enough_to_look_away() {
        assert!(may_be(b"\x7f"));
        assert!(may_be(b"\x7fELF\x02"));
        assert!(!may_be(b"#!/bin/sh"));
        assert!(may_be(b""));
    }
}
