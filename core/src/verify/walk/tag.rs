//! The second look at the tag: does it still point to what was verified?

use super::{DocumentKey, Key, Walk};
use crate::digest::Digest;
use crate::oci::Document;
use crate::reference::Target;
use crate::verify::evidence::TagAgain;
use crate::verify::exchange::{Answer, Ask, FailureKind};

/// Where the second look stands.
#[derive(Debug)]
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
            Answer::Head(headers) if headers.digest_header.as_deref() == Some(root.as_str()) => {
                TagAgain::Same
            }
            // A HEAD that says something else, says nothing or is refused is not believed.
            Answer::Head(_) => return self.get_tag(),
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
        let state = self.documents.get(&DocumentKey::Root)?;
        let (retrieval, _) = state.settled.as_ref()?;
        retrieval
            .document()
            .map(|document| document.digest().clone())
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
