//! Catalogues: what is listed, what is not, and what a broken file is told.

use super::*;

fn platforms(catalogue: &Catalogue, reference: &str) -> String {
    let reference: Reference = reference.parse().unwrap();
    let list = |image: &Image| {
        let platforms = image.platforms();
        let texts: Vec<String> = platforms.iter().map(|p| p.specifier()).collect();
        texts.join(" ")
    };
    match catalogue.lookup(&reference) {
        Lookup::Known(image) => list(image),
        Lookup::Official(image) => format!("official: {}", list(&image)),
        Lookup::Assumed => "assumed".to_owned(),
        Lookup::Absent => "absent".to_owned(),
    }
}

#[test]
fn the_embedded_list_knows_supported_tags_and_says_so_of_the_others() {
    let embedded = Catalogue::embedded();
    let alpine = "official: linux/amd64 linux/386 linux/arm/v6 linux/arm/v7 linux/arm64/v8 \
                  linux/ppc64le linux/riscv64 linux/s390x";
    assert_eq!(platforms(&embedded, "alpine"), alpine);
    assert_eq!(
        platforms(&embedded, "docker.io/library/alpine:3.22"),
        alpine
    );
    assert_eq!(platforms(&embedded, "alpine:3.15"), "assumed");
    assert_eq!(platforms(&embedded, "acme/app"), "assumed");
    assert_eq!(platforms(&embedded, "ghcr.io/library/alpine"), "assumed");
    assert_eq!(
        platforms(&embedded, "amazoncorretto:11-al2-jdk"),
        "official: linux/amd64 linux/arm64/v8"
    );
    let pinned = format!("alpine@{}", Digest::sha256(b""));
    assert_eq!(platforms(&embedded, &pinned), "assumed");
}

#[test]
fn a_file_is_complete_and_keeps_spellings() {
    let (catalogue, errors) = read(
        r#"{"alpine:3.20":{"index":[{"platform":"linux/arm64/v8","configPlatform":"linux/amd64"},
        {"platform":"linux/arm"}]},"ghcr.io/o/one":{"manifest":{"platform":"linux/amd64",
        "config":{"Env":["A=1"],"ExposedPorts":{"80/tcp":{}}},"diffIds":[]}}}"#,
    );
    assert_eq!(errors, []);
    assert_eq!(
        platforms(&catalogue, "alpine:3.20"),
        "linux/arm64/v8 linux/arm"
    );
    assert_eq!(platforms(&catalogue, "ghcr.io/o/one:latest"), "linux/amd64");
    assert_eq!(platforms(&catalogue, "alpine:3.21"), "absent");
    let reference: Reference = "alpine:3.20".parse().unwrap();
    let Lookup::Known(image) = catalogue.lookup(&reference) else {
        panic!("it is listed");
    };
    let arm64 = image.select(&Platform::new("linux", "arm64")).unwrap();
    assert_eq!(arm64.own_platform().unwrap().specifier(), "linux/amd64");
    assert!(image.select(&Platform::new("linux", "s390x")).is_none());
}

#[test]
fn a_broken_file_is_told_where() {
    for (text, expected) in [
        (
            "{",
            "line 1, column 1: not JSON: EOF while parsing an object",
        ),
        (
            "[]",
            "the file: a list where an object of references is needed",
        ),
        (
            r#"{"A B":{"index":[]}}"#,
            "A B: not a reference: invalid reference format",
        ),
        (
            r#"{"a":{"index":{}}}"#,
            "a.index: an object where a list of entries is needed",
        ),
        (
            r#"{"a":{}}"#,
            "a: an object where an object with \"index\" or \"manifest\" is needed",
        ),
        (
            r#"{"a":{"index":[{"platform":"bogus"}]}}"#,
            "a.index[0].platform: \"bogus\": unknown operating system or architecture",
        ),
        (
            r#"{"a":{"index":[7]}}"#,
            "a.index[0]: a number where an object is needed",
        ),
    ] {
        let (_, errors) = read(text);
        let message = errors.first().unwrap().to_string();
        assert!(message.starts_with(expected), "{message}");
    }
}

#[test]
fn a_file_can_leave_the_rest_to_the_embedded_list_and_say_what_does_not_exist() {
    let text = r#"{"*":"embedded","acme/gone":{"absent":true},
        "acme/app":{"index":[{"platform":"linux/s390x"}]}}"#;
    let (catalogue, errors) = read(text);
    assert_eq!(errors, []);
    assert_eq!(platforms(&catalogue, "acme/app"), "linux/s390x");
    assert_eq!(platforms(&catalogue, "acme/gone"), "absent");
    assert_eq!(platforms(&catalogue, "acme/other"), "assumed");
    assert!(platforms(&catalogue, "alpine").starts_with("official: "));
    let (_, errors) = read(r#"{"*":"all"}"#);
    assert_eq!(errors.len(), 1);
}
