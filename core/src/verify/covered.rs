//! Which paths a layer replaces or hides, in a few bytes each.
//!
//! A layer can hold millions of entries, and all layers of an image are judged together, so paths
//! are kept as 64-bit hashes. Two paths that collide (one chance in 10¹³ for a large layer) would
//! hide a file from the check of its CPU; nothing else depends on it.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Most marks of one layer: 4 MiB.
const MOST: usize = 512 * 1024;

/// The paths, as a lookup.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Covered {
    /// Sorted, each once.
    marks: Vec<u64>,
    /// Whether there were more entries than are kept.
    is_cut: bool,
}

/// How an entry covers what is below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Mark {
    /// Anything but a directory, or a white-out: the path, and all below it if it was a directory.
    Entry,
    /// A directory: only what was no directory at the same path.
    Directory,
    /// An opaque white-out: all below the path.
    Opaque,
}

impl Covered {
    /// Whether a file at `path`, absolute and clean, from a lower layer is no longer there.
    pub fn covers(&self, path: &str) -> bool {
        if self.marks.is_empty() {
            return false;
        }
        if self.has(Mark::Entry, path) || self.has(Mark::Directory, path) {
            return true;
        }
        let mut parent = path;
        while let Some((above, _)) = parent.rsplit_once('/') {
            if above.is_empty() {
                return self.has(Mark::Opaque, "/");
            }
            if self.has(Mark::Entry, above) || self.has(Mark::Opaque, above) {
                return true;
            }
            parent = above;
        }
        false
    }

    /// Whether the layer has more entries than are kept, so that a file may be covered although
    /// [`Covered::covers`] does not say so.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Of a layer of whose entries none is kept.
    pub fn cut() -> Self {
        Self {
            is_cut: true,
            ..Self::default()
        }
    }

    /// In bytes.
    pub(super) fn weight(&self) -> usize {
        self.marks.capacity() * size_of::<u64>()
    }

    /// Adds a path. Call [`Covered::settle`] before asking.
    pub(super) fn mark(&mut self, mark: Mark, path: &str) {
        if self.is_cut {
            return;
        }
        if self.marks.len() >= MOST {
            self.settle();
            // Sorting again and again for little room would take time without bound.
            self.is_cut = self.marks.len() > MOST / 4 * 3;
        }
        if !self.is_cut {
            self.marks.push(hash(mark, path));
        }
    }

    pub(super) fn settle(&mut self) {
        self.marks.sort_unstable();
        self.marks.dedup();
    }

    pub(super) fn has(&self, mark: Mark, path: &str) -> bool {
        self.marks.binary_search(&hash(mark, path)).is_ok()
    }
}

fn hash(mark: Mark, path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (mark, path).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(marks: &[(Mark, &str)]) -> Covered {
        let mut covered = Covered::default();
        for (mark, path) in marks {
            covered.mark(*mark, path);
        }
        covered.settle();
        covered
    }

    #[test]
    fn files_are_covered_by_what_stands_at_or_above_their_path() {
        for (mark, at, path, expected) in [
            (Mark::Entry, "/usr/bin/x", "/usr/bin/x", true),
            (Mark::Entry, "/usr/bin", "/usr/bin/x", true),
            (Mark::Entry, "/usr", "/usr/bin/x", true),
            (Mark::Entry, "/usr/bin/x", "/usr/bin/xy", false),
            (Mark::Entry, "/usr/bin/x/y", "/usr/bin/x", false),
            (Mark::Directory, "/usr/bin/x", "/usr/bin/x", true),
            (Mark::Directory, "/usr/bin", "/usr/bin/x", false),
            (Mark::Opaque, "/usr", "/usr/bin/x", true),
            (Mark::Opaque, "/", "/usr/bin/x", true),
            (Mark::Opaque, "/", "/x", true),
            (Mark::Opaque, "/usr/bin/x", "/usr/bin/x", false),
        ] {
            let covered = covered(&[(mark, at)]);
            assert_eq!(covered.covers(path), expected, "{mark:?} {at} over {path}");
        }
        assert!(!Covered::default().covers("/x"));
    }

    #[test]
    fn more_entries_than_are_kept_are_admitted() {
        let mut covered = Covered::default();
        for _ in 0..MOST + 10 {
            covered.mark(Mark::Entry, "/the/same");
        }
        covered.settle();
        assert!(!covered.is_cut());
        for number in 0..=MOST {
            covered.mark(Mark::Entry, &format!("/{number}"));
        }
        covered.settle();
        assert!(covered.is_cut());
        assert!(covered.marks.capacity() <= MOST);
        assert!(covered.covers("/7/x"));
    }
}
