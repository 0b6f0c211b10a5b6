//! Whether a waiver covers a finding.

use super::Metadata;
use crate::diagnostic::{Diagnostic, Place, Subject};
use crate::verify::Waiver;

/// The reason of the first waiver that covers `diagnostic`, if its rule may be waived at all.
pub(super) fn covering(
    waivers: &[Waiver],
    diagnostic: &Diagnostic,
    metadata: &Metadata,
) -> Option<String> {
    if !metadata.waivable {
        return None;
    }
    let covers = |waiver: &&Waiver| {
        waiver.rule == diagnostic.rule
            && waiver.platform.as_ref().is_none_or(|p| {
                diagnostic
                    .platform()
                    .is_some_and(|of_finding| of_finding.is_same(p))
            })
            && waiver
                .path
                .as_ref()
                .is_none_or(|glob| path(diagnostic).is_some_and(|path| glob_matches(glob, path)))
    };
    waivers
        .iter()
        .find(covers)
        .map(|waiver| waiver.reason.clone())
}

fn path(diagnostic: &Diagnostic) -> Option<&str> {
    match &diagnostic.place {
        Place::Image {
            subject: Some(Subject::File { path, .. }),
            ..
        } => Some(path),
        Place::Image { .. } | Place::Source { .. } | Place::Nowhere => None,
    }
}

/// Whether a path matches a glob: `?` is one character, `*` any number without `/`, `**` any
/// number at all. Takes time in proportion to the product of both lengths.
pub fn glob_matches(glob: &str, path: &str) -> bool {
    let path: Vec<char> = path.chars().collect();
    // reachable[i]: the glob so far can match the first i characters.
    let mut reachable = vec![false; path.len() + 1];
    reachable[0] = true;
    let mut rest = glob;
    while let Some(first) = rest.chars().next() {
        let mut next = vec![false; path.len() + 1];
        if rest.starts_with('*') {
            let crosses = rest.starts_with("**");
            rest = &rest[if crosses { 2 } else { 1 }..];
            let mut open = false;
            for at in 0..=path.len() {
                open |= reachable[at];
                next[at] = open;
                open &= crosses || path.get(at).is_none_or(|c| *c != '/');
            }
        } else {
            rest = &rest[first.len_utf8()..];
            for (at, c) in path.iter().enumerate() {
                let fits = *c == first || first == '?' && *c != '/';
                next[at + 1] = reachable[at] && fits;
            }
        }
        reachable = next;
    }
    reachable.last().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_as_in_a_shell_with_double_stars() {
        for (glob, path, expected) in [
            ("/usr/lib/firmware/**", "/usr/lib/firmware/a/b.elf", true),
            ("/usr/lib/*", "/usr/lib/a", true),
            ("/usr/lib/*", "/usr/lib/a/b", false),
            ("**/testdata/**", "/go/src/testdata/x", true),
            ("/a?c", "/abc", true),
            ("/a?c", "/a/c", false),
            ("/a", "/ab", false),
            ("**", "/anything/at/all", true),
            ("", "", true),
            ("*", "", true),
            ("/é*", "/été", true),
        ] {
            assert_eq!(glob_matches(glob, path), expected, "{glob} {path}");
        }
    }
}
