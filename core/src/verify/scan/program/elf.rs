//! ELF headers.
//!
//! Sources: System V ABI "ELF Header"; the processor supplements for `e_flags`; `elf.h` for numbers.
//! Machines that no container runs on (graphics cards, eBPF, signal processors, microcontrollers)
//! are no programs here.

use super::{Order, platform};
use crate::platform::Platform;

/// Length of the longer of the two headers.
pub(super) const HEADER: usize = 64;

const ARM: u16 = 40;

/// The platform of an executable or shared library.
pub(super) fn platform_of(head: &[u8]) -> Option<Platform> {
    let (is_64_bit, order) = shape(head)?;
    // ET_EXEC and ET_DYN; ET_REL are object files and kernel modules.
    if !matches!(order.half(head, 16)?, 2 | 3) {
        return None;
    }
    let flags = order.word(head, if is_64_bit { 48 } else { 36 })?;
    let architecture = architecture(order.half(head, 18)?, is_64_bit, order, flags)?;
    // Most systems leave EI_OSABI at zero.
    let os = match head.get(7)? {
        2 => "netbsd",
        6 => "solaris",
        9 => "freebsd",
        12 => "openbsd",
        _ => "linux",
    };
    Some(platform(os, architecture))
}

/// The order of bytes of a 32-bit ARM program.
pub(super) fn is_arm(head: &[u8]) -> Option<Order> {
    let (_, order) = shape(head)?;
    (order.half(head, 18)? == ARM).then_some(order)
}

fn shape(head: &[u8]) -> Option<(bool, Order)> {
    let [0x7f, b'E', b'L', b'F', class, order, ..] = head else {
        return None;
    };
    let order = match order {
        1 => Order::Little,
        2 => Order::Big,
        _ => return None,
    };
    match class {
        1 => Some((false, order)),
        2 => Some((true, order)),
        _ => None,
    }
}

/// OCI's name for `e_machine`, in Go's spelling.
fn architecture(machine: u16, is_64_bit: bool, order: Order, flags: u32) -> Option<&'static str> {
    /// `EF_MIPS_ABI2`: 64-bit code with 32-bit pointers.
    const MIPS_N32: u32 = 0x20;
    let is_little = order == Order::Little;
    Some(match (machine, is_64_bit, is_little) {
        (3 | 6, ..) => "386",
        // x32 runs on the same kernels and CPUs.
        (62, ..) => "amd64",
        (ARM, _, true) => "arm",
        (ARM, _, false) => "armbe",
        (183, _, true) => "arm64",
        (183, _, false) => "arm64be",
        (243, true, _) => "riscv64",
        (243, false, _) => "riscv",
        (21, _, true) => "ppc64le",
        (21, _, false) => "ppc64",
        (20, ..) => "ppc",
        (22, true, _) => "s390x",
        (22, false, _) => "s390",
        (258, true, _) => "loong64",
        (258, false, _) => "loong32",
        (8 | 10, true, true) => "mips64le",
        (8 | 10, true, false) => "mips64",
        (8 | 10, false, true) if flags & MIPS_N32 != 0 => "mips64p32le",
        (8 | 10, false, false) if flags & MIPS_N32 != 0 => "mips64p32",
        (8 | 10, false, true) => "mipsle",
        (8 | 10, false, false) => "mips",
        (2 | 18, ..) => "sparc",
        (43, ..) => "sparc64",
        // What Debian's ports run on besides.
        (4, ..) => "m68k",
        (15, ..) => "hppa",
        (42, ..) => "sh4",
        (50, ..) => "ia64",
        (0x9026, ..) => "alpha",
        _ => return None,
    })
}
