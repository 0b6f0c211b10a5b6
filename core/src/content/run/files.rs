//! Commands that move files about.

use std::rc::Rc;

use super::super::label::{Label, Machine};
use super::super::names;
use super::super::tree::Node;
use super::{Kitchen, arguments};
use crate::ci::trace::{Call, UNKNOWN};
use crate::dockerfile::context::{clean, glob_matches};

impl Kitchen<'_, '_> {
    pub(super) fn copy(&mut self, program: &str) {
        let words = self.call.arguments.clone();
        let values: &[&str] = match program {
            "install" => &["-m", "-o", "-g", "-t", "--mode", "--owner", "--group"],
            _ => &["-t", "--target-directory", "-S"],
        };
        let mut rest = arguments::rest(&words, values);
        if program == "install" && arguments::letter(&words, 'd') {
            for name in rest {
                if let Some(path) = self.path(&name) {
                    self.stage.tree.make_folder(&path);
                }
            }
            return;
        }
        let given = arguments::value(&words, &["-t", "--target-directory"]).map(str::to_owned);
        let into_folder = given.is_some();
        let target = match given.or_else(|| if rest.len() > 1 { rest.pop() } else { None }) {
            Some(target) => target,
            // `ln -s /opt/x/bin/x`
            None if program == "ln" && rest.len() == 1 => ".".to_owned(),
            None => return,
        };
        let Some(to) = self.path(&target) else {
            return self.give_up("the name of a file is made by a command");
        };
        let is_folder = into_folder
            || target.ends_with('/')
            || target == "."
            || rest.len() > 1
            || self.stage.tree.is_folder(&to);
        for source in rest {
            self.copy_one(program, &source, &to, is_folder);
        }
    }

    /// What holds for all files of the folder in which a path with an unknown part lies.
    fn somewhere_in(&self, source: &str) -> Option<Rc<Label>> {
        let (known, _) = source.split_once(UNKNOWN)?;
        let folder = self.path(known.rsplit_once('/')?.0)?;
        let tree = &self.stage.tree;
        let label = tree.find(&folder).filter(|_| tree.is_made(&folder))?;
        let inside = format!("{folder}/");
        let mut below = tree.below(&inside);
        below
            .all(|(_, node)| node.label.machine == label.machine)
            .then_some(label)
    }

    fn copy_one(&mut self, program: &str, source: &str, to: &str, is_folder: bool) {
        let link = program == "ln";
        let from = if link && !source.starts_with('/') {
            let folder = if is_folder {
                to
            } else {
                to.rsplit_once('/').map_or("/", |(f, _)| f)
            };
            let path = clean(&format!("{folder}/{source}"));
            (!path.contains(UNKNOWN)).then_some(path)
        } else {
            self.path(source)
        };
        let Some(from) = from else {
            let why = "which file is copied is made by a command";
            match self.somewhere_in(source) {
                Some(label) if !is_folder => self.put(to, &label),
                label => {
                    let label = label.unwrap_or_else(|| self.label(Machine::Unknown, why));
                    self.put_folder(to, &label);
                }
            }
            return;
        };
        if from.contains(['*', '?', '[']) {
            return self.copy_pattern(program, &from, to);
        }
        let contents = source.ends_with("/.") || (program == "rsync" && source.ends_with('/'));
        let name = names::file_name(&from);
        let root = if is_folder && !contents {
            clean(&format!("{to}/{name}"))
        } else {
            to.to_owned()
        };
        let inside = format!("{}/", from.trim_end_matches('/'));
        let own = self.stage.tree.nodes.get(&from).cloned();
        let children: Vec<(String, Node)> = self
            .stage
            .tree
            .below(&inside)
            .map(|(path, node)| {
                (
                    path.strip_prefix(&inside).unwrap_or(path).to_owned(),
                    node.clone(),
                )
            })
            .collect();
        let known_folder = self.stage.tree.is_folder(&from);
        match (&own, self.stage.tree.find(&from)) {
            (Some(node), _) if !node.mixed => {
                let label = self.joined(&root, &node.label);
                let node = Node {
                    label,
                    ..node.clone()
                };
                self.stage.tree.put_node(&root, &node);
            }
            // A folder of which the files that were put there are all that is in it, or not.
            (_, Some(_)) if known_folder && !children.is_empty() => {
                self.stage.tree.make_folder(&root);
                if self.stage.tree.opaque.is_some() {
                    let label =
                        self.label(Machine::Unknown, "not all that is in the folder is known");
                    self.put_folder(&root, &label);
                }
            }
            (_, Some(label)) => {
                let label = self.joined(&root, &label);
                if names::file_name(&root).contains('.') {
                    self.stage.tree.put(&root, &label);
                } else {
                    self.stage.tree.put_folder(&root, &label);
                }
            }
            (_, None) if children.is_empty() => {
                let label = self.label(
                    Machine::Unknown,
                    "nothing is known of the file that is copied",
                );
                self.put_folder(&root, &label);
            }
            (_, None) => {}
        }
        for (rest, node) in children {
            let path = if rest.is_empty() {
                root.clone()
            } else {
                clean(&format!("{root}/{rest}"))
            };
            let label = self.joined(&path, &node.label);
            let node = Node { label, ..node };
            self.stage.tree.put_node(&path, &node);
        }
        if program == "mv" && !self.call.doubtful {
            self.stage.tree.remove(&from);
        }
    }

