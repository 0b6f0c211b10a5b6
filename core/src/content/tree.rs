//! The files of a stage, as far as they are known: what instructions brought, over an image of
//! which only the platform is known.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::label::{Label, Machine};
use super::names;

/// More files of one stage are not kept apart.
const MAX_NODES: usize = 50_000;

/// Folders that images have before anything is put there.
const STANDARD: &[&str] = &[
    "/",
    "/bin",
    "/sbin",
    "/lib",
    "/lib64",
    "/usr",
    "/usr/bin",
    "/usr/sbin",
    "/usr/lib",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/share",
    "/usr/include",
    "/usr/local",
    "/usr/local/bin",
    "/usr/local/sbin",
    "/usr/local/lib",
    "/usr/local/share",
    "/usr/local/etc",
    "/etc",
    "/opt",
    "/var",
    "/var/lib",
    "/var/cache",
    "/home",
    "/root",
    "/tmp",
    "/srv",
    "/run",
    "/mnt",
    "/media",
];

/// A file or folder that an instruction brought.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) label: Rc<Label>,
    /// It speaks for all that is in it.
    pub(super) folder: bool,
    /// Something may have been put into this folder beside what was there.
    pub(super) mixed: bool,
    /// Position in the context's files, where it is one of them.
    pub(super) source: Option<usize>,
    /// Position of the instruction that put it here; the label's own may be one that made it in
    /// another stage.
    pub(super) put_at: usize,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Tree {
    pub(super) nodes: BTreeMap<String, Node>,
    /// Folders that were made.
    pub(super) folders: std::collections::BTreeSet<String>,
    /// What holds for files of the image below; `None` for an empty one.
    pub(super) base: Option<Rc<Label>>,
    /// The command that may have written anything.
    pub(super) opaque: Option<Rc<Label>>,
    /// Position of the instruction that is at work.
    pub(super) now: usize,
}

impl Tree {
    /// Puts a file.
    pub(super) fn put(&mut self, path: &str, label: &Rc<Label>) {
        self.insert(path, label, false, false, None);
    }

    /// Puts a folder that speaks for what is in it.
    pub(super) fn put_folder(&mut self, path: &str, label: &Rc<Label>) {
        let path = path.trim_end_matches('/');
        if STANDARD.contains(&path) || path.is_empty() {
            // What was added before lies beside it.
            let before = self.nodes.get(path).filter(|node| node.folder);
            let differs = before.is_some_and(|node| node.label.machine != label.machine);
            let why = "the folder holds files of several origins";
            let label = if differs {
                Rc::new(label.with(Machine::Unknown, why))
            } else {
                Rc::clone(label)
            };
            self.insert(path, &label, true, true, None);
        } else {
            self.insert(path, label, true, false, None);
        }
    }

    pub(super) fn put_node(&mut self, path: &str, node: &Node) {
        let mixed = node.mixed || (node.folder && STANDARD.contains(&path));
        self.insert(path, &node.label, node.folder, mixed, node.source);
    }

    fn insert(
        &mut self,
        path: &str,
        label: &Rc<Label>,
        folder: bool,
        mixed: bool,
        source: Option<usize>,
    ) {
        if self.nodes.len() >= MAX_NODES && !self.nodes.contains_key(path) {
            self.opaque.get_or_insert_with(|| Rc::clone(label));
            return;
        }
        let node = Node {
            label: Rc::clone(label),
            folder,
            mixed,
            source,
            put_at: self.now,
        };
        self.nodes.insert(path.to_owned(), node);
    }

    pub(super) fn make_folder(&mut self, path: &str) {
        if self.folders.len() < MAX_NODES {
            self.folders.insert(path.trim_end_matches('/').to_owned());
        }
    }

    /// Whether a path is known to be a folder.
    pub(super) fn is_folder(&self, path: &str) -> bool {
        let path = match path.trim_end_matches('/') {
            "" => "/",
            path => path,
        };
        let inside = format!("{}/", path.trim_end_matches('/'));
        self.folders.contains(path)
            || self.nodes.get(path).is_some_and(|node| node.folder)
            || self.below(&inside).next().is_some()
            || (path == "/" || self.base.is_some()) && STANDARD.contains(&path)
    }

    /// Whether an instruction brought the folder, or one around it, as a whole.
    pub(super) fn is_made(&self, path: &str) -> bool {
        let mut folder = Some(path);
        while let Some(at) = folder.filter(|at| !at.is_empty()) {
            if let Some(node) = self.nodes.get(at) {
                return node.folder && !node.mixed;
            }
            folder = at.rsplit_once('/').map(|(parent, _)| parent);
        }
        false
    }

    /// Nodes whose path begins so.
    pub(super) fn below<'t>(
        &'t self,
        prefix: &'t str,
    ) -> impl Iterator<Item = (&'t String, &'t Node)> + 't {
        let range = self.nodes.range(prefix.to_owned()..);
        range.take_while(move |(path, _)| path.starts_with(prefix))
    }

    /// Takes a file away, or a folder with all that is in it.
    pub(super) fn remove(&mut self, path: &str) {
        let path = path.trim_end_matches('/');
        self.nodes.remove(path);
        let inside = format!("{path}/");
        let gone: Vec<String> = self.below(&inside).map(|(path, _)| path.clone()).collect();
        for path in gone {
            self.nodes.remove(&path);
        }
    }

    /// What is known of a path; `None` if there is no such file.
    pub(super) fn find(&self, path: &str) -> Option<Rc<Label>> {
        if let Some(node) = self.nodes.get(path).filter(|node| !node.mixed) {
            return Some(Rc::clone(&node.label));
        }
        let mut parent = path;
        while let Some((folder, _)) = parent.rsplit_once('/') {
            parent = folder;
            let Some(node) = self.nodes.get(folder).filter(|node| node.folder) else {
                continue;
            };
            if !node.mixed {
                return Some(derive(&node.label, path));
            }
            let below = self.of_image(path);
            let added = derive(&node.label, path);
            return Some(match below {
                Some(below) if below.machine == added.machine => added,
                _ => unknown(&added, "it may be of the image below, or not"),
            });
        }
        self.of_image(path)
    }

    /// A path that no instruction is known to have brought.
    fn of_image(&self, path: &str) -> Option<Rc<Label>> {
        if let Some(opaque) = &self.opaque {
            let why = "a command that is not modelled may have written it";
            return Some(unknown(&derive(opaque, path), why));
        }
        let base = self.base.as_ref()?;
        let mut parent = path;
        while let Some((folder, _)) = parent.rsplit_once('/') {
            parent = folder;
            if folder.is_empty() || STANDARD.contains(&folder) {
                break;
            }
            let inside = format!("{folder}/");
            if self.below(&inside).next().is_some() {
                return Some(unknown(base, "nothing is known to have made it"));
            }
        }
        let label = derive(base, path);
        match (&label.machine, names::cpu(path)) {
            (Machine::For(own), Some(named)) if named.architecture != own.architecture => Some(
                unknown(&label, "its path names another CPU than its image is for"),
            ),
            _ => Some(label),
        }
    }
}

fn unknown(label: &Rc<Label>, why: &str) -> Rc<Label> {
    if label.machine == Machine::Any {
        return Rc::clone(label);
    }
    Rc::new(label.with(Machine::Unknown, why))
}

/// What a folder's label says of a file in it.
pub(super) fn derive(label: &Rc<Label>, path: &str) -> Rc<Label> {
    if label.machine != Machine::Any && names::is_portable(path) {
        let why = "its kind of file runs or is read on every CPU";
        return Rc::new(label.with(Machine::Any, why));
    }
    Rc::clone(label)
}
