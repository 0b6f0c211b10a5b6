//! containerd's spelling of systems and architectures (`platforms/database.go`).

use std::borrow::Cow;

/// Lower-cased; `macos` is `darwin`; empty is `linux`, since no host is asked.
pub(super) fn os(os: &str) -> Cow<'_, str> {
    let os = lower(os);
    match &*os {
        "" => Cow::Borrowed("linux"),
        "macos" => Cow::Borrowed("darwin"),
        _ => os,
    }
}

/// Architecture and variant in containerd's spelling.
pub(super) fn architecture<'a>(
    architecture: &'a str,
    variant: &'a str,
) -> (Cow<'a, str>, Cow<'a, str>) {
    let (architecture, variant) = (lower(architecture), lower(variant));
    let (normal, normal_variant) = match (&*architecture, &*variant) {
        ("i386", _) => ("386", ""),
        ("x86_64" | "x86-64" | "amd64", "v1") => ("amd64", ""),
        ("x86_64" | "x86-64", _) => return (Cow::Borrowed("amd64"), variant),
        ("aarch64" | "arm64", "8" | "v8" | "v8.0") => ("arm64", ""),
        ("aarch64" | "arm64", "9" | "9.0" | "v9.0") => ("arm64", "v9"),
        ("aarch64", _) => return (Cow::Borrowed("arm64"), variant),
        ("armhf", _) => ("arm", "v7"),
        ("armel", _) => ("arm", "v6"),
        ("arm", "" | "7") => ("arm", "v7"),
        ("arm", "5") => ("arm", "v5"),
        ("arm", "6") => ("arm", "v6"),
        ("arm", "8") => ("arm", "v8"),
        _ => return (architecture, variant),
    };
    (Cow::Borrowed(normal), Cow::Borrowed(normal_variant))
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

pub(super) fn is_known_os(os: &str) -> bool {
    OPERATING_SYSTEMS.contains(&os)
}

pub(super) fn is_known_architecture(architecture: &str) -> bool {
    ARCHITECTURES.contains(&architecture)
}

const OPERATING_SYSTEMS: [&str; 17] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "windows",
    "zos",
];

const ARCHITECTURES: [&str; 24] = [
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "armbe",
    "arm64",
    "arm64be",
    "ppc64",
    "ppc64le",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "ppc",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
];
