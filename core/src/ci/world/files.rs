//! The job's file system: text and what commands are known to have made.
//!
//! Folders, no permissions but the executable bit, no links.

use std::collections::{BTreeMap, BTreeSet};

use crate::ci::build::{ContextFile, Made};
use crate::ci::shell::pattern_matches;

/// Files and bytes that are kept at most.
const MAX_FILES: usize = 5_000;
const MAX_FILE: usize = 1 << 20;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    pub bytes: Option<Vec<u8>>,
    pub executable: bool,
    pub made: Option<Made>,
}

/// By absolute path.
#[derive(Debug, Clone, Default)]
pub struct Files {
    by_path: BTreeMap<String, File>,
    folders: BTreeSet<String>,
    pub revision: u64,
}

impl Files {
    pub fn is_file(&self, path: &str) -> bool {
        self.by_path.contains_key(path)
    }

    pub fn is_directory(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        path.is_empty()
            || self.folders.contains(path)
            || [
                "/tmp",
                "/etc",
                "/usr",
                "/usr/local",
                "/usr/local/bin",
                "/usr/bin",
                "/bin",
                "/root",
                "/opt",
                "/var",
                "/dev",
                "/usr/libexec",
                "/usr/lib",
            ]
            .contains(&path)
    }

    pub fn get(&self, path: &str) -> Option<&File> {
        self.by_path.get(path)
    }

    /// The content where it is known text.
    pub fn text(&self, path: &str) -> Option<String> {
        let file = self.by_path.get(path)?;
        Some(String::from_utf8_lossy(file.bytes.as_deref().unwrap_or_default()).into_owned())
    }

    pub fn insert(&mut self, path: &str, file: File) {
        if self.by_path.len() >= MAX_FILES && !self.by_path.contains_key(path) {
            return;
        }
        if self.by_path.get(path) == Some(&file) {
            return;
        }
        self.revision += 1;
        if let Some((folder, _)) = path.rsplit_once('/') {
            self.make_directory(folder);
        }
        self.by_path.insert(path.to_owned(), file);
    }

    pub fn write(&mut self, path: &str, text: &str) {
        let executable = self.by_path.get(path).is_some_and(|f| f.executable);
        self.insert(
            path,
            File {
                bytes: Some(text.as_bytes().to_vec()),
                executable,
                made: None,
            },
        );
    }

    pub fn append(&mut self, path: &str, text: &str) {
        match self.by_path.get_mut(path) {
            Some(file) => {
                if text.is_empty() {
                    return;
                }
                let bytes = file.bytes.get_or_insert_with(Vec::new);
                if bytes.len() + text.len() <= MAX_FILE {
                    bytes.extend_from_slice(text.as_bytes());
                    self.revision += 1;
                }
            }
            None => self.write(path, text),
        }
    }

    pub fn make_directory(&mut self, path: &str) {
        let mut end = path.len();
        let mut at = path;
        while !at.is_empty() && !self.folders.contains(at) && self.folders.len() < MAX_FILES {
            self.folders.insert(at.to_owned());
            self.revision += 1;
            end = path.get(..end).and_then(|p| p.rfind('/')).unwrap_or(0);
            at = path.get(..end).unwrap_or_default();
        }
    }

    /// Removes a file, or a folder with all that is in it; whether anything was there.
    pub fn remove(&mut self, path: &str) -> bool {
        let inside = format!("{}/", path.trim_end_matches('/'));
        let before = self.by_path.len() + self.folders.len();
        self.by_path
            .retain(|name, _| name != path && !name.starts_with(&inside));
        self.folders
            .retain(|name| name != path && !name.starts_with(&inside));
        let removed = before != self.by_path.len() + self.folders.len();
        self.revision += u64::from(removed);
        removed
    }

    /// A file or a whole folder; whether it was there.
    pub fn copy(&mut self, from: &str, to: &str) -> bool {
        if let Some(file) = self.by_path.get(from).cloned() {
            let name = from.rsplit('/').next().unwrap_or_default();
            let target = if self.is_directory(to) {
                format!("{}/{name}", to.trim_end_matches('/'))
            } else {
                to.to_owned()
            };
            self.insert(&target, file);
            return true;
        }
        if !self.is_directory(from) {
            return false;
        }
        let inside = format!("{}/", from.trim_end_matches('/'));
        let name = from
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default();
        let root = if self.is_directory(to) && !name.is_empty() && name != "." {
            format!("{}/{name}", to.trim_end_matches('/'))
        } else {
            to.trim_end_matches('/').to_owned()
        };
        self.make_directory(&root);
        let found: Vec<(String, File)> = self
            .by_path
            .range(inside.clone()..)
            .take_while(|(path, _)| path.starts_with(&inside))
            .map(|(path, file)| (path[inside.len()..].to_owned(), file.clone()))
            .collect();
        for (rest, file) in found {
            self.insert(&format!("{root}/{rest}"), file);
        }
        true
    }

    pub fn set_executable(&mut self, path: &str) {
        if let Some(file) = self.by_path.get_mut(path)
            && !file.executable
        {
            file.executable = true;
            self.revision += 1;
        }
    }

    /// What is directly in a folder.
    pub fn entries(&self, folder: &str) -> BTreeSet<String> {
        let inside = format!("{}/", folder.trim_end_matches('/'));
        let names = self.by_path.range(inside.clone()..).map(|(path, _)| path);
        let names = names.take_while(|path| path.starts_with(&inside));
        let folders = self.folders.iter().filter(|path| path.starts_with(&inside));
        names
            .chain(folders)
            .filter_map(|path| path.get(inside.len()..)?.split('/').next())
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// Everything below a folder, by path relative to it, as a build context.
    pub fn below(&self, folder: &str) -> BTreeMap<String, ContextFile> {
        let inside = format!("{}/", folder.trim_end_matches('/'));
        self.by_path
            .range(inside.clone()..)
            .take_while(|(path, _)| path.starts_with(&inside))
            .map(|(path, file)| {
                let context = ContextFile {
                    bytes: file.bytes.clone(),
                    made: file.made.clone(),
                };
                (path[inside.len()..].to_owned(), context)
            })
            .collect()
    }

    /// Paths that a shell pattern matches, as the pattern would spell them.
    pub fn matching(&self, pattern: &str, directory: &str) -> Vec<String> {
        let is_absolute = pattern.starts_with('/');
        let depth = pattern.matches('/').count();
        let prefix = format!("{}/", directory.trim_end_matches('/'));
        let candidates = self
            .by_path
            .keys()
            .chain(self.folders.iter())
            .filter_map(|path| {
                if is_absolute {
                    Some(path.as_str())
                } else {
                    path.strip_prefix(&prefix)
                }
            });
        let mut found: Vec<String> = candidates
            .filter(|path| {
                path.matches('/').count() == depth
                    && pattern.split('/').zip(path.split('/')).all(|(p, name)| {
                        pattern_matches(p, name) && (!name.starts_with('.') || p.starts_with('.'))
                    })
            })
            .map(str::to_owned)
            .collect();
        found.sort();
        found
    }
}

/// Joins and cleans a path: no `.`, `..` or doubled slash is left.
pub fn absolute(name: &str, directory: &str) -> String {
    let joined = if name.starts_with('/') {
        name.to_owned()
    } else {
        format!("{directory}/{name}")
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in joined.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    format!("/{}", parts.join("/"))
}
