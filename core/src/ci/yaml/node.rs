//! The tree.

use crate::diagnostic::Span;

/// Where a node stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    /// Index into the list of files that were read: 0 is the CI file itself.
    pub file: usize,
    /// From 1.
    pub line: usize,
    /// Bytes within that file.
    pub span: Span,
}

/// A value with its place and its tag (`!reference` without the mark, such as `reference`).
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub mark: Mark,
    pub tag: Option<String>,
    pub kind: Kind,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Scalar {
        text: String,
        plain: bool,
    },
    Sequence(Vec<Node>),
    /// In file order; after merging no key is there twice.
    Mapping(Vec<(Node, Node)>),
}

impl Node {
    /// A text that is not from a file, at the place of what it stands for.
    pub fn text(mark: Mark, text: impl Into<String>) -> Self {
        Self {
            mark,
            tag: None,
            kind: Kind::Scalar {
                text: text.into(),
                plain: false,
            },
        }
    }

    /// The scalar's text; `None` for lists and mappings, and for null.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { .. } if self.is_null() => None,
            Kind::Scalar { text, .. } => Some(text),
            Kind::Sequence(_) | Kind::Mapping(_) => None,
        }
    }

    /// An empty plain scalar, `~` or `null`.
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain: true }
            if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// `true` and `false` in YAML 1.1's plain spellings.
    pub fn as_bool(&self) -> Option<bool> {
        match self.as_str()?.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        }
    }

    pub fn as_sequence(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::Sequence(items) => Some(items),
            Kind::Scalar { .. } | Kind::Mapping(_) => None,
        }
    }

    pub fn as_mapping(&self) -> Option<&[(Node, Node)]> {
        match &self.kind {
            Kind::Mapping(entries) => Some(entries),
            Kind::Scalar { .. } | Kind::Sequence(_) => None,
        }
    }

    /// The value under a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_mapping()?
            .iter()
            .find(|(k, _)| k.as_str() == Some(key))
            .map(|(_, v)| v)
    }

    /// One text or a list of texts, which many keys allow alike; other items are left out.
    pub fn texts(&self) -> Vec<&str> {
        match &self.kind {
            Kind::Scalar { .. } => self.as_str().into_iter().collect(),
            Kind::Sequence(items) => items.iter().filter_map(Node::as_str).collect(),
            Kind::Mapping(_) => Vec::new(),
        }
    }

    /// Number of nodes in it, itself included.
    pub fn size(&self) -> usize {
        1 + match &self.kind {
            Kind::Scalar { .. } => 0,
            Kind::Sequence(items) => items.iter().map(Node::size).sum(),
            Kind::Mapping(entries) => entries.iter().map(|(k, v)| k.size() + v.size()).sum(),
        }
    }
}
