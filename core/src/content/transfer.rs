//! COPY and ADD: which files arrive, and under which names.

#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "tools compare names to the letter"
)]

use std::rc::Rc;

use super::label::{Label, Machine, Origin};
use super::tree::{Node, Tree};
use super::walk::{Stop, Walker};
use super::{context, names};
use crate::dockerfile::Transfer;
use crate::dockerfile::context::{Ignore, clean, glob_matches};

/// One COPY or ADD with its words expanded.
pub(super) struct Words {
    pub(super) sources: Vec<String>,
    pub(super) destination: String,
    pub(super) at: usize,
}

impl Walker<'_> {
    /// Puts files of the context, and what ADD fetches.
    pub(super) fn copy_context(
        &self,
        transfer: &Transfer,
        words: &Words,
        add: bool,
        tree: &mut Tree,
    ) -> Result<(), Stop> {
        let kept = excluded(transfer);
        for source in &words.sources {
            if add && (source.contains("://") || source.starts_with("git@")) {
                fetch(source, words, tree);
                continue;
            }
            let matches = self.matches(source, transfer.parents);
            if matches.is_empty() && !source.contains(['*', '?', '[']) {
                let everything = clean(&format!("/{source}")) == "/";
                if self.project.files.is_empty() {
                    let path = into(words, source, tree);
                    let (machine, why) = context::by_name(source);
                    let label = Label {
                        machine,
                        why,
                        origin: Origin::Context,
                        from: format!("context:{source}"),
                        libc: None,
                        made_on: None,
                        instruction: words.at,
                    };
                    tree.put_folder(&path, &Rc::new(label));
                    continue;
                }
                if !everything && !self.context_has_folder(source) {
                    return Err(Stop(None));
                }
            }
            let is_folder = words.destination.ends_with('/')
                || words.sources.len() > 1
                || tree.is_folder(&words.destination);
            for (file, rest, whole) in matches {
                let Some(source_file) = self.project.files.get(file) else {
                    continue;
                };
                if !kept.keeps(&rest) {
                    continue;
                }
                let path = if whole && !is_folder && !transfer.parents {
                    clean(&words.destination)
                } else {
                    clean(&format!("{}/{rest}", words.destination))
                };
                let label = Rc::new(context::label(source_file, words.at));
                if add && whole && names::is_tar(source_file.path) && transfer.unpack != Some(false)
                {
                    let label = Rc::new(label.with(Machine::Unknown, "it comes out of an archive"));
                    tree.put_folder(&clean(&words.destination), &label);
                    continue;
                }
                let node = Node {
                    label,
                    folder: false,
                    mixed: false,
                    source: Some(file),
                    put_at: words.at,
                };
                tree.put_node(&path, &node);
            }
        }
        for file in &transfer.files {
            let path = into(words, &file.name, tree);
            let label = Label {
                machine: Machine::Any,
                why: "it is text in the Dockerfile".to_owned(),
                origin: Origin::Context,
                from: "Dockerfile".to_owned(),
                libc: None,
                made_on: None,
                instruction: words.at,
            };
            tree.put(&path, &Rc::new(label));
        }
        Ok(())
    }

    fn context_has_folder(&self, source: &str) -> bool {
        let inside = format!("{}/", clean(&format!("/{source}")).trim_start_matches('/'));
        self.project
            .files
            .iter()
            .any(|file| file.path.starts_with(&inside))
    }

    /// Files of the context that a source takes: position, path at the destination, and whether
    /// the source is the file itself.
    fn matches(&self, source: &str, parents: bool) -> Vec<(usize, String, bool)> {
        let (pivot, source) = match source.split_once("/./") {
            Some((pivot, _)) if parents => {
                (clean(&format!("/{pivot}")), source.replacen("/./", "/", 1))
            }
            _ => ("/".to_owned(), source.to_owned()),
        };
        let pattern = clean(&format!("/{source}"));
        let pattern = pattern.trim_start_matches('/');
        let is_glob = pattern.contains(['*', '?', '[', '\\']);
        let mut found = Vec::new();
        for (at, file) in self.project.files.iter().enumerate() {
            if !self.kept.get(at).copied().unwrap_or(true) {
                continue;
            }
            let path = file.path.trim_start_matches("./");
            let end = if pattern.is_empty() {
                Some(0)
            } else if is_glob {
                let ends = path
                    .match_indices('/')
                    .map(|(at, _)| at)
                    .chain([path.len()]);
                ends.into_iter().find(|end| {
                    let part = path.get(..*end).unwrap_or_default();
                    glob_matches(pattern, part) == Ok(true)
                })
            } else {
                let rest = path.strip_prefix(pattern);
                rest.filter(|rest| rest.is_empty() || rest.starts_with('/'))
                    .map(|_| pattern.len())
            };
            let Some(end) = end else { continue };
            let whole = end == path.len();
            let rest = if parents {
                let inside = format!("{}/", pivot.trim_matches('/'));
                path.strip_prefix(inside.trim_start_matches('/'))
                    .unwrap_or(path)
            } else if whole {
                names::file_name(path)
            } else {
                path.get(end..).unwrap_or_default().trim_start_matches('/')
            };
            found.push((at, rest.to_owned(), whole));
        }
        found
    }
}

