//! The second look at the tag: does it still point to what was verified?

use super::{DocumentKey, Key, Walk};
use crate::digest::Digest;
use crate::oci::Document;
use crate::reference::Target;
use crate::verify::evidence::{Held, Retrieval, TagAgain};
use crate::verify::exchange::{Answer, Ask, FailureKind};

/// Where the second look stands.
#[derive(Debug, Clone)]
pub(super) enum TagState {
    NotAsked,
    Asked,
    Settled(TagAgain),
}

impl Walk {
    /// Asks for the tag again, once, if there is a tag and it was found.
    pub(super) fn start_tag(&mut self) {
        let is_first = matches!(self.tag, TagState::NotAsked);
        if is_first && matches!(self.target, Target::Tag(_)) && self.root_digest().is_some() {
            self.tag = TagState::Asked;
            self.ask(
                Key::Tag,
                Ask::ManifestHead {
                    target: self.target.clone(),
                },
            );
        }
    }

    pub(super) fn handle_tag(&mut self, answer: Answer) {
        let Some(root) = self.root_digest() else {
            return;
        };
        let settled = match answer {
            Answer::Head(headers) => match self.believed(headers.digest_header.as_deref()) {
                Some(digest) if digest == root => TagAgain::Same,
                Some(digest) => TagAgain::Moved(digest),
                None => return self.get_tag(),
            },
            Answer::Failed(failure) if is_head_refused(failure.kind) && !self.tag_was_got() => {
                return self.get_tag();
            }
            Answer::Document(received) => {
                let digest = Document::new(received.body).digest().clone();
                if digest == root {
                    TagAgain::Same
                } else {
                    TagAgain::Moved(digest)
                }
            }
            Answer::Failed(failure) if failure.kind == FailureKind::NotFound => TagAgain::Gone,
            Answer::Failed(failure) => TagAgain::Unknown(failure),
            Answer::Layer(_) => return,
        };
        self.tag = TagState::Settled(settled);
    }

    /// What the second look found.
    pub(super) fn tag_again(&self) -> TagAgain {
        match &self.tag {
            TagState::Settled(settled) => settled.clone(),
            TagState::NotAsked | TagState::Asked => TagAgain::NotAsked,
        }
    }

    /// The digest of a HEAD's header, if it can be believed: it names what was verified, or the
    /// registry's header told the truth about the tag before.
    fn believed(&self, header: Option<&str>) -> Option<Digest> {
        let digest: Digest = header?.parse().ok()?;
        let root = self.root()?;
        let told_truth = root.digest_header.as_deref() == Some(root.document.digest().as_str());
        let comparable = digest.algorithm() == root.document.digest().algorithm();
        (digest == *root.document.digest() || told_truth && comparable).then_some(digest)
    }

    fn get_tag(&mut self) {
        self.tag = TagState::Settled(TagAgain::NotAsked);
        let ask = Ask::Manifest {
            target: self.target.clone(),
            limit: self.limits.document,
        };
        self.ask(Key::Tag, ask);
    }

    fn tag_was_got(&self) -> bool {
        matches!(self.tag, TagState::Settled(_))
    }

    fn root_digest(&self) -> Option<Digest> {
        Some(self.root()?.document.digest().clone())
    }

    fn root(&self) -> Option<&Held> {
        let state = self.documents.get(&DocumentKey::Root)?;
        match &state.settled.as_ref()?.0 {
            Retrieval::Held(held) => Some(held),
            Retrieval::Disproved(_) | Retrieval::Failed(_) | Retrieval::Skipped(_) => None,
        }
    }
}

fn is_head_refused(kind: FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::NotFound
            | FailureKind::Unauthorized
            | FailureKind::MethodNotAllowed
            | FailureKind::RegistryError
    )
}
