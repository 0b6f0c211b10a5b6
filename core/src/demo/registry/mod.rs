//! A registry in memory: repositories of tags, manifests and blobs, with their faults.
//!
//! It answers as a distribution server would, so that `serve --demo` only has to hand answers on,
//! and it answers a walk directly, as the driver of tests and of the page without a server.
//! Answers that alternate are counted, which is why asking needs `&mut self`.

mod http;
mod walk;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::recipe::Failing;
use crate::digest::Digest;

pub use http::{Method, Reply, Response};

/// Repositories by name.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    pub repositories: BTreeMap<String, Repository>,
    /// How often a thing with alternating answers was asked for.
    asked: BTreeMap<String, u32>,
}

/// One repository.
#[derive(Debug, Clone, Default)]
pub struct Repository {
    pub tags: BTreeMap<String, Tag>,
    pub manifests: BTreeMap<Digest, Object>,
    pub blobs: BTreeMap<Digest, Object>,
}

/// What a tag points at.
#[derive(Debug, Clone, Default)]
pub struct Tag {
    /// Never empty; where there are several, answers take them in turn.
    pub targets: Vec<Digest>,
    pub serving: Serving,
}

/// A document or a layer. The digest under which it is stored need not be that of its bytes.
#[derive(Debug, Clone)]
pub struct Object {
    pub media_type: String,
    pub content: Arc<[u8]>,
    pub serving: Serving,
}

/// How answers differ from what they should be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Serving {
    /// 404 to everything.
    pub missing: bool,
    /// 404 to HEAD only.
    pub no_head: bool,
    pub failing: Option<Failing>,
    pub flip: Flip,
    /// Half of the body is sent, under the whole one's length.
    pub cut: bool,
    /// Instead of the media type; `Some(None)` is no header at all.
    pub content_type: Option<Option<String>>,
    pub digest_header: DigestHeader,
}

/// Whether one byte is changed in what is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Flip {
    #[default]
    Never,
    /// In the first, third, … answer.
    EveryOther,
    Always,
}

/// The `Docker-Content-Digest` header.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DigestHeader {
    #[default]
    Right,
    Lies,
    Missing,
}

impl Object {
    /// Content that is served as it is.
    pub fn new(media_type: &str, content: impl Into<Arc<[u8]>>) -> Self {
        Self {
            media_type: media_type.to_owned(),
            content: content.into(),
            serving: Serving::default(),
        }
    }
}

impl Registry {
    /// The digest that a tag points at first.
    pub fn digest_of(&self, repository: &str, tag: &str) -> Option<&Digest> {
        let tag = self.repositories.get(repository)?.tags.get(tag)?;
        tag.targets.first()
    }

    /// Takes over everything of another registry; equal names come from there.
    pub fn extend(&mut self, other: Self) {
        for (name, from) in other.repositories {
            let into = self.repositories.entry(name).or_default();
            into.tags.extend(from.tags);
            into.manifests.extend(from.manifests);
            into.blobs.extend(from.blobs);
        }
    }

    /// How often `what` was asked for before.
    fn count(&mut self, what: String) -> u32 {
        let count = self.asked.entry(what).or_default();
        let before = *count;
        *count = count.wrapping_add(1);
        before
    }
}

/// The same bytes but one, which stays JSON if it was.
fn flipped(content: &[u8]) -> Vec<u8> {
    let mut bytes = content.to_vec();
    let middle = bytes.len() / 2;
    let digit = bytes.iter().skip(middle).position(u8::is_ascii_digit);
    match (bytes.first(), digit) {
        (Some(b'{'), Some(at)) => {
            if let Some(byte) = bytes.get_mut(middle + at) {
                // Never a 0, which could then lead a number.
                *byte = if *byte == b'9' { b'8' } else { *byte + 1 };
            }
        }
        _ => {
            if let Some(byte) = bytes.get_mut(middle) {
                *byte ^= 1;
            }
        }
    }
    bytes
}
