//! Tar in all its forms, and what breaks it.

use super::make::{BLOCK, Tar, elf, header, put, sum};
use super::{programs, scan};

fn found(tar: Tar) -> Vec<String> {
    let facts = scan(&tar.finish());
    assert_eq!(facts.damage, None);
    assert_eq!(facts.unexamined, None);
    assert_eq!(facts.compression, Some("tar"));
    programs(&facts)
}

#[test]
fn paths_are_absolute_and_clean() {
    for (path, expected) in [
        ("usr/bin/x", "/usr/bin/x"),
        ("./usr//bin/./x", "/usr/bin/x"),
        ("/usr/bin/x", "/usr/bin/x"),
        ("../../usr/lib/../bin/x", "/usr/bin/x"),
    ] {
        let mut tar = Tar::default();
        tar.file(path, &elf("amd64"));
        assert_eq!(found(tar), [format!("{expected} linux/amd64")], "{path}");
    }
}

#[test]
fn long_paths_of_all_three_kinds_are_whole() {
    let long = format!("{}/x", vec!["a-folder"; 20].join("/"));
    let expected = [format!("/{long} linux/arm64")];

    let mut ustar = Tar::default();
    let (prefix, name) = long.split_at(134);
    let mut block = header(&name[1..], b'0', 128);
    put(&mut block, 345, prefix.as_bytes());
    ustar.block(block, &elf("arm64"));
    assert_eq!(found(ustar), expected);

    let mut gnu = Tar::default();
    gnu.entry("././@LongLink", b'L', "", format!("{long}\0").as_bytes());
    gnu.file("cut/off", &elf("arm64"));
    gnu.file("next", b"the name is for one entry");
    assert_eq!(found(gnu), expected);

    let mut pax = Tar::default();
    pax.pax(&[("path", "overridden"), ("path", &long), ("mtime", "1.5")]);
    pax.file("cut/off", &elf("arm64"));
    pax.file("next", b"the name is for one entry");
    assert_eq!(found(pax), expected);
}

#[test]
fn a_pax_size_wins_over_the_headers() {
    let mut tar = Tar::default();
    tar.pax(&[("size", "128")]);
    tar.block(header("x", b'0', 0), &elf("amd64"));
    tar.file("y", &elf("arm64"));
    assert_eq!(found(tar), ["/x linux/amd64", "/y linux/arm64"]);
}

#[test]
fn sizes_can_be_binary() {
    let mut tar = Tar::default();
    let mut block = header("x", b'0', 0);
    put(&mut block, 124, &[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 128]);
    tar.block(block, &elf("amd64"));
    tar.file("y", &elf("arm64"));
    assert_eq!(found(tar), ["/x linux/amd64", "/y linux/arm64"]);
}

#[test]
fn links_and_folders_have_no_content_whatever_they_say() {
    let mut tar = Tar::default();
    for flag in [b'1', b'2', b'3', b'4', b'5', b'6'] {
        tar.block(header("link", flag, 4096), b"");
    }
    tar.file("x", &elf("amd64"));
    assert_eq!(found(tar), ["/x linux/amd64"]);
}

#[test]
fn hard_links_are_what_they_link_to() {
    let mut tar = Tar::default();
    tar.file("bin/busybox", &elf("arm64"));
    tar.hard_link("bin/sh", "bin/busybox");
    tar.hard_link("bin/ash", "./bin/sh");
    tar.file("data", b"only data");
    tar.hard_link("more-data", "data");
    tar.hard_link("bin/from-below", "/bin/tool");
    tar.hard_link("bin/again", "bin/from-below");
    let facts = scan(&tar.finish());
    assert_eq!(
        programs(&facts),
        [
            "/bin/ash linux/arm64",
            "/bin/busybox linux/arm64",
            "/bin/sh linux/arm64"
        ]
    );
    let links = facts.links.iter();
    let links: Vec<String> = links.map(|l| format!("{} {}", l.path, l.target)).collect();
    assert_eq!(links, ["/bin/again /bin/tool", "/bin/from-below /bin/tool"]);
}

#[test]
fn a_later_entry_replaces_an_earlier_one() {
    let mut tar = Tar::default();
    tar.file("a", &elf("arm64"));
    tar.file("a", &elf("amd64"));
    tar.file("b", &elf("arm64"));
    tar.symbolic_link("b", "a");
    tar.file("c", &elf("arm64"));
    tar.file("c", b"text");
    tar.hard_link("d", "elsewhere");
    tar.file("d", b"text");
    let facts = scan(&tar.finish());
    assert_eq!(programs(&facts), ["/a linux/amd64"]);
    assert_eq!(facts.links, []);
}

#[test]
fn white_outs_are_no_files_and_cover_lower_layers_alone() {
    let mut tar = Tar::default();
    tar.file("opt/x", &elf("amd64"));
    tar.file("opt/.wh.x", b"");
    tar.file("opt/.wh..wh.aufs", b"");
    tar.file(".wh..wh..opq", b"");
    let facts = scan(&tar.finish());
    assert_eq!(programs(&facts), ["/opt/x linux/amd64"]);
    assert!(facts.covered.covers("/opt/x/below"));
    assert!(facts.covered.covers("/anything"));
    assert!(!scan(&Tar::default().finish()).covered.covers("/anything"));
}

