//! What names say: CPUs in file names and addresses, and endings of files that run on any CPU.

#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "tools compare names to the letter"
)]

use super::label::Machine;
use crate::platform::Platform;

/// Endings of data, scripts and code for virtual machines.
const PORTABLE: &[&str] = &[
    "txt",
    "md",
    "rst",
    "json",
    "yaml",
    "yml",
    "toml",
    "ini",
    "cfg",
    "conf",
    "properties",
    "xml",
    "xsd",
    "csv",
    "tsv",
    "sql",
    "html",
    "htm",
    "css",
    "scss",
    "less",
    "js",
    "mjs",
    "cjs",
    "ts",
    "tsx",
    "jsx",
    "vue",
    "svelte",
    "map",
    "py",
    "pyc",
    "pyi",
    "rb",
    "php",
    "pl",
    "pm",
    "lua",
    "sh",
    "bash",
    "zsh",
    "ps1",
    "bat",
    "r",
    "go",
    "rs",
    "c",
    "h",
    "cc",
    "cpp",
    "hpp",
    "java",
    "kt",
    "scala",
    "groovy",
    "cs",
    "fs",
    "vb",
    "swift",
    "ex",
    "exs",
    "erl",
    "beam",
    "clj",
    "jar",
    "war",
    "ear",
    "class",
    "wasm",
    "dll",
    "pdb",
    "nupkg",
    "png",
    "jpg",
    "jpeg",
    "gif",
    "svg",
    "ico",
    "webp",
    "avif",
    "bmp",
    "woff",
    "woff2",
    "ttf",
    "otf",
    "eot",
    "mp3",
    "mp4",
    "webm",
    "pdf",
    "pem",
    "crt",
    "cer",
    "key",
    "pub",
    "csr",
    "p12",
    "jks",
    "lock",
    "mod",
    "sum",
    "env",
    "tmpl",
    "tpl",
    "j2",
    "template",
    "proto",
    "graphql",
    "service",
    "timer",
    "socket",
    "gradle",
    "csproj",
    "sln",
    "po",
    "mo",
    "locale",
    "dat",
    "rules",
    "desktop",
    "list",
    "asc",
    "gpg",
    "patch",
    "diff",
    "d",
    "1",
    "example",
    "sample",
    "gemspec",
    "erb",
    "ejs",
    "hbs",
    "cr",
    "nim",
    "zig",
    "zon",
];

/// Names of files that are always text.
const TEXTS: &[&str] = &[
    "Dockerfile",
    "Makefile",
    "LICENSE",
    "NOTICE",
    "README",
    "Gemfile",
    "Rakefile",
    "Procfile",
    "passwd",
    "group",
    "hosts",
    "Jenkinsfile",
    "Vagrantfile",
    "CHANGELOG",
    "AUTHORS",
    "VERSION",
    ".dockerignore",
    ".gitignore",
    ".npmrc",
    ".env",
    "gradlew",
    "mvnw",
    ".keep",
    ".gitkeep",
    "go.mod",
    "go.sum",
];

/// Folders of an image that hold data only.
const DATA_FOLDERS: &[&str] = &[
    "/usr/share/zoneinfo/",
    "/etc/ssl/",
    "/etc/pki/",
    "/usr/share/ca-certificates/",
];

/// The last part of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or(path)
}

/// Whether a name alone says that the file is for any CPU.
pub(super) fn is_portable(path: &str) -> bool {
    let name = file_name(path);
    if TEXTS.contains(&name) || DATA_FOLDERS.iter().any(|folder| path.starts_with(folder)) {
        return true;
    }
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let ending = ending.to_ascii_lowercase();
    !ending.is_empty() && PORTABLE.contains(&ending.as_str())
}

/// What a wheel's name says, if it is one.
pub(super) fn wheel(path: &str) -> Option<Machine> {
    let name = file_name(path).strip_suffix(".whl")?;
    if name.ends_with("-any") {
        return Some(Machine::Any);
    }
    let tag = name.rsplit('-').next().unwrap_or_default();
    Some(cpu(tag).map_or(Machine::Unknown, Machine::For))
}

/// Whether the name is that of an archive.
pub(crate) fn is_archive(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    [
        ".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz", ".tbz2", ".tar.zst",
        ".zip", ".gz", ".xz", ".bz2", ".zst", ".deb", ".rpm", ".apk", ".7z",
    ]
    .iter()
    .any(|ending| name.ends_with(ending))
}

