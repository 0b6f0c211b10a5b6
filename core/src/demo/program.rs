//! The smallest real programs: an executable that does nothing but exit with status 0, for each
//! CPU that images are commonly built for.
//!
//! ELF for Linux and the other Unix systems, PE for Windows. Sources: the System V ABI and its
//! processor supplements, Linux's system call tables, Microsoft's PE format. A CPU that is not in
//! the table gets no program, only a script.

use crate::platform::Platform;

/// What an ELF file needs to say for one CPU, and the machine code of `exit(0)`.
struct Cpu {
    is_64_bit: bool,
    is_big_endian: bool,
    /// `e_machine`.
    machine: u16,
    /// `e_flags`.
    flags: u32,
    code: &'static [u8],
}

/// The program's bytes for `platform`; a script for a CPU that is not in the table.
pub fn program(platform: &Platform) -> Vec<u8> {
    if platform.os == "windows" {
        return portable_executable(&platform.architecture);
    }
    cpu(platform).map_or_else(|| b"#!/bin/sh\nexit 0\n".to_vec(), |cpu| cpu.elf())
}

fn cpu(platform: &Platform) -> Option<Cpu> {
    let little = |is_64_bit, machine, flags, code| Cpu {
        is_64_bit,
        is_big_endian: false,
        machine,
        flags,
        code,
    };
    let cpu = match platform.architecture.as_str() {
        "amd64" => little(true, 62, 0, b"\xb8\x3c\0\0\0\x31\xff\x0f\x05"),
        "386" => little(false, 3, 0, b"\xb8\x01\0\0\0\x31\xdb\xcd\x80"),
        "arm64" => little(true, 183, 0, b"\xa8\x0b\x80\xd2\0\0\x80\xd2\x01\0\0\xd4"),
        // EABI 5; hard float from v7 on, as Debian's armhf and armel differ.
        "arm" => {
            let float = if platform.variant == "v7" {
                0x400
            } else {
                0x200
            };
            let code = b"\x01\x70\xa0\xe3\0\0\xa0\xe3\0\0\0\xef";
            little(false, 40, 0x0500_0000 | float, code)
        }
        // Compressed instructions, double float.
        "riscv64" => little(true, 243, 5, b"\x93\x08\xd0\x05\x13\x05\0\0\x73\0\0\0"),
        "ppc64le" => little(true, 21, 2, b"\x01\0\0\x38\0\0\x60\x38\x02\0\0\x44"),
        "mips64le" => little(
            true,
            8,
            0x8000_0007,
            b"\xc2\x13\x02\x24\0\0\x04\x24\x0c\0\0\0",
        ),
        "loong64" => little(true, 258, 0x43, b"\x0b\x74\x81\x03\x04\0\x80\x03\0\0\x2b\0"),
        "s390x" => Cpu {
            is_64_bit: true,
            is_big_endian: true,
            machine: 22,
            flags: 0,
            code: b"\xa7\x29\0\0\x0a\x01",
        },
        _ => return None,
    };
    Some(cpu)
}

impl Cpu {
    /// A statically linked executable with one segment that holds the headers and the code.
    fn elf(&self) -> Vec<u8> {
        const BASE: u64 = 0x0040_0000;
        let headers: u16 = if self.is_64_bit { 64 + 56 } else { 52 + 32 };
        let size = u64::from(headers) + self.code.len() as u64;
        let class = if self.is_64_bit { 2 } else { 1 };
        let order = if self.is_big_endian { 2 } else { 1 };
        let mut out = Writer {
            bytes: vec![
                0x7f, b'E', b'L', b'F', class, order, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            ],
            cpu: self,
        };
        out.half(2); // ET_EXEC
        out.half(self.machine);
        out.word(1);
        out.address(BASE + u64::from(headers));
        out.address(if self.is_64_bit { 64 } else { 52 });
        out.address(0);
        out.word(self.flags);
        for half in if self.is_64_bit {
            [64, 56, 1, 0, 0, 0]
        } else {
            [52, 32, 1, 0, 0, 0]
        } {
            out.half(half);
        }
        // PT_LOAD, readable and executable; the flags' place depends on the class.
        out.word(1);
        if self.is_64_bit {
            out.word(5);
        }
        for value in [0, BASE, BASE, size, size] {
            out.address(value);
        }
        if !self.is_64_bit {
            out.word(5);
        }
        out.address(0x1_0000);
        out.bytes.extend_from_slice(self.code);
        out.bytes
    }
}