    /// `cp target/*/release/app /out/`.
    fn copy_pattern(&mut self, program: &str, pattern: &str, to: &str) {
        let nodes = &self.stage.tree.nodes;
        let found: Vec<(String, Node)> = nodes
            .iter()
            .filter(|(path, _)| glob_matches(pattern, path) == Ok(true))
            .map(|(path, node)| (path.clone(), node.clone()))
            .collect();
        // `target/*/release/app`: the folder that matches so far speaks for the file.
        let mut inherited = Vec::new();
        if found.is_empty() {
            let depth = |path: &str| path.matches('/').count();
            let name = names::file_name(pattern);
            for (path, node) in nodes.iter().filter(|(_, node)| node.folder && !node.mixed) {
                let parts: Vec<&str> = pattern.split('/').take(depth(path) + 1).collect();
                if depth(path) < depth(pattern) && glob_matches(&parts.join("/"), path) == Ok(true)
                {
                    inherited.push(super::super::tree::derive(&node.label, name));
                }
            }
        }
        let several = found.len() > 1;
        let into = several
            || self.stage.tree.is_folder(to)
            || names::file_name(pattern).contains(['*', '?', '[']);
        for (path, node) in &found {
            let name = names::file_name(path);
            let target = if into && (several || self.stage.tree.is_folder(to)) {
                clean(&format!("{to}/{name}"))
            } else {
                to.to_owned()
            };
            let label = self.joined(&target, &node.label);
            let node = Node {
                label,
                ..node.clone()
            };
            self.stage.tree.put_node(&target, &node);
        }
        if program == "mv" {
            for (path, _) in &found {
                self.stage.tree.remove(path);
            }
        }
        if !found.is_empty() && self.stage.tree.opaque.is_none() {
            return;
        }
        let first = inherited.first().cloned();
        let same =
            first.filter(|first| inherited.iter().all(|label| label.machine == first.machine));
        match same {
            Some(label) if found.is_empty() && !names::file_name(pattern).contains('*') => {
                let name = names::file_name(pattern);
                let target = if self.stage.tree.is_folder(to) {
                    clean(&format!("{to}/{name}"))
                } else {
                    to.to_owned()
                };
                self.put(&target, &label);
            }
            _ => {
                let label = self.label(Machine::Unknown, "which files match is not known");
                self.put_folder(to, &label);
            }
        }
    }

    pub(super) fn remove(&mut self) {
        if self.call.doubtful {
            return;
        }
        for name in arguments::rest(&self.call.arguments.clone(), &[]) {
            let Some(path) = self.path(&name) else {
                continue;
            };
            if path.contains(['*', '?', '[']) {
                let gone: Vec<String> = self
                    .stage
                    .tree
                    .nodes
                    .keys()
                    .filter(|name| glob_matches(&path, name) == Ok(true))
                    .cloned()
                    .collect();
                for path in gone {
                    self.stage.tree.remove(&path);
                }
            } else if path != "/" {
                self.stage.tree.remove(&path);
            }
        }
    }

    pub(super) fn make_folders(&mut self) {
        for name in arguments::rest(&self.call.arguments.clone(), &["-m"]) {
            if let Some(path) = self.path(&name) {
                self.stage.tree.make_folder(&path);
            }
        }
    }