/// What ADD fetches.
fn fetch(url: &str, words: &Words, tree: &mut Tree) {
    let is_git = url.starts_with("git@") || url.ends_with(".git") || url.contains(".git#");
    let name = url.split(['?', '#']).next().unwrap_or(url);
    let label = Rc::new(download(url, words.at));
    if is_git {
        let why = "it comes out of a repository";
        let label = Rc::new(label.with(Machine::Unknown, why));
        tree.put_folder(&clean(&words.destination), &label);
    } else {
        let path = into(words, names::file_name(name), tree);
        tree.put(&path, &label);
    }
}

/// The label of what an address gives.
pub(super) fn download(url: &str, at: usize) -> Label {
    let name = url.split(['?', '#']).next().unwrap_or(url);
    let unclear = url.contains(crate::ci::trace::UNKNOWN);
    let (machine, why) = if unclear {
        (Machine::Unknown, "its address is made by a command")
    } else if names::is_portable(names::file_name(name)) {
        (
            Machine::Any,
            "its kind of file runs or is read on every CPU",
        )
    } else if let Some(machine) = names::wheel(name) {
        (machine, "its name says so")
    } else {
        match names::cpu(url) {
            Some(platform) => (Machine::For(platform), "its address names the CPU"),
            None => (Machine::Unknown, "its address names no CPU"),
        }
    };
    Label {
        machine,
        origin: Origin::Download,
        from: url.replace(crate::ci::trace::UNKNOWN, "…"),
        why: why.to_owned(),
        libc: None,
        made_on: None,
        instruction: at,
    }
}

/// Copies from one tree into another; files that must be there and are not are an error.
pub(super) fn copy_tree(
    from: &Tree,
    transfer: &Transfer,
    words: &Words,
    tree: &mut Tree,
) -> Result<(), Stop> {
    let kept = excluded(transfer);
    for source in &words.sources {
        let path = clean(&format!("/{source}"));
        if path.contains(['*', '?', '[']) {
            copy_matches(from, &path, words, tree);
            continue;
        }
        let inside = format!("{}/", path.trim_end_matches('/'));
        let children: Vec<(String, Node)> = from
            .below(&inside)
            .map(|(name, node)| (name.clone(), node.clone()))
            .collect();
        let own = from.nodes.get(&path);
        let is_folder = from.is_folder(&path) || source.ends_with('/');
        let label = match (own, from.find(&path)) {
            (Some(node), _) if !node.mixed => Rc::clone(&node.label),
            (_, Some(label)) => label,
            (_, None) if is_folder || path == "/" => {
                copy_children(&children, &inside, &kept, words, tree);
                continue;
            }
            (_, None) => return Err(Stop(None)),
        };
        if transfer.parents {
            let target = clean(&format!("{}/{path}", words.destination));
            tree.put_folder(&target, &label);
            continue;
        }
        if is_folder {
            let target = clean(&words.destination);
            let only_made =
                own.is_none_or(|node| node.mixed) && from.base.is_none() && from.opaque.is_none();
            if target != "/" && !only_made {
                let label = if own.is_some_and(|node| !node.mixed) {
                    label
                } else {
                    folder_label(from, &path, &label)
                };
                tree.put_folder(&target, &label);
            } else {
                tree.make_folder(&target);
            }
            copy_children(&children, &inside, &kept, words, tree);
        } else {
            let target = into(words, names::file_name(&path), tree);
            match own {
                Some(node) => tree.put_node(&target, node),
                None if names::file_name(&path).contains('.') => tree.put(&target, &label),
                None => tree.put_folder(&target, &label),
            }
            copy_children(&children, &inside, &kept, words, tree);
        }
    }
    Ok(())
}

/// What holds for the rest of a folder of which some files are known.
fn folder_label(from: &Tree, path: &str, label: &Rc<Label>) -> Rc<Label> {
    let made = from.below(&format!("{path}/")).next().is_some();
    if made && path != "/" {
        return Rc::new(label.with(Machine::Unknown, "not all that is in the folder is known"));
    }
    Rc::clone(label)
}

fn copy_children(
    children: &[(String, Node)],
    inside: &str,
    kept: &Ignore,
    words: &Words,
    tree: &mut Tree,
) {
    for (name, node) in children {
        let rest = name.strip_prefix(inside).unwrap_or(name);
        if kept.keeps(rest) {
            tree.put_node(&clean(&format!("{}/{rest}", words.destination)), node);
        }
    }
}

fn copy_matches(from: &Tree, pattern: &str, words: &Words, tree: &mut Tree) {
    let mut any = None;
    for (path, node) in &from.nodes {
        if glob_matches(pattern, path) == Ok(true) {
            let target = clean(&format!("{}/{}", words.destination, names::file_name(path)));
            tree.put_node(&target, node);
            any = None;
            continue;
        }
        any = any.or_else(|| from.find(pattern));
    }
    if let Some(label) = any {
        let label = Rc::new(label.with(Machine::Unknown, "it is not known which files match"));
        tree.put_folder(&clean(&words.destination), &label);
    }
}

/// The path of one file at the destination.
fn into(words: &Words, name: &str, tree: &Tree) -> String {
    let is_folder = words.destination.ends_with('/')
        || words.destination.ends_with("/.")
        || words.sources.len() > 1
        || tree.is_folder(&words.destination);
    if is_folder {
        clean(&format!("{}/{}", words.destination, names::file_name(name)))
    } else {
        clean(&words.destination)
    }
}

fn excluded(transfer: &Transfer) -> Ignore {
    let lines: Vec<&str> = transfer
        .excludes
        .iter()
        .map(|word| word.text.as_str())
        .collect();
    Ignore::parse(&lines.join("\n")).unwrap_or_default()
}
