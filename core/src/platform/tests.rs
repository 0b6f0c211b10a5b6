//! Tables of cases after containerd's documentation and recorded behaviour.

use super::*;

fn parse(text: &str) -> String {
    text.parse::<Platform>()
        .map_or_else(|error| format!("error: {error}"), |p| p.to_string())
}

#[test]
fn parsing_normalises() {
    for (text, expected) in [
        ("linux/amd64", "linux/amd64"),
        ("linux/x86_64", "linux/amd64"),
        ("linux/amd64/v1", "linux/amd64"),
        ("linux/amd64/v3", "linux/amd64/v3"),
        ("linux/arm64/v8", "linux/arm64"),
        ("linux/aarch64", "linux/arm64"),
        ("linux/arm64/9.0", "linux/arm64/v9"),
        ("linux/arm", "linux/arm/v7"),
        ("linux/arm/6", "linux/arm/v6"),
        ("linux/armhf", "linux/arm/v7"),
        ("linux/armel", "linux/arm/v6"),
        ("linux/i386/foo", "linux/386"),
        ("Linux/ARM64", "linux/arm64"),
        ("macos/arm64", "darwin/arm64"),
        ("arm64", "linux/arm64"),
        ("armhf", "linux/arm/v7"),
        ("windows", "windows/amd64"),
        ("linux/zzz", "linux/zzz"),
        (
            "windows(10.0.17763.4131)/amd64",
            "windows(10.0.17763.4131)/amd64",
        ),
        (
            "windows(10.0.17763+win32k)/amd64",
            "windows(10.0.17763+win32k)/amd64",
        ),
    ] {
        assert_eq!(parse(text), expected, "{text}");
    }
}

#[test]
fn errors_have_containerds_texts() {
    for (text, expected) in [
        (
            "bogus",
            r#""bogus": unknown operating system or architecture: invalid argument"#,
        ),
        (
            "linux/*",
            r#""linux/*": wildcards not yet supported: invalid argument"#,
        ),
        (
            "linux/foo/bar/baz",
            r#""linux/foo/bar/baz": cannot parse platform specifier: invalid argument"#,
        ),
        (
            "linux/amd 64",
            r#""amd 64" is an invalid component of "linux/amd 64": platform specifier component must match "^[A-Za-z0-9_.-]+$": invalid argument"#,
        ),
        (
            "a/b/c/d/e",
            r#""d/e" is an invalid component of "a/b/c/d/e": platform specifier component must match "^[A-Za-z0-9_.-]+$": invalid argument"#,
        ),
        (
            "a b",
            r#""a b" is an invalid OS component of "a b": OSAndVersion specifier component must match "^([A-Za-z0-9_-]+)(?:\\(([A-Za-z0-9_.%-]*)((?:\\+[A-Za-z0-9_.%-]+)*)\\))?$": invalid argument"#,
        ),
    ] {
        assert_eq!(parse(text), format!("error: {expected}"), "{text}");
    }
}

#[test]
fn what_counts_as_the_same_platform() {
    let raw = |architecture: &str, variant: &str| Platform {
        os: "linux".into(),
        architecture: architecture.into(),
        variant: variant.into(),
        ..Platform::default()
    };
    assert!(raw("arm64", "v8").is_same(&raw("arm64", "")));
    assert!(raw("arm", "").is_same(&raw("arm", "v7")));
    assert!(raw("aarch64", "").is_same(&raw("arm64", "")));
    assert!(!raw("arm", "v6").is_same(&raw("arm", "v7")));
    let windows = |version: &str| Platform {
        os: "windows".into(),
        architecture: "amd64".into(),
        os_version: version.into(),
        ..Platform::default()
    };
    assert!(!windows("10.0.17763.1").is_same(&windows("10.0.20348.1")));
}

fn vector(text: &str) -> String {
    let matcher = Matcher::only(&text.parse().unwrap());
    let names: Vec<String> = matcher
        .candidates()
        .iter()
        .map(|p| p.to_string().replace("linux/", ""))
        .collect();
    names.join(" ")
}

#[test]
fn fall_backs_stand_in_containerds_order() {
    for (text, expected) in [
        ("linux/amd64", "amd64 386"),
        ("linux/amd64/v3", "amd64/v3 amd64/v2 amd64 386"),
        ("linux/arm/v7", "arm/v7 arm/v6 arm/v5"),
        ("linux/arm/v6", "arm/v6 arm/v5"),
        ("linux/arm64", "arm64 arm/v8 arm/v7 arm/v6 arm/v5"),
        (
            "linux/arm64/v9",
            "arm64/v9 arm64/v8.5 arm64/v8.4 arm64/v8.3 arm64/v8.2 arm64/v8.1 arm64 arm/v8 arm/v7 arm/v6 arm/v5",
        ),
        ("linux/riscv64", "riscv64"),
        ("linux/386", "386"),
    ] {
        assert_eq!(vector(text), expected, "{text}");
    }
}

#[test]
fn selection_prefers_the_best_and_then_the_first() {
    let entries: Vec<Platform> = ["linux/arm/v6", "linux/arm/v7", "linux/amd64", "linux/arm64"]
        .iter()
        .map(|text| text.parse().unwrap())
        .collect();
    let choose = |text: &str| select(&text.parse().unwrap(), &entries);
    assert_eq!(choose("linux/arm64"), Some(3));
    assert_eq!(choose("linux/arm/v7"), Some(1));
    assert_eq!(
        select(&"linux/arm64".parse().unwrap(), &entries[..3]),
        Some(1)
    );
    assert_eq!(choose("linux/riscv64"), None);
    assert_eq!(
        select(
            &"linux/amd64".parse().unwrap(),
            [&Platform::new("unknown", "unknown")]
        ),
        None
    );
}
