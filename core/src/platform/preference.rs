//! Which entries of an index a client takes, best first (containerd `platforms/compare.go`).
//!
//! An arm64 client falls back to 32-bit arm entries, an amd64 client to 386 ones: that is how a
//! tag without arm64 "works" on an arm64 machine.

use super::Platform;

/// A platform and the ones that containerd accepts in its stead, in order of preference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matcher {
    candidates: Vec<Platform>,
}

impl Matcher {
    /// As `platforms.Only`: the platform itself, then its fall-backs.
    pub fn only(platform: &Platform) -> Self {
        Self {
            candidates: vector(&platform.normalised()),
        }
    }

    /// As `platforms.OnlyStrict`: the platform itself and nothing else.
    pub fn strict(platform: &Platform) -> Self {
        Self {
            candidates: vec![platform.normalised()],
        }
    }

    /// The platforms accepted, best first.
    pub fn candidates(&self) -> &[Platform] {
        &self.candidates
    }

    /// 0 for the best match, larger for worse ones, `None` where it does not match.
    pub fn rank(&self, entry: &Platform) -> Option<usize> {
        let normalised;
        let entry = if entry.is_normal() {
            entry
        } else {
            normalised = entry.normalised();
            &normalised
        };
        self.candidates
            .iter()
            .position(|candidate| matches(candidate, entry))
    }
}

/// Index of the entry that a client of `wanted` takes; ties keep the index's order.
pub fn select<'a>(
    wanted: &Platform,
    entries: impl IntoIterator<Item = &'a Platform>,
) -> Option<usize> {
    let matcher = Matcher::only(wanted);
    let ranked = entries.into_iter().enumerate();
    let ranked = ranked.filter_map(|(index, entry)| Some((matcher.rank(entry)?, index)));
    ranked.min().map(|(_, index)| index)
}

/// Both are normalised. A Windows build number matters only where both say one (`matchOSVersion`
/// compares the first three components).
fn matches(candidate: &Platform, entry: &Platform) -> bool {
    let version = |p: &Platform| {
        p.os_version
            .split('.')
            .take(3)
            .collect::<Vec<_>>()
            .join(".")
    };
    candidate.os == entry.os
        && candidate.architecture == entry.architecture
        && candidate.variant == entry.variant
        && (candidate.os_version.is_empty()
            || entry.os_version.is_empty()
            || version(candidate) == version(entry))
}

fn vector(platform: &Platform) -> Vec<Platform> {
    let with = |architecture: &str, variant: String| Platform {
        architecture: architecture.to_owned(),
        variant,
        ..platform.clone()
    };
    let mut vector = vec![platform.clone()];
    match platform.architecture.as_str() {
        "amd64" => {
            if let Some(level) = number(&platform.variant).filter(|level| *level > 1) {
                vector.extend((2..level).rev().map(|v| with("amd64", format!("v{v}"))));
                vector.push(with("amd64", String::new()));
            }
            vector.push(with("386", String::new()));
        }
        "arm" => {
            if let Some(level) = number(&platform.variant).filter(|level| *level > 5) {
                vector.extend((5..level).rev().map(|v| with("arm", format!("v{v}"))));
            }
        }
        "arm64" => {
            vector.extend(
                arm64_fall_backs(&platform.variant)
                    .into_iter()
                    .map(|variant| with("arm64", variant)),
            );
            vector.push(with("arm", "v8".to_owned()));
            vector.extend((5..8).rev().map(|v| with("arm", format!("v{v}"))));
        }
        _ => {}
    }
    vector
}

/// A v9.x CPU runs v9.0 to v9.x and v8.0 to v8.(x+5); plain arm64 is v8.0.
fn arm64_fall_backs(variant: &str) -> Vec<String> {
    let name = |major: u32, minor: u32| match (major, minor) {
        (8, 0) => String::new(),
        (major, 0) => format!("v{major}"),
        (major, minor) => format!("v{major}.{minor}"),
    };
    let Some((major, minor)) = major_minor(variant) else {
        return Vec::new();
    };
    let mut names: Vec<String> = (0..minor).rev().map(|minor| name(major, minor)).collect();
    if major == 9 {
        names.extend((0..=minor + 5).rev().map(|minor| name(8, minor)));
    }
    names
}

fn major_minor(variant: &str) -> Option<(u32, u32)> {
    let text = variant.strip_prefix('v')?;
    let (major, minor) = text.split_once('.').unwrap_or((text, "0"));
    let (major, minor) = (major.parse().ok()?, minor.parse().ok()?);
    // Beyond these the architecture has no such version; an absurd number must not cost memory.
    ((major == 8 || major == 9) && minor <= 15).then_some((major, minor))
}

fn number(variant: &str) -> Option<u32> {
    variant.strip_prefix('v')?.parse().ok().filter(|n| *n <= 15)
}
