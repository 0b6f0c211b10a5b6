//! A program for one CPU that is nothing but its header: enough for everything that asks whom it
//! is for.

/// A 64-bit little-endian ELF executable for x86-64.
pub(super) fn amd64_program() -> Vec<u8> {
    let mut file = vec![0; 64];
    file[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
    // e_type: executable; e_machine: x86-64; e_version; e_ehsize.
    file[16] = 2;
    file[18] = 62;
    file[20] = 1;
    file[52] = 64;
    file
}
