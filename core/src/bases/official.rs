//! The embedded list of Docker Official Images: platforms of the supported tags, no configs.
//!
//! A tag that is not listed is not known, never absent: `alpine:3.15` is real and not here. The
//! form of the data is described in its own head.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::platform::Platform;
use crate::reference::{Reference, Target};

use super::{Entry, Image};

const DATA: &str = include_str!("official-images.txt");

/// Where the list comes from, for people.
pub const OFFICIAL_SOURCE: &str =
    "docker-library/official-images at 37079fb336f572a88700cf32e5e1f6be54a04e8f (2026-08-21)";

/// The image of a listed tag of an official repository.
pub(super) fn lookup(reference: &Reference) -> Option<Image> {
    if reference.digest.is_some() || reference.host != "docker.io" {
        return None;
    }
    let repository = reference.path.strip_prefix("library/")?;
    let Target::Tag(tag) = reference.target() else {
        return None;
    };
    let architectures = architectures(repository, &tag)?;
    let entries = architectures.chars().filter_map(platform).map(|platform| {
        let platform = Some(platform);
        Entry {
            platform,
            ..Entry::default()
        }
    });
    Some(Image::Index(entries.collect()))
}

/// Whether Docker Hub's `library/` has, or had, an official image of that name.
pub fn is_official_repository(name: &str) -> bool {
    FORMER.contains(&name) || SETS.contains_key(name)
}

/// Names of the supported official images, in order.
pub fn official_repositories() -> impl Iterator<Item = &'static str> {
    SETS.keys().copied()
}

/// The listed tags of an official image, each once, in order; none for another image.
pub fn official_tags(repository: &str) -> BTreeSet<String> {
    let sets = SETS.get(repository).copied().unwrap_or_default();
    let sets = sets.lines();
    sets.flat_map(|set| unfolded(set.split_ascii_whitespace().skip(1)))
        .collect()
}

/// Official images that are no longer supported, but still there.
const FORMER: [&str; 12] = [
    "centos",
    "java",
    "nats-streaming",
    "openjdk",
    "opensuse",
    "fsharp",
    "glassfish",
    "jenkins",
    "owncloud",
    "vault",
    "consul",
    "iojs",
];

/// The letters of the first set of architectures that lists the tag. A tag can stand in several
/// sets (Windows apart from Linux); they are joined.
fn architectures(repository: &str, tag: &str) -> Option<String> {
    let mut letters = String::new();
    for line in SETS.get(repository)?.lines() {
        let mut words = line.split_ascii_whitespace();
        let set = words.next()?;
        if has_tag(words, tag) {
            letters.push_str(set);
        }
    }
    (!letters.is_empty()).then_some(letters)
}

/// Each repository's lines of sets, found once: the list is large and asked for at every FROM.
static SETS: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
    let mut sets = BTreeMap::new();
    let mut rest = DATA;
    while let Some((line, behind)) = rest.split_once('\n') {
        if line.starts_with('#') {
            rest = behind;
            continue;
        }
        let lines = behind.split_inclusive('\n');
        let own = lines.take_while(|line| line.starts_with(' '));
        let (own, behind) = behind.split_at(own.map(str::len).sum());
        sets.insert(line, own);
        rest = behind;
    }
    sets
});

/// Whether the folded tags have this one.
fn has_tag<'a>(words: impl Iterator<Item = &'a str>, tag: &str) -> bool {
    let mut current = String::new();
    words.into_iter().any(|word| {
        unfold(&mut current, word);
        current == tag
    })
}

fn unfolded<'a>(words: impl Iterator<Item = &'a str>) -> impl Iterator<Item = String> {
    words.scan(String::new(), |current, word| {
        unfold(current, word);
        Some(current.clone())
    })
}

/// Turns a tag into the next one, which says how much it shares with its predecessor.
fn unfold(current: &mut String, word: &str) {
    let mut chars = word.chars();
    let shared = chars.next().map_or(0, shared);
    current.truncate(shared);
    current.push_str(chars.as_str());
}

fn shared(digit: char) -> usize {
    let base = match digit {
        '0'..='9' => return digit as usize - '0' as usize,
        'a'..='z' => 'a' as usize - 10,
        'A'..='Z' => 'A' as usize - 36,
        _ => return 0,
    };
    digit as usize - base
}

fn platform(letter: char) -> Option<Platform> {
    let (architecture, variant) = match letter {
        'a' => ("amd64", ""),
        'i' => ("386", ""),
        '5' => ("arm", "v5"),
        '6' => ("arm", "v6"),
        '7' => ("arm", "v7"),
        '8' => ("arm64", "v8"),
        'm' => ("mips64le", ""),
        'p' => ("ppc64le", ""),
        'r' => ("riscv64", ""),
        's' => ("s390x", ""),
        'w' => ("amd64", ""),
        _ => return None,
    };
    Some(Platform {
        os: if letter == 'w' { "windows" } else { "linux" }.to_owned(),
        architecture: architecture.to_owned(),
        variant: variant.to_owned(),
        ..Platform::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_repository_has_its_sets() {
        assert_eq!(SETS.len(), 144);
        let indented = DATA.lines().filter(|line| line.starts_with(' '));
        let sets = SETS.values().flat_map(|sets| sets.lines());
        assert_eq!(sets.count(), indented.count());
        assert!(SETS["alpine"].contains(" 0edge "));
        assert!(!is_official_repository("# Docker"));
    }
}
