//! `include`: local files are read from what was given, polyarch's own component from itself;
//! everything else is named as left out.

use std::collections::BTreeMap;

use super::inputs;
use super::model::{Refusal, Unmodelled};
use crate::ci::gate;
use crate::ci::shell::pattern_matches;
use crate::ci::yaml::{self, Kind, Node};

/// Files read at most.
const MAX_FILES: usize = 60;

/// Reads a file and what it includes, merged: what includes wins over what is included.
pub(super) struct Reader<'a> {
    pub(super) given: &'a BTreeMap<String, String>,
    pub(super) files: Vec<String>,
    pub(super) unmodelled: Vec<Unmodelled>,
}

impl Reader<'_> {
    /// `from` is the include that names the file.
    pub(super) fn read(
        &mut self,
        name: &str,
        text: &str,
        from: Option<&Node>,
        depth: usize,
    ) -> Result<Node, Refusal> {
        let file = self.files.len();
        self.files.push(name.to_owned());
        let refused = |e: yaml::ParseError| Refusal {
            file: (file > 0).then(|| name.to_owned()),
            mark: e.mark,
            message: e.message,
        };
        let mut root = yaml::parse(file, text).map_err(refused)?;
        if let Some((spec, body)) = inputs::split(text, &root) {
            let body = yaml::parse(file, &body).map_err(refused)?;
            let given = from.and_then(|item| item.get("inputs"));
            root = inputs::filled(&body, &spec, given, from.map(|item| item.mark))?;
        }
        let Kind::Mapping(_) = &root.kind else {
            return Err(Refusal {
                file: (file > 0).then(|| name.to_owned()),
                mark: root.mark,
                message: "the file is no mapping of jobs".to_owned(),
            });
        };
        let Some(include) = root.get("include") else {
            return Ok(root);
        };
        let mut merged: Option<Node> = None;
        for (path, item) in self.paths(include)? {
            if depth >= 10 || self.files.len() >= MAX_FILES {
                return Err(Refusal {
                    mark: item.mark,
                    file: None,
                    message: "the includes are nested too deep".to_owned(),
                });
            }
            let text = match self.given.get(&path) {
                _ if is_gate(&item) => gate::COMPONENT.to_owned(),
                Some(text) => text.clone(),
                None => {
                    return Err(Refusal {
                        mark: item.mark,
                        file: None,
                        message: format!("Local file `{path}` does not exist!"),
                    });
                }
            };
            let included = self.read(&path, &text, Some(&item), depth + 1)?;
            merged = Some(match merged {
                Some(base) => merge(&base, &included),
                None => included,
            });
        }
        Ok(match merged {
            Some(base) => merge(&base, &root),
            None => root,
        })
    }

    /// Each file to read, with the include that names it.
    fn paths(&mut self, include: &Node) -> Result<Vec<(String, Node)>, Refusal> {
        let single = [include.clone()];
        let items = include.as_sequence().unwrap_or(&single);
        let mut paths = Vec::new();
        for item in items {
            let local = item.get("local").and_then(Node::as_str).or(item.as_str());
            match local {
                Some(path) if !path.contains("://") => {
                    let path = path.trim_start_matches('/').to_owned();
                    if path.contains('*') {
                        let found = self.given.keys().filter(|k| pattern_matches(&path, k));
                        paths.extend(found.map(|k| (k.clone(), item.clone())));
                    } else {
                        paths.push((path, item.clone()));
                    }
                }
                Some(_) => self.leave_out(item, "a remote include"),
                None if is_gate(item) => {
                    let address = item.get("component").and_then(Node::as_str);
                    paths.push((address.unwrap_or_default().to_owned(), item.clone()));
                }
                None => {
                    let kind = ["remote", "template", "project", "component", "artifact"]
                        .into_iter()
                        .find(|k| item.get(k).is_some());
                    match kind {
                        Some(kind) => self.leave_out(item, &format!("an include of kind {kind}")),
                        None => {
                            return Err(Refusal {
                                mark: item.mark,
                                file: None,
                                message: "an include names nothing to include".to_owned(),
                            });
                        }
                    }
                }
            }
        }
        Ok(paths)
    }

    fn leave_out(&mut self, node: &Node, what: &str) {
        self.unmodelled.push(Unmodelled {
            mark: node.mark,
            what: what.to_owned(),
        });
    }
}

/// Whether an include is polyarch's own component.
fn is_gate(item: &Node) -> bool {
    let address = item.get("component").and_then(Node::as_str);
    address.is_some_and(gate::is_component)
}

/// GitLab's deep merge: mappings key by key, everything else is replaced.
pub(super) fn merge(base: &Node, over: &Node) -> Node {
    let (Kind::Mapping(old), Kind::Mapping(new)) = (&base.kind, &over.kind) else {
        return over.clone();
    };
    let mut entries = old.clone();
    for (key, value) in new {
        let name = key.as_str();
        match entries
            .iter_mut()
            .find(|(k, _)| name.is_some() && k.as_str() == name)
        {
            Some((own_key, own)) => {
                *own = merge(own, value);
                own_key.mark = key.mark;
            }
            None => entries.push((key.clone(), value.clone())),
        }
    }
    Node {
        mark: over.mark,
        tag: over.tag.clone(),
        kind: Kind::Mapping(entries),
    }
}
