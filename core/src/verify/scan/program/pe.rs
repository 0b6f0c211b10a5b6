//! PE headers of Windows programs and libraries.
//!
//! Source: Microsoft's "PE Format". Boot loaders (EFI) run on no system, and managed code runs on
//! any CPU with the runtime of the image: neither counts.

use super::{Order, platform};
use crate::platform::Platform;

const LITTLE: Order = Order::Little;

/// The platform of an executable or library.
pub(super) fn platform_of(head: &[u8]) -> Option<Platform> {
    let start = usize::try_from(LITTLE.word(head, 0x3c)?).ok()?;
    let header = head.get(start..)?;
    if !header.starts_with(b"PE\0\0") {
        return None;
    }
    let architecture = match LITTLE.half(header, 4)? {
        0x014c => "386",
        0x8664 => "amd64",
        0x01c0 | 0x01c4 => "arm",
        0xaa64 => "arm64",
        _ => return None,
    };
    let is_image = LITTLE.half(header, 22)? & 2 != 0;
    if !is_image || is_for_no_system(header)? || is_managed(header) {
        return None;
    }
    Some(platform("windows", architecture))
}

/// EFI applications and drivers, and Windows' own boot loader.
fn is_for_no_system(header: &[u8]) -> Option<bool> {
    let subsystem = LITTLE.half(header, 24 + 68)?;
    Some(matches!(subsystem, 10..=13 | 16))
}

/// Whether the fifteenth data directory, that of the common language runtime, is there.
fn is_managed(header: &[u8]) -> bool {
    let directories = match LITTLE.half(header, 24) {
        Some(0x20b) => 24 + 112,
        _ => 24 + 96,
    };
    let count = LITTLE.word(header, directories - 4).unwrap_or(0);
    let runtime = LITTLE.word(header, directories + 14 * 8).unwrap_or(0);
    count > 14 && runtime != 0
}
