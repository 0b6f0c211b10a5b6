//! The walk over a tag's documents: which to ask for next, and what each answer settles.
//!
//! It goes in waves. What one wave's documents name is asked for in the next, all at once, so that
//! a tag costs three round trips (index, manifests, configs with layers) and the order in which
//! answers arrive changes nothing. Layers and the second look at the tag go with the last wave.

mod document;
mod layer;
mod tag;
mod tree;

use std::collections::{BTreeMap, VecDeque};

use self::document::DocumentState;
use self::layer::LayerTask;
use self::tag::TagState;
use super::evidence::Evidence;
use super::exchange::{Answer, Ask, Request, RequestId};
use super::expectation::Depth;
use super::limits::Limits;
use crate::digest::Digest;
use crate::oci::Role;
use crate::reference::Target;

/// A verification under way. See the module for how a driver uses it.
#[derive(Debug, Clone)]
pub struct Walk {
    target: Target,
    depth: Depth,
    limits: Limits,
    next_id: u32,
    queue: VecDeque<Request>,
    in_flight: BTreeMap<RequestId, Key>,
    documents: BTreeMap<DocumentKey, DocumentState>,
    layers: BTreeMap<Digest, LayerTask>,
    /// Bytes that what was found in layers takes so far.
    contents: usize,
    tag: TagState,
}

/// What a request is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Document(DocumentKey),
    Layer(Digest),
    Tag,
}

/// A document, fetched once however many entries name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum DocumentKey {
    /// What the target names.
    Root,
    Named(Role, Digest),
}

impl Walk {
    /// A walk over what `target` names, within `limits`.
    pub fn new(target: Target, depth: Depth, limits: Limits) -> Self {
        let mut walk = Self {
            target,
            depth,
            limits,
            next_id: 0,
            queue: VecDeque::new(),
            in_flight: BTreeMap::new(),
            documents: BTreeMap::new(),
            layers: BTreeMap::new(),
            contents: 0,
            tag: TagState::NotAsked,
        };
        walk.start_document(DocumentKey::Root);
        walk
    }

    /// The next request, if there is one that does not depend on an answer still missing.
    ///
    /// A driver polls until `None`, carries out what it got, hands in an answer, and polls again.
    /// `None` with nothing under way means that the walk is over.
    pub fn poll(&mut self) -> Option<Request> {
        self.queue.pop_front()
    }

    /// Takes the answer to a request. An answer to none that is under way is ignored.
    pub fn handle(&mut self, id: RequestId, answer: Answer) {
        let Some(key) = self.in_flight.remove(&id) else {
            return;
        };
        match key {
            Key::Document(key) => self.handle_document(key, answer),
            Key::Layer(digest) => self.handle_layer(&digest, answer),
            Key::Tag => self.handle_tag(answer),
        }
        if self.in_flight.is_empty() {
            self.next_wave();
        }
    }

    /// How many requests are under way or waiting to be polled.
    pub fn pending(&self) -> usize {
        self.in_flight.len()
    }

    /// What is known. What was asked and never answered counts as not established.
    pub fn finish(self) -> Evidence {
        tree::evidence(self)
    }

    fn ask(&mut self, key: Key, ask: Ask) {
        let id = RequestId(self.next_id);
        self.next_id += 1;
        self.in_flight.insert(id, key);
        self.queue.push_back(Request { id, ask });
    }

    /// Asks for everything that the documents so far name and that was not asked for.
    fn next_wave(&mut self) {
        let wanted = tree::wanted(self);
        let has_manifests = wanted.documents.iter().any(DocumentKey::is_manifest);
        for key in wanted.documents {
            self.start_document(key);
        }
        if has_manifests {
            return;
        }
        for (digest, task) in wanted.layers {
            self.start_layer(digest, task);
        }
        self.start_tag();
    }
}

impl DocumentKey {
    fn is_manifest(&self) -> bool {
        matches!(self, Self::Root | Self::Named(Role::Manifest, _))
    }

    fn role(&self) -> Role {
        match self {
            Self::Root => Role::Manifest,
            Self::Named(role, _) => *role,
        }
    }
}

#[cfg(test)]
mod tests;
