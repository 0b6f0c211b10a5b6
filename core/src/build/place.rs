//! Where a program of a step is executed: on a CPU of its kind, under an emulator, or not at all.
//!
//! The order is BuildKit's (`executor`, `util/archutil`): what the worker's own list holds runs as
//! it is, then comes the kernel's binfmt, then an emulator that BuildKit brings along.

use crate::environment::Environment;
use crate::platform::Platform;

/// How a step's program is executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// On a CPU of its own kind.
    Native,
    /// Under QEMU.
    Emulated,
    /// Not at all: the builder has neither the CPU nor an emulator.
    Unsupported,
}

/// Where a step for `platform` runs on a builder.
pub fn place(platform: &Platform, environment: &Environment) -> Place {
    let platform = platform.normalised();
    let nodes = environment
        .nodes
        .iter()
        .filter_map(|node| node.platforms.first());
    let mut nodes = nodes;
    if nodes.any(|native| runs_on(&platform, &native.normalised())) {
        return Place::Native;
    }
    if platform.os != "linux" || is_beyond_emulators(&platform) {
        return Place::Unsupported;
    }
    let lists = [&environment.binfmt, &environment.emulators];
    let known = lists.into_iter().flatten().any(|name| {
        let name = name.as_str();
        name == platform.architecture || name == "all"
    });
    if known {
        Place::Emulated
    } else {
        Place::Unsupported
    }
}

/// Whether a CPU executes programs of a platform by itself.
///
/// The levels of amd64 above v2 depend on the machine; a machine that says its level has the ones
/// below. 64-bit ARM servers without 32-bit mode exist, but BuildKit's list says what it finds;
/// here the common case is assumed.
fn runs_on(platform: &Platform, native: &Platform) -> bool {
    if platform.os != native.os {
        return false;
    }
    match (platform.architecture.as_str(), native.architecture.as_str()) {
        ("amd64", "amd64") => level(platform) <= level(native).max(2),
        ("386", "amd64") | ("arm", "arm64") => true,
        ("arm", "arm") => level(platform) <= level(native),
        (wanted, native) => wanted == native,
    }
}

fn level(platform: &Platform) -> u32 {
    let digits = platform.variant.trim_start_matches('v');
    digits.parse().unwrap_or(1)
}

/// BuildKit emulates amd64 only up to v2.
fn is_beyond_emulators(platform: &Platform) -> bool {
    platform.architecture == "amd64" && level(platform) > 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn native_then_emulated_then_nothing() {
        let mut environment = Environment::newest();
        let at = |text: &str, environment: &Environment| {
            place(&text.parse::<Platform>().unwrap(), environment)
        };
        for (platform, expected) in [
            ("linux/amd64", Place::Native),
            ("linux/386", Place::Native),
            ("linux/amd64/v2", Place::Native),
            ("linux/amd64/v3", Place::Unsupported),
            ("linux/arm64", Place::Emulated),
            ("linux/arm/v7", Place::Emulated),
            ("linux/mips64le", Place::Unsupported),
            ("windows/amd64", Place::Unsupported),
        ] {
            assert_eq!(at(platform, &environment), expected, "{platform}");
        }
        environment.emulators.clear();
        assert_eq!(at("linux/arm64", &environment), Place::Unsupported);
        environment.binfmt = vec!["arm64".to_owned()];
        assert_eq!(at("linux/arm64", &environment), Place::Emulated);
        assert_eq!(at("linux/s390x", &environment), Place::Unsupported);
    }
}