/// Writes numbers in a CPU's byte order.
struct Writer<'a> {
    bytes: Vec<u8>,
    cpu: &'a Cpu,
}

impl Writer<'_> {
    fn half(&mut self, value: u16) {
        self.put(&value.to_be_bytes());
    }

    fn word(&mut self, value: u32) {
        self.put(&value.to_be_bytes());
    }

    /// An address, offset or size: four or eight bytes.
    fn address(&mut self, value: u64) {
        let bytes = value.to_be_bytes();
        let skip = if self.cpu.is_64_bit { 0 } else { 4 };
        self.put(bytes.get(skip..).unwrap_or_default());
    }

    fn put(&mut self, big_endian: &[u8]) {
        if self.cpu.is_big_endian {
            self.bytes.extend(big_endian);
        } else {
            self.bytes.extend(big_endian.iter().rev());
        }
    }
}

/// The headers of a PE file for a Windows CPU, without sections.
fn portable_executable(architecture: &str) -> Vec<u8> {
    const OPTIONAL_HEADER: u16 = 112;
    let machine: u16 = match architecture {
        "arm64" => 0xaa64,
        "arm" => 0x01c4,
        "386" => 0x014c,
        _ => 0x8664,
    };
    let mut bytes = b"MZ".to_vec();
    bytes.resize(0x3c, 0);
    bytes.extend(0x40_u32.to_le_bytes());
    bytes.extend(b"PE\0\0");
    bytes.extend(machine.to_le_bytes());
    // No sections, no time, no symbols; an executable image.
    bytes.extend([0; 12]);
    bytes.extend(OPTIONAL_HEADER.to_le_bytes());
    bytes.extend(0x0022_u16.to_le_bytes());
    // The optional header, which no image goes without: PE32+, for the console, no directories.
    let mut optional = vec![0; OPTIONAL_HEADER.into()];
    optional[..2].copy_from_slice(&0x020b_u16.to_le_bytes());
    optional[68..70].copy_from_slice(&3_u16.to_le_bytes());
    bytes.extend(optional);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_say_class_byte_order_and_machine() {
        // Class, byte order, and `e_machine` as it stands in the file.
        for (platform, class, order, machine) in [
            ("linux/amd64", 2, 1, [62, 0]),
            ("linux/386", 1, 1, [3, 0]),
            ("linux/arm64", 2, 1, [183, 0]),
            ("linux/arm/v7", 1, 1, [40, 0]),
            ("linux/arm/v6", 1, 1, [40, 0]),
            ("linux/riscv64", 2, 1, [243, 0]),
            ("linux/ppc64le", 2, 1, [21, 0]),
            ("linux/s390x", 2, 2, [0, 22]),
            ("linux/mips64le", 2, 1, [8, 0]),
            ("linux/loong64", 2, 1, [2, 1]),
        ] {
            let bytes = program(&platform.parse().unwrap());
            assert_eq!(&bytes[..4], b"\x7fELF", "{platform}");
            assert_eq!((bytes[4], bytes[5]), (class, order), "{platform}");
            assert_eq!(bytes[18..20], machine, "{platform}");
            let headers = if class == 2 { 120 } else { 84 };
            assert!(bytes.len() > headers, "{platform}");
        }
    }

    #[test]
    fn windows_gets_a_portable_executable() {
        let bytes = program(&"windows/arm64".parse().unwrap());
        assert_eq!(&bytes[..2], b"MZ");
        assert_eq!(bytes[0x40..0x46], *b"PE\0\0\x64\xaa");
    }

    #[test]
    fn a_cpu_without_a_table_entry_gets_a_script() {
        assert!(program(&"linux/sparc64".parse().unwrap()).starts_with(b"#!"));
    }
}
