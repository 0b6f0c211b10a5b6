//! What is known about a tag when the walk is over.
//!
//! A tree as the documents form it, the same whatever order the answers came in. What could not be
//! fetched is part of it: "not there" and "could not be established" are never the same value.

use std::collections::BTreeMap;

use super::exchange::{Failure, Headers};
use super::expectation::Depth;
use super::layer::LayerFacts;
use crate::digest::Digest;
use crate::oci::{Config, Descriptor, Document, Flaw, Index, Manifest};
use crate::platform::Platform;
use crate::reference::Target;

/// Everything that the image rules may look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Tag or digest that was asked for.
    pub target: Target,
    pub root: Node,
    /// Each unique layer of every manifest, by digest.
    pub layers: BTreeMap<Digest, Layer>,
    pub tag_again: TagAgain,
    /// How deep this walk looked.
    pub depth: Depth,
}

/// A manifest or index in its place in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The entry that names it; `None` for the root.
    pub entry: Option<Entry>,
    pub retrieval: Retrieval,
    /// What the document is; [`Body::Nothing`] unless the retrieval holds it.
    pub body: Body,
}

/// An entry of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Position in its index, from 0.
    pub position: usize,
    pub descriptor: Descriptor,
}

/// What came of asking for a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Retrieval {
    Held(Held),
    /// The bytes differ from what names them, twice in a row.
    Disproved(FirstAnswer),
    Failed(Failure),
    /// It was not asked for.
    Skipped(Skipped),
}

/// A document whose bytes were received, sized and hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub document: Document,
    pub content_type: Option<String>,
    pub digest_header: Option<String>,
    /// A first answer that did not match, if this is the second.
    pub first: Option<FirstAnswer>,
}

/// An answer that does not match the digest or size that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstAnswer {
    /// Digest of the bytes received, by the algorithm of the digest that names them.
    pub digest: Digest,
    /// Bytes received.
    pub size: u64,
}

/// Why a document was not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skipped {
    /// polyarch cannot compute the digest that names it.
    UnsupportedDigest,
    /// Its descriptor declares more than one document may have.
    OverDocumentLimit,
    /// All documents together would be more than a walk fetches.
    OverTotalLimit,
    /// Its manifest names more layers than are read.
    TooManyLayers,
    /// It is nested in more indexes than are followed.
    NestedTooDeep,
    /// Its media type is no manifest's.
    UnknownType,
}

/// What a manifest-like document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    Index(Index, Vec<Node>),
    Image(Box<Image>),
    /// An attestation; its statements are among [`Evidence::layers`].
    Attestation(Manifest),
    /// Something else that lives in a registry: a chart, a signature, a module.
    Artifact(Manifest),
    Flawed(Flaw),
    /// The document is not there to look at.
    Nothing,
}

/// An image manifest with its config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    pub manifest: Manifest,
    pub config: ConfigNode,
}

/// An image's config document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigNode {
    pub retrieval: Retrieval,
    /// `None` unless the retrieval holds it; an error if it cannot be read.
    pub config: Option<Result<Config, Flaw>>,
}

/// A layer, as far as it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// The first descriptor that names it.
    pub descriptor: Descriptor,
    pub state: LayerState,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LayerState {
    /// The registry says that it has it. `size` is what it says, `first` what it said before if
    /// that was different.
    Present {
        headers: Headers,
        first: Option<Headers>,
    },
    /// It was downloaded whole.
    Examined(Box<LayerFacts>),
    Failed(Failure),
    Skipped(Skipped),
}

/// What the tag pointed to when it was asked for once more at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagAgain {
    /// The reference is a digest, or nothing was found in the first place.
    NotAsked,
    Same,
    Moved(Digest),
    /// It is no longer there.
    Gone,
    /// The registry did not say.
    Unknown(Failure),
}

impl Evidence {
    /// The root document's digest, if it was received.
    pub fn digest(&self) -> Option<&Digest> {
        self.root.document().map(Document::digest)
    }

    /// All nodes, parents before children, entries in order.
    pub fn nodes(&self) -> Vec<&Node> {
        let mut nodes = Vec::new();
        let mut stack = vec![&self.root];
        while let Some(node) = stack.pop() {
            nodes.push(node);
            if let Body::Index(_, children) = &node.body {
                stack.extend(children.iter().rev());
            }
        }
        nodes
    }
}

impl Node {
    pub fn document(&self) -> Option<&Document> {
        self.retrieval.document()
    }

    pub fn image(&self) -> Option<&Image> {
        match &self.body {
            Body::Image(image) => Some(image),
            Body::Index(..)
            | Body::Attestation(_)
            | Body::Artifact(_)
            | Body::Flawed(_)
            | Body::Nothing => None,
        }
    }

    /// The digest that names it, or that it turned out to have.
    pub fn digest(&self) -> Option<&Digest> {
        match &self.entry {
            Some(entry) => Some(&entry.descriptor.digest),
            None => self.document().map(Document::digest),
        }
    }

    /// The platform of its entry as written, else that of its config.
    pub fn platform(&self) -> Option<&Platform> {
        let of_entry = self
            .entry
            .as_ref()
            .and_then(|e| e.descriptor.platform.as_ref());
        of_entry.or_else(|| self.image()?.config.read().map(|config| &config.platform))
    }

    /// Whether its entry says that it is an attestation.
    pub fn is_attestation(&self) -> bool {
        self.entry
            .as_ref()
            .is_some_and(|e| e.descriptor.is_attestation())
    }
}

impl ConfigNode {
    /// The config, if it was received and can be read.
    pub fn read(&self) -> Option<&Config> {
        self.config.as_ref()?.as_ref().ok()
    }
}

impl Retrieval {
    pub fn document(&self) -> Option<&Document> {
        match self {
            Self::Held(held) => Some(&held.document),
            Self::Disproved(_) | Self::Failed(_) | Self::Skipped(_) => None,
        }
    }
}
