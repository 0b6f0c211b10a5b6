//! What the entries of an archive come to: programs by path, and what covers lower layers.
//!
//! Within one archive a later entry replaces an earlier one of the same path, as it does when it is
//! unpacked.

use std::collections::BTreeMap;

use crate::verify::covered::{Covered, Mark};
use crate::verify::layer::{Executable, HardLink, LayerFacts, PER_PATH, Program};

/// Most bytes of paths that are kept. A distribution's image has a few hundred kilobytes.
const MOST_PATHS: usize = 8 * 1024 * 1024;

#[derive(Default)]
pub(super) struct Contents {
    programs: BTreeMap<String, Program>,
    links: BTreeMap<String, String>,
    covered: Covered,
    kept: usize,
    is_cut: bool,
}

impl Contents {
    pub(super) fn directory(&mut self, path: &str) {
        self.forget(path);
        self.covered.mark(Mark::Directory, path);
    }

    pub(super) fn file(&mut self, path: String, program: Option<Program>) {
        if self.white_out(&path) {
            return;
        }
        self.replace(&path);
        if let Some(program) = program
            && self.fits(path.len())
        {
            self.programs.insert(path, program);
        }
    }

    pub(super) fn hard_link(&mut self, path: String, target: &str) {
        self.replace(&path);
        if let Some(program) = self.programs.get(target).cloned() {
            if self.fits(path.len()) {
                self.programs.insert(path, program);
            }
            return;
        }
        let target = self
            .links
            .get(target)
            .map_or(target, String::as_str)
            .to_owned();
        let after = self.kept + path.len() + target.len() + PER_PATH;
        if after > MOST_PATHS && !self.is_cut {
            self.settle();
        }
        if self.fits(path.len() + target.len()) {
            self.links.insert(path, target);
        }
    }

    /// Symbolic links, devices and the like.
    pub(super) fn other(&mut self, path: &str) {
        if !self.white_out(path) {
            self.replace(path);
        }
    }

    pub(super) fn finish(mut self) -> LayerFacts {
        self.settle();
        let executables = self.programs.into_iter();
        let links = self.links.into_iter();
        LayerFacts {
            executables: executables
                .map(|(path, program)| Executable { path, program })
                .collect(),
            links: links
                .map(|(path, target)| HardLink { path, target })
                .collect(),
            covered: self.covered,
            unexamined: self.is_cut.then(|| {
                "it holds more programs than are kept in mind; not all were looked at".to_owned()
            }),
            ..LayerFacts::default()
        }
    }

    /// Whether the entry is a white-out (`.wh.NAME`, `.wh..wh..opq`) or one of AUFS' own files.
    fn white_out(&mut self, path: &str) -> bool {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let Some(name) = name.strip_prefix(".wh.") else {
            return false;
        };
        if name == ".wh..opq" {
            let folder = if folder.is_empty() { "/" } else { folder };
            self.covered.mark(Mark::Opaque, folder);
        } else if !name.is_empty() && !name.starts_with(".wh.") {
            self.covered.mark(Mark::Entry, &format!("{folder}/{name}"));
        }
        true
    }

    fn replace(&mut self, path: &str) {
        self.forget(path);
        self.covered.mark(Mark::Entry, path);
    }

    fn forget(&mut self, path: &str) {
        if self.programs.remove(path).is_some() {
            self.kept = self.kept.saturating_sub(path.len() + PER_PATH);
        }
        if let Some(target) = self.links.remove(path) {
            let length = path.len() + target.len() + PER_PATH;
            self.kept = self.kept.saturating_sub(length);
        }
    }

    /// Whether there is room for a path of that length; takes it if there is.
    fn fits(&mut self, length: usize) -> bool {
        let after = self.kept + length + PER_PATH;
        let fits = after <= MOST_PATHS;
        if fits {
            self.kept = after;
        } else {
            self.is_cut = true;
        }
        fits
    }

    /// Sorts the covered paths, and drops links to files of this layer: what they link to is known
    /// and is no program.
    fn settle(&mut self) {
        self.covered.settle();
        let covered = &self.covered;
        let mut freed = 0;
        self.links.retain(|path, target| {
            let is_here = covered.has(Mark::Entry, target);
            if is_here {
                freed += path.len() + target.len() + PER_PATH;
            }
            !is_here
        });
        self.kept = self.kept.saturating_sub(freed);
    }
}
