//! Mach-O headers, of one CPU and of several.
//!
//! Source: Apple's `mach-o/loader.h`, `mach-o/fat.h`, `mach/machine.h`.

use super::{Order, platform};
use crate::platform::Platform;

/// More CPUs than any universal file has; Java's class files share the magic number and have their
/// version there, which is above.
const MOST_CPUS: u32 = 30;

/// Length of the headers that are read.
pub(super) const HEADERS: usize = 8 + 32 * MOST_CPUS as usize;

pub(super) fn is_magic(start: &[u8]) -> bool {
    thin(start).is_some() || fat(start).is_some()
}

/// The platforms of an executable or library; empty if it is none.
pub(super) fn platforms(head: &[u8]) -> Vec<Platform> {
    if let Some(order) = thin(head) {
        // MH_EXECUTE, MH_DYLIB, MH_BUNDLE.
        let is_program = matches!(order.word(head, 12), Some(2 | 6 | 8));
        let platform = order.word(head, 4).and_then(cpu).filter(|_| is_program);
        return platform.into_iter().collect();
    }
    let (Some(length), Some(count)) = (fat(head), Order::Big.word(head, 4)) else {
        return Vec::new();
    };
    if count > MOST_CPUS {
        return Vec::new();
    }
    let entries = (0..count as usize).map(|at| Order::Big.word(head, 8 + at * length));
    let mut platforms: Vec<Platform> = Vec::new();
    for platform in entries.filter_map(|kind| cpu(kind?)) {
        if !platforms.contains(&platform) {
            platforms.push(platform);
        }
    }
    platforms
}

fn thin(start: &[u8]) -> Option<Order> {
    match start {
        [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..] => Some(Order::Big),
        [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..] => Some(Order::Little),
        _ => None,
    }
}

/// The length of an entry of a universal file.
fn fat(start: &[u8]) -> Option<usize> {
    match start {
        [0xca, 0xfe, 0xba, 0xbe, ..] => Some(20),
        [0xca, 0xfe, 0xba, 0xbf, ..] => Some(32),
        _ => None,
    }
}

fn cpu(kind: u32) -> Option<Platform> {
    let architecture = match kind {
        7 => "386",
        0x0100_0007 => "amd64",
        12 => "arm",
        0x0100_000c => "arm64",
        18 => "ppc",
        0x0100_0012 => "ppc64",
        _ => return None,
    };
    Some(platform("darwin", architecture))
}
