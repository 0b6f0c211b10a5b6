//! What holds for any bytes.

use proptest::prelude::*;

use super::make::{Tar, elf, gzip};
use super::{scan, scan_in_pieces};

/// An archive with one of everything.
fn tar() -> Vec<u8> {
    let mut tar = Tar::default();
    tar.directory("usr/");
    tar.pax(&[("path", "usr/a"), ("size", "128")]);
    tar.file("x", &elf("arm64"));
    tar.entry("l", b'L', "", b"usr/b\0");
    tar.file("y", &elf("arm"));
    tar.hard_link("usr/c", "usr/a");
    tar.file("usr/.wh.d", b"");
    let sparse = [("GNU.sparse.major", "1"), ("GNU.sparse.name", "usr/e")];
    tar.pax(&sparse);
    tar.file("z", b"1\n0\n100\n");
    tar.file("last", &(0..=255).cycle().take(5000).collect::<Vec<u8>>());
    tar.finish()
}

fn zstd(content: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(content, ruzstd::encoding::CompressionLevel::Fastest)
}

proptest! {
    #[test]
    fn any_bytes_are_scanned(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
        let whole = scan(&bytes);
        prop_assert_eq!(whole.size, bytes.len() as u64);
    }

    /// Behind each magic number, so that every reader gets its share.
    #[test]
    fn any_bytes_behind_a_magic_number_are_scanned(
        magic in proptest::sample::select(vec![
            &b"\x1f\x8b\x08\0\0\0\0\0\0\xff"[..],
            b"\x28\xb5\x2f\xfd\0\x50",
            b"\x28\xb5\x2f\xfd\xa4\0\x10\0\0",
            b"\x50\x2a\x4d\x18",
        ]),
        bytes in proptest::collection::vec(any::<u8>(), 0..2000),
        length in 1_usize..600,
    ) {
        let bytes = [magic, &bytes].concat();
        prop_assert_eq!(scan(&bytes), scan_in_pieces(&bytes, length));
    }

    #[test]
    fn how_it_is_cut_into_pieces_changes_nothing(length in 1_usize..1500, form in 0..3) {
        let bytes = match form {
            0 => tar(),
            1 => gzip(&tar()),
            _ => zstd(&tar()),
        };
        let whole = scan(&bytes);
        prop_assert_eq!(&whole.damage, &None);
        prop_assert_eq!(whole.executables.len(), 3);
        prop_assert_eq!(whole, scan_in_pieces(&bytes, length));
    }

    /// Whatever is changed in a layer shows in its digest, and in nothing that is made up.
    #[test]
    fn changed_bytes_never_pass_for_the_layer(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), 1_u8..), 1..4),
        form in 0..3,
        length in 1_usize..1500,
    ) {
        let mut bytes = match form {
            0 => tar(),
            1 => gzip(&tar()),
            _ => zstd(&tar()),
        };
        let before = scan(&bytes);
        let original = bytes.clone();
        for (at, change) in changes {
            let at = at.index(bytes.len());
            bytes[at] ^= change;
        }
        let after = scan_in_pieces(&bytes, length);
        if bytes != original {
            prop_assert_ne!(&after.digest, &before.digest);
        }
        if form == 0 && bytes != original && after.diff_id.is_some() {
            prop_assert_ne!(&after.diff_id, &before.diff_id);
        }
    }

    #[test]
    fn a_cut_layer_is_never_whole(at in any::<prop::sample::Index>(), form in 0..2) {
        let bytes = match form {
            0 => gzip(&tar()),
            _ => zstd(&tar()),
        };
        let cut = at.index(bytes.len());
        let facts = scan(&bytes[..cut]);
        if cut > 0 {
            prop_assert!(facts.damage.is_some());
            prop_assert_eq!(facts.diff_id, None);
        }
    }
}