/// Archives that ADD unpacks.
pub(super) fn is_tar(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    name.contains(".tar")
        || name.ends_with(".tgz")
        || name.ends_with(".txz")
        || name.ends_with(".tbz2")
}

/// The only CPU that a name or address speaks of. Two different ones are none.
pub(super) fn cpu(text: &str) -> Option<Platform> {
    let text = text.to_ascii_lowercase();
    let text = text.replace("x86_64", "amd64").replace("x86-64", "amd64");
    let words: Vec<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let mut found: Option<(&str, &str)> = None;
    let mut os = "linux";
    for (at, word) in words.iter().enumerate() {
        os = system(word).unwrap_or(os);
        let Some(mut this) = architecture(word) else {
            continue;
        };
        if this == ("arm", "") {
            this.1 = match words.get(at + 1).copied() {
                Some("v5" | "5") => "v5",
                Some("v6" | "6") => "v6",
                Some("v7" | "7") => "v7",
                Some("v8") => return None,
                _ => "",
            };
        }
        match found {
            Some(other) if other.0 != this.0 => return None,
            Some(other) if other.1 != this.1 && !this.1.is_empty() && !other.1.is_empty() => {
                return None;
            }
            Some(other) if !other.1.is_empty() => {}
            _ => found = Some(this),
        }
    }
    let (architecture, variant) = found?;
    Some(platform(os, architecture, variant))
}

fn system(word: &str) -> Option<&'static str> {
    Some(match word {
        "linux" | "linux64" => "linux",
        "darwin" | "macos" | "macosx" | "apple" | "osx" => "darwin",
        "windows" | "win" | "win64" | "win32" => "windows",
        "freebsd" => "freebsd",
        _ => return None,
    })
}

/// Go's architecture and variant for a word of a name.
pub(super) fn architecture(word: &str) -> Option<(&'static str, &'static str)> {
    Some(match word {
        "amd64" | "x64" | "linux64" | "amd64v1" | "64bit" => ("amd64", ""),
        "aarch64" | "arm64" | "arm64v8" | "armv8" => ("arm64", ""),
        "armv7" | "armv7l" | "armv7hf" | "arm32v7" | "armv7a" | "armv7h" => ("arm", "v7"),
        "armv6" | "armv6l" | "armv6hf" | "arm32v6" => ("arm", "v6"),
        "armv5" | "armv5te" | "arm32v5" => ("arm", "v5"),
        "arm" | "armhf" | "arm32" => ("arm", ""),
        "i386" | "i586" | "i686" | "386" | "linux32" => ("386", ""),
        "ppc64le" | "powerpc64le" | "ppc64el" => ("ppc64le", ""),
        "s390x" => ("s390x", ""),
        "riscv64" | "riscv64gc" => ("riscv64", ""),
        "mips64le" | "mips64el" => ("mips64le", ""),
        "loong64" | "loongarch64" => ("loong64", ""),
        _ => return None,
    })
}

/// What a compiler's target triple says, such as `aarch64-unknown-linux-musl` or Zig's
/// `x86_64-linux-gnu.2.28`.
pub(super) fn triple(text: &str) -> Option<Machine> {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("wasm32") || lower.starts_with("wasm64") {
        return Some(Machine::Any);
    }
    if lower.starts_with("thumbv") || lower.contains("-none") {
        return Some(Machine::Unknown);
    }
    let mut platform = cpu(text)?;
    // `arm-unknown-linux-gnueabihf` of Rust is ARMv6, Debian's is ARMv7: not known.
    if platform.architecture == "arm" && lower.starts_with("arm-") {
        platform.variant.clear();
    }
    Some(Machine::For(platform))
}

/// As written, without a default variant.
pub(super) fn platform(os: &str, architecture: &str, variant: &str) -> Platform {
    Platform {
        os: os.to_owned(),
        architecture: architecture.to_owned(),
        variant: variant.to_owned(),
        ..Platform::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_one_cpu_or_none() {
        for (text, expected) in [
            ("https://x/v1/linux/arm64/kubectl", Some("linux/arm64")),
            ("tool_1.2_Linux_x86_64.tar.gz", Some("linux/amd64")),
            ("tool-darwin-arm64", Some("darwin/arm64")),
            ("app-linux-armv7", Some("linux/arm/v7")),
            ("manylinux_2_17_aarch64", Some("linux/arm64")),
            ("node-v22-linux-x64.tar.xz", Some("linux/amd64")),
            ("amd64-and-arm64", None),
            ("charm64x", None),
            ("latest/tool", None),
        ] {
            let found = cpu(text).map(|platform| Machine::For(platform).text());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