    pub(super) fn touch(&mut self) {
        for name in arguments::rest(&self.call.arguments.clone(), &["-d", "-r", "-t"]) {
            let Some(path) = self.path(&name) else {
                continue;
            };
            if !self.stage.tree.nodes.contains_key(&path) {
                let label = self.label(Machine::Any, "it is an empty file");
                if !self.call.doubtful {
                    self.put(&path, &label);
                }
            }
        }
    }

    /// What one file holds.
    pub(super) fn cat(&self) -> Option<Rc<Label>> {
        match arguments::rest(&self.call.arguments, &[]).as_slice() {
            [only] => {
                let path = self.path(only)?;
                self.stage
                    .tree
                    .nodes
                    .get(&path)
                    .map(|node| Rc::clone(&node.label))
            }
            [] => None,
            _ => Some(self.label(Machine::Unknown, "several files are joined")),
        }
    }

    pub(super) fn tee(&mut self, calls: &[Call]) {
        let pipe = self.call.pipe;
        let before = self.printed.iter().zip(calls).rev();
        let mut inside = before.filter(|(_, call)| pipe.is_some() && call.pipe == pipe);
        let content = inside.find_map(|(label, _)| label.clone());
        let label =
            content.unwrap_or_else(|| self.label(Machine::Any, "a command prints it as text"));
        for name in arguments::rest(&self.call.arguments.clone(), &[]) {
            self.put_named(&name, &label);
        }
    }

    /// `find DIR -name NAME -exec mv {} TARGET \;`
    pub(super) fn find(&mut self) {
        let words = self.call.arguments.clone();
        let Some(exec) = words.iter().position(|w| w == "-exec" || w == "-execdir") else {
            if arguments::has(&words, &["-delete"]) {
                // What is left is not told apart.
            }
            return;
        };
        let folder = words
            .first()
            .filter(|word| !word.starts_with('-'))
            .map_or(".", String::as_str);
        let command: Vec<String> = words
            .get(exec + 1..)
            .unwrap_or_default()
            .iter()
            .take_while(|word| !matches!(word.as_str(), ";" | "+" | "\\;"))
            .cloned()
            .collect();
        let Some((program, rest)) = command.split_first() else {
            return;
        };
        match names::file_name(program) {
            "mv" | "cp" | "install" => {}
            "rm" | "chmod" | "chown" | "touch" | "strip" | "ls" | "sed" | "grep" | "echo" => return,
            _ => return self.give_up("find runs a command that is not modelled"),
        }
        let (Some(folder), Some(pattern)) =
            (self.path(folder), arguments::value(&words, &["-name"]))
        else {
            return self.give_up("which files find takes is not known");
        };
        let targets = arguments::rest(rest, &["-m", "-t"]);
        let target = arguments::value(rest, &["-t"]).map(str::to_owned);
        let target = target.or_else(|| targets.iter().rfind(|w| *w != "{}").cloned());
        let Some(to) = target.and_then(|target| self.path(&target)) else {
            return self.give_up("the name of a file is made by a command");
        };
        let inside = format!("{}/", folder.trim_end_matches('/'));
        let found: Vec<(String, Rc<Label>)> = self
            .stage
            .tree
            .below(&inside)
            .filter(|(path, node)| {
                !node.folder && glob_matches(pattern, names::file_name(path)) == Ok(true)
            })
            .map(|(path, node)| (path.clone(), Rc::clone(&node.label)))
            .collect();
        let same = found
            .first()
            .filter(|(_, first)| found.iter().all(|(_, l)| l.machine == first.machine));
        let label = match same {
            Some((_, label)) if !pattern.contains('*') => Rc::clone(label),
            _ => self.label(Machine::Unknown, "which files find takes is not known"),
        };
        let path = if self.stage.tree.is_folder(&to) && !pattern.contains('*') {
            clean(&format!("{to}/{pattern}"))
        } else {
            to
        };
        if label.machine == Machine::Unknown {
            self.put_folder(&path, &label);
        } else {
            self.put(&path, &label);
        }
        if names::file_name(program) == "mv" {
            for (from, _) in found {
                self.stage.tree.remove(&from);
            }
        }
    }
}
