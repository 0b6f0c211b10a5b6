//! Which files are programs, and for what.

use super::make::{Tar, elf, elf_of, put};
use super::{programs, scan};

/// What a file of this content is taken for.
fn program(content: &[u8]) -> Option<String> {
    let mut tar = Tar::default();
    tar.file("x", content);
    let found = programs(&scan(&tar.finish()));
    assert!(found.len() < 2);
    found
        .first()
        .map(|found| found.strip_prefix("/x ").unwrap().to_owned())
}

#[test]
fn elf_headers_name_their_platform() {
    for (class, order, machine, flags, expected) in [
        (2, 1, 62, 0, "linux/amd64"),
        (1, 1, 62, 0, "linux/amd64"),
        (1, 1, 3, 0, "linux/386"),
        (2, 1, 183, 0, "linux/arm64"),
        (1, 1, 183, 0, "linux/arm64"),
        (2, 2, 183, 0, "linux/arm64be"),
        (1, 1, 40, 0x0500_0400, "linux/arm"),
        (1, 2, 40, 0x0500_0400, "linux/armbe"),
        (2, 1, 243, 5, "linux/riscv64"),
        (1, 1, 243, 5, "linux/riscv"),
        (2, 1, 21, 2, "linux/ppc64le"),
        (2, 2, 21, 1, "linux/ppc64"),
        (1, 2, 20, 0, "linux/ppc"),
        (2, 2, 22, 0, "linux/s390x"),
        (1, 2, 22, 0, "linux/s390"),
        (2, 1, 8, 0x8000_0007, "linux/mips64le"),
        (2, 2, 8, 0x8000_0007, "linux/mips64"),
        (1, 1, 8, 0x7000_1007, "linux/mipsle"),
        (1, 2, 8, 0x7000_1007, "linux/mips"),
        (1, 1, 8, 0x8000_0027, "linux/mips64p32le"),
        (2, 1, 258, 0x43, "linux/loong64"),
        (2, 2, 43, 0, "linux/sparc64"),
        (2, 1, 0x9026, 0, "linux/alpha"),
    ] {
        for kind in [2, 3] {
            let elf = elf_of(class, order, kind, machine, flags);
            assert_eq!(
                program(&elf).as_deref(),
                Some(expected),
                "{machine} {class} {order}"
            );
        }
    }
    let mut freebsd = elf("amd64");
    freebsd[7] = 9;
    assert_eq!(program(&freebsd).as_deref(), Some("freebsd/amd64"));
}

#[test]
fn what_no_cpu_starts_is_no_program() {
    let bpf = elf_of(2, 1, 3, 247, 0);
    let graphics_card = elf_of(2, 1, 3, 224, 0);
    let object_file = elf_of(2, 1, 1, 62, 0);
    let core_dump = elf_of(2, 1, 4, 62, 0);
    let strange_class = elf_of(3, 1, 2, 62, 0);
    let strange_order = elf_of(2, 3, 2, 62, 0);
    let short = elf("amd64")[..40].to_vec();
    let java_class = b"\xca\xfe\xba\xbe\0\0\0\x41\0\x1d\x0a\0\x02\0\x03".to_vec();
    let mach_object = mach_o(0x0100_000c, 1);
    for (name, content) in [
        ("eBPF", bpf),
        ("graphics card", graphics_card),
        ("object file", object_file),
        ("core dump", core_dump),
        ("class", strange_class),
        ("order", strange_order),
        ("short", short),
        ("script", b"#!/bin/sh\nexit 0\n".to_vec()),
        ("java", java_class),
        ("Mach-O object", mach_object),
        ("DOS", b"MZ and nothing behind it".to_vec()),
        ("far PE header", [b"MZ".to_vec(), vec![0xff; 5000]].concat()),
        ("managed", pe(0x014c, 3, true)),
        ("EFI", pe(0x8664, 10, false)),
        ("empty", Vec::new()),
        ("magic alone", b"\x7fELF".to_vec()),
    ] {
        assert_eq!(program(&content), None, "{name}");
    }
}

#[test]
fn mach_o_and_pe_headers_name_their_platform() {
    assert_eq!(
        program(&mach_o(0x0100_0007, 2)).as_deref(),
        Some("darwin/amd64")
    );
    assert_eq!(
        program(&mach_o(0x0100_000c, 6)).as_deref(),
        Some("darwin/arm64")
    );
    let mut universal = b"\xca\xfe\xba\xbe\0\0\0\x02".to_vec();
    for cpu in [0x0100_0007_u32, 0x0100_000c] {
        universal.extend(cpu.to_be_bytes());
        universal.extend([0; 16]);
    }
    universal.extend([0; 4096]);
    assert_eq!(
        program(&universal).as_deref(),
        Some("darwin/amd64 darwin/arm64")
    );
    for (machine, expected) in [
        (0x014c, "windows/386"),
        (0x8664, "windows/amd64"),
        (0xaa64, "windows/arm64"),
    ] {
        assert_eq!(program(&pe(machine, 3, false)).as_deref(), Some(expected));
    }
}

#[test]
fn the_arm_version_is_in_the_attributes() {
    for (version, expected) in [
        (2, "linux/arm"),
        (4, "linux/arm/v5"),
        (6, "linux/arm/v6"),
        (9, "linux/arm/v6"),
        (10, "linux/arm/v7"),
        (13, "linux/arm"),
        (14, "linux/arm/v8"),
    ] {
        let mut content = elf("arm");
        content.extend(vec![7; 100_000]);
        // The letters alone mean nothing.
        content.extend(b"aeaeabi\0no attributes, though; ");
        content.extend(b"A\x2c\0\0\0aeabi\0\x01\x22\0\0\0\x05cortex-a8\0\x06");
        content.extend([version, 8, 1, 9, 2]);
        content.extend(vec![0; 1000]);
        assert_eq!(program(&content).as_deref(), Some(expected), "{version}");
    }
    assert_eq!(program(&elf("arm")).as_deref(), Some("linux/arm"));
}

fn mach_o(cpu: u32, kind: u32) -> Vec<u8> {
    let mut bytes = vec![0; 2048];
    put(&mut bytes, 0, &[0xcf, 0xfa, 0xed, 0xfe]);
    put(&mut bytes, 4, &cpu.to_le_bytes());
    put(&mut bytes, 12, &kind.to_le_bytes());
    bytes
}

fn pe(machine: u16, subsystem: u16, is_managed: bool) -> Vec<u8> {
    let mut bytes = vec![0; 1024];
    put(&mut bytes, 0, b"MZ");
    put(&mut bytes, 0x3c, &[0x80, 0, 0, 0]);
    put(&mut bytes, 0x80, b"PE\0\0");
    put(&mut bytes, 0x84, &machine.to_le_bytes());
    put(&mut bytes, 0x80 + 22, &[0x22, 0]);
    let is_64_bit = machine != 0x014c;
    put(
        &mut bytes,
        0x80 + 24,
        if is_64_bit { &[0x0b, 2] } else { &[0x0b, 1] },
    );
    put(&mut bytes, 0x80 + 24 + 68, &subsystem.to_le_bytes());
    let directories = 0x80 + 24 + if is_64_bit { 112 } else { 96 };
    put(&mut bytes, directories - 4, &[16, 0, 0, 0]);
    if is_managed {
        put(&mut bytes, directories + 14 * 8, &[0, 0x20, 0, 0]);
    }
    bytes
}
