//! Tables of cases after `distribution/reference`'s documentation.

use super::*;

const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn parse(text: &str) -> String {
    text.parse::<Reference>()
        .map_or_else(|error| format!("error: {error}"), |r| r.to_string())
}

#[test]
fn short_names_become_full() {
    for (text, expected) in [
        ("alpine", "docker.io/library/alpine"),
        ("alpine:3.24", "docker.io/library/alpine:3.24"),
        ("acme/app", "docker.io/acme/app"),
        ("docker.io/alpine", "docker.io/library/alpine"),
        ("index.docker.io/library/alpine", "docker.io/library/alpine"),
        ("localhost/app:1", "localhost/app:1"),
        ("localhost:5000/app", "localhost:5000/app"),
        ("127.0.0.1:5000/a/b:c", "127.0.0.1:5000/a/b:c"),
        ("[::1]:5000/app", "[::1]:5000/app"),
        ("ghcr.io/o/app:1", "ghcr.io/o/app:1"),
        ("MyHost/app", "MyHost/app"),
        ("a/b/c/d", "docker.io/a/b/c/d"),
        ("a__b/c---d", "docker.io/a__b/c---d"),
    ] {
        assert_eq!(parse(text), expected, "{text}");
    }
    let pinned = format!("alpine:3@sha256:{HEX}");
    assert_eq!(parse(&pinned), format!("docker.io/library/{pinned}"));
}

#[test]
fn what_is_not_a_reference_is_refused_with_the_librarys_words() {
    for (text, expected) in [
        ("", "invalid reference format"),
        ("alpine:", "invalid reference format"),
        (":tag", "invalid reference format"),
        ("a//b", "invalid reference format"),
        ("a___b", "invalid reference format"),
        ("-a", "invalid reference format"),
        ("a b", "invalid reference format"),
        ("alpine@sha256:abc", "invalid reference format"),
        ("host.name:port/x", "invalid reference format"),
        ("../../etc", "invalid reference format"),
        (
            "Alpine:3.20",
            "invalid reference format: repository name (library/Alpine) must be lowercase",
        ),
        (
            HEX,
            "invalid repository name (e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855), cannot specify 64-byte hexadecimal strings",
        ),
    ] {
        assert_eq!(parse(text), format!("error: {expected}"), "{text}");
    }
    assert_eq!(
        parse(&format!("a:{}", "t".repeat(129))),
        "error: invalid reference format"
    );
    assert_eq!(
        parse("a/".repeat(150).trim_end_matches('/')),
        "error: repository name must not be more than 255 characters"
    );
    assert_eq!(
        parse(&format!("a@sha256:{}", &HEX[..40])),
        "error: invalid checksum digest length"
    );
    assert_eq!(
        parse(&format!("a@md5:{}", &HEX[..32])),
        "error: unsupported digest algorithm"
    );
}

#[test]
fn parts_can_be_asked_for() {
    let reference: Reference = "alpine".parse().unwrap();
    assert_eq!(reference.registry(), "registry-1.docker.io");
    assert_eq!(reference.familiar_name(), "alpine");
    assert_eq!(reference.target(), Target::Tag("latest".into()));
    assert_eq!(
        reference.clone().with_default_tag().to_string(),
        "docker.io/library/alpine:latest"
    );
    let digest = Digest::sha256(b"");
    assert_eq!(
        reference.at(&digest).to_string(),
        format!("docker.io/library/alpine@{digest}")
    );
}
