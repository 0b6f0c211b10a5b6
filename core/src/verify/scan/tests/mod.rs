//! The scanner on crafted layers, on damaged ones, and on any bytes.

mod archives;
mod compression;
mod make;
mod programs;
mod properties;

use self::make::{Tar, elf, gzip};
use super::LayerScanner;
use crate::digest::Digest;
use crate::oci::{Descriptor, media_type};
use crate::verify::LayerFacts;

fn descriptor(media_type: &str) -> Descriptor {
    Descriptor {
        media_type: media_type.to_owned(),
        digest: Digest::sha256(b"whatever"),
        size: 0,
        platform: None,
        urls: Vec::new(),
        annotations: std::collections::BTreeMap::default(),
        artifact_type: None,
        data: None,
    }
}

/// Facts about a layer that arrives in one piece.
fn scan(bytes: &[u8]) -> LayerFacts {
    scan_in_pieces(bytes, usize::MAX)
}

fn scan_in_pieces(bytes: &[u8], length: usize) -> LayerFacts {
    let mut scanner = LayerScanner::new(&descriptor(media_type::OCI_LAYER_GZIP));
    for piece in bytes.chunks(length) {
        scanner.write(piece);
    }
    scanner.finish()
}

/// `path platform` of each program.
fn programs(facts: &LayerFacts) -> Vec<String> {
    let programs = facts.executables.iter();
    programs
        .map(|found| {
            let platforms: Vec<String> =
                found.program.platforms().map(ToString::to_string).collect();
            format!("{} {}", found.path, platforms.join(" "))
        })
        .collect()
}

#[test]
fn all_facts_of_an_ordinary_layer() {
    let mut tar = Tar::default();
    tar.directory("usr/bin/");
    tar.file("usr/bin/hello", &elf("arm64"));
    tar.file("etc/passwd", b"root:x:0:0:root:/:/bin/sh\n");
    tar.file("etc/.wh.group", b"");
    tar.file("var/.wh..wh..opq", b"");
    let tar = tar.finish();
    let packed = gzip(&tar);
    let facts = scan(&packed);
    assert_eq!(facts.size, packed.len() as u64);
    assert_eq!(facts.digest, Some(Digest::sha256(&packed)));
    assert_eq!(facts.diff_id, Some(Digest::sha256(&tar)));
    assert_eq!(facts.compression, Some("gzip"));
    assert_eq!(
        (facts.damage.clone(), facts.unexamined.clone()),
        (None, None)
    );
    assert_eq!(programs(&facts), ["/usr/bin/hello linux/arm64"]);
    for (path, expected) in [
        ("/usr/bin/hello", true),
        ("/usr/bin/other", false),
        ("/etc/group", true),
        ("/etc/shadow", false),
        ("/var/lib/x", true),
    ] {
        assert_eq!(facts.covered.covers(path), expected, "{path}");
    }
}

#[test]
fn content_that_is_no_layer_is_only_hashed() {
    for (media_type, unexamined) in [
        (media_type::IN_TOTO, None),
        ("application/vnd.cncf.helm.chart.content.v1.tar+gzip", None),
        (
            "application/vnd.oci.image.layer.v1.tar+gzip+encrypted",
            Some("it is encrypted"),
        ),
    ] {
        let bytes = gzip(&Tar::default().finish());
        let mut scanner = LayerScanner::new(&descriptor(media_type));
        scanner.write(&bytes);
        let facts = scanner.finish();
        assert_eq!(facts.digest, Some(Digest::sha256(&bytes)), "{media_type}");
        assert_eq!(facts.diff_id, None, "{media_type}");
        assert_eq!(facts.compression, None, "{media_type}");
        assert_eq!(facts.damage, None, "{media_type}");
        assert_eq!(facts.unexamined.as_deref(), unexamined, "{media_type}");
    }
}

#[test]
fn a_digest_that_cannot_be_computed_is_not_made_up() {
    let mut descriptor = descriptor(media_type::OCI_LAYER);
    descriptor.digest = format!("blake3:{}", "0".repeat(64)).parse().unwrap();
    let facts = LayerScanner::new(&descriptor).finish();
    assert_eq!(facts.digest, None);
    assert_eq!(facts.diff_id, Some(Digest::sha256(b"")));
}