#[test]
fn sparse_files_begin_behind_their_map() {
    let mut old = Tar::default();
    let mut block = header("old", b'S', 128);
    put(&mut block, 257, b"ustar  \0");
    put(&mut block, 386, b"00000000000\0");
    put(&mut block, 398, b"00000000200\0");
    put(&mut block, 482, &[1]);
    sum(&mut block);
    old.0.extend(block);
    let mut more = [0; BLOCK];
    more[504] = 1;
    old.0.extend(more);
    old.0.extend([0; BLOCK]);
    old.content(&elf("arm64"));
    old.file("next", &elf("amd64"));
    assert_eq!(found(old), ["/next linux/amd64", "/old linux/arm64"]);

    let mut new = Tar::default();
    let pax = [
        ("GNU.sparse.major", "1"),
        ("GNU.sparse.minor", "0"),
        ("GNU.sparse.name", "new"),
    ];
    new.pax(&pax);
    let mut content = b"2\n0\n128\n4096\n0\n".to_vec();
    content.resize(BLOCK, 0);
    content.extend(elf("arm64"));
    new.file("GNUSparseFile.0/new", &content);
    new.file("next", &elf("amd64"));
    assert_eq!(found(new), ["/new linux/arm64", "/next linux/amd64"]);

    let mut hole = Tar::default();
    hole.pax(&pax);
    let mut content = b"1\n512\n128\n".to_vec();
    content.resize(BLOCK, 0);
    content.extend(elf("arm64"));
    hole.file("GNUSparseFile.0/new", &content);
    assert_eq!(found(hole), [""; 0]);
}

#[test]
fn an_archive_may_end_in_several_ways() {
    let mut tar = Tar::default();
    tar.file("x", &elf("amd64"));
    let entry = tar.0;
    for end in [0, 1, 2, 20] {
        let bytes = [entry.clone(), vec![0; end * BLOCK]].concat();
        let facts = scan(&bytes);
        assert_eq!(facts.damage, None, "{end}");
        assert_eq!(programs(&facts), ["/x linux/amd64"], "{end}");
    }
    // The filling of the last entry may be missing, too.
    assert_eq!(scan(&entry[..BLOCK + 128]).damage, None);
    // What stands behind the end is not read.
    let behind = [
        entry.clone(),
        vec![0; 2 * BLOCK],
        entry.clone(),
        vec![7; 77],
    ]
    .concat();
    assert_eq!(scan(&behind).damage, None);
    let empty = scan(&[0; 2 * BLOCK]);
    assert_eq!((empty.compression, empty.damage), (Some("tar"), None));
}

/// A block that makes readers stop, behind a good entry.
fn damage(block: &[u8]) -> String {
    let mut tar = Tar::default();
    tar.file("x", &elf("amd64"));
    tar.0.extend(block);
    let facts = scan(&tar.finish());
    assert!(facts.diff_id.is_some());
    assert_eq!(programs(&facts), ["/x linux/amd64"]);
    let prefix = "the tar archive in it is broken behind entry 1: ";
    let damage = facts.damage.unwrap_or_default();
    damage.strip_prefix(prefix).unwrap_or(&damage).to_owned()
}

#[test]
fn what_stops_readers_is_damage() {
    let summed = |change: fn(&mut [u8; BLOCK])| {
        let mut block = header("y", b'0', 0);
        change(&mut block);
        sum(&mut block);
        block
    };
    let pax = |records: &[u8]| {
        let mut tar = Tar::default();
        tar.entry("pax", b'x', "", records);
        tar.0
    };
    let negative = summed(|block| put(block, 124, &[0xff; 12]));
    let overflowing = summed(|block| put(block, 124, &[0xbf; 12]));
    let huge = summed(|block| put(block, 124, b"\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff"));
    let letters = summed(|block| put(block, 124, b"0000000zz00\0"));
    let long_pax = summed(|block| put(block, 124, b"77777777777\0x"));
    let mut long_pax_header = long_pax;
    long_pax_header[156] = b'x';
    sum(&mut long_pax_header);
    let mut name = Tar::default();
    name.entry("l", b'L', "", &[b'n'; 5000]);
    name.file("y", b"");
    for (block, expected) in [
        (vec![b'x'; BLOCK], "a header has a wrong checksum"),
        (
            header("y", b'0', 0).to_vec(),
            "a header has a wrong checksum",
        ),
        (negative.to_vec(), "a size is no number"),
        (overflowing.to_vec(), "a size is no number"),
        (letters.to_vec(), "a size is no number"),
        (huge.to_vec(), "it ends in the middle of an entry"),
        (
            long_pax_header.to_vec(),
            "an extended header is longer than any reader takes",
        ),
        (name.0, "a path is longer than any system takes"),
        (pax(b"nonsense"), "an extended header cannot be read"),
        (pax(b"99 path=x\n"), "an extended header cannot be read"),
        (
            pax(b"9 path=x\n9 path=\0\n"),
            "an extended header cannot be read",
        ),
        (pax(b"11 size=-1\n"), "an extended header cannot be read"),
        (pax(b"5 a=b"), "an extended header cannot be read"),
        (pax(b"0 a=b\n"), "an extended header cannot be read"),
        (
            [[0; BLOCK], header("y", b'0', 0)].concat(),
            "something stands behind a block of zeros",
        ),
    ] {
        let damage = damage(&block).replace("behind entry 2: ", "");
        let damage = damage
            .rsplit(": ")
            .next()
            .unwrap_or_default()
            .replace("the tar archive in it is broken ", "");
        assert_eq!(damage, expected);
    }
}

#[test]
fn an_early_end_is_damage_wherever_it_is() {
    let mut tar = Tar::default();
    tar.file("x", &[7; 2000]);
    tar.pax(&[("path", "y")]);
    for length in [
        BLOCK + 1,
        2 * BLOCK,
        BLOCK + 1999,
        5 * BLOCK + 100,
        6 * BLOCK + 3,
    ] {
        let facts = scan(&tar.0[..length]);
        let damage = facts.damage.unwrap_or_default();
        assert!(
            damage.ends_with("it ends in the middle of an entry"),
            "{length}: {damage}"
        );
    }
}
