//! Manifests and configs: asked for, compared with what names them, and asked for once more where
//! the answer speaks against the image.

use super::{DocumentKey, Key, Walk};
use crate::digest::{Check, Digest};
use crate::oci::{Content, Document, Role};
use crate::reference::Target;
use crate::verify::evidence::{FirstAnswer, Held, Retrieval, Skipped};
use crate::verify::exchange::{Answer, Ask, Failure, FailureKind, Received};

/// A document from the moment it is asked for.
#[derive(Debug, Clone)]
pub(super) struct DocumentState {
    /// Answers that spoke against the image, so far.
    against: Vec<Against>,
    /// What it came to, with the document's content where it is held.
    pub(super) settled: Option<(Retrieval, Option<Content>)>,
}

/// An answer that would fail the image; it counts only if it comes twice in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Against {
    Mismatch(FirstAnswer),
    NotFound(Failure),
}

/// After this many contradicting answers nothing can be established.
const MAX_ATTEMPTS: usize = 3;

impl Walk {
    pub(super) fn start_document(&mut self, key: DocumentKey) {
        let unsupported = self
            .expected_digest(&key)
            .is_some_and(|d| !d.is_supported());
        let skipped = Retrieval::Skipped(Skipped::UnsupportedDigest);
        let settled = unsupported.then_some((skipped, None));
        self.documents.insert(
            key.clone(),
            DocumentState {
                against: Vec::new(),
                settled,
            },
        );
        if !unsupported {
            self.ask_document(key);
        }
    }

    pub(super) fn handle_document(&mut self, key: DocumentKey, answer: Answer) {
        let expected = self.expected_digest(&key);
        let Some(state) = self.documents.get_mut(&key) else {
            return;
        };
        match state.take(key.role(), expected.as_ref(), answer) {
            Next::Settled => {}
            Next::AskAgain => self.ask_document(key),
        }
    }

    fn ask_document(&mut self, key: DocumentKey) {
        let limit = self.limits.document;
        let ask = match &key {
            DocumentKey::Root => Ask::Manifest {
                target: self.target.clone(),
                limit,
            },
            DocumentKey::Named(Role::Manifest, digest) => Ask::Manifest {
                target: Target::Digest(digest.clone()),
                limit,
            },
            DocumentKey::Named(Role::Config, digest) => Ask::Blob {
                digest: digest.clone(),
                limit,
            },
        };
        self.ask(Key::Document(key), ask);
    }

    /// The digest that names the document; `None` for a root that a tag names.
    fn expected_digest(&self, key: &DocumentKey) -> Option<Digest> {
        match (key, &self.target) {
            (DocumentKey::Named(_, digest), _) => Some(digest.clone()),
            (DocumentKey::Root, Target::Digest(digest)) => Some(digest.clone()),
            (DocumentKey::Root, Target::Tag(_)) => None,
        }
    }
}

enum Next {
    Settled,
    AskAgain,
}

impl DocumentState {
    fn take(&mut self, role: Role, expected: Option<&Digest>, answer: Answer) -> Next {
        match answer {
            Answer::Document(received) => self.take_body(role, expected, received),
            Answer::Failed(failure) if failure.kind == FailureKind::NotFound => {
                self.take_against(Against::NotFound(failure))
            }
            Answer::Failed(failure) => self.settle(Retrieval::Failed(failure)),
            Answer::Head(_) | Answer::Layer(_) => {
                let detail = "the driver answered something else than was asked";
                self.settle(Retrieval::Failed(Failure::new(
                    FailureKind::RegistryError,
                    detail,
                )))
            }
        }
    }

    fn take_body(&mut self, role: Role, expected: Option<&Digest>, received: Received) -> Next {
        let Received {
            body,
            content_type,
            digest_header,
        } = received;
        let document = Document::new(body);
        if let Some(expected) = expected
            && let Check::Mismatch { actual } = document.check(expected)
        {
            return self.take_against(Against::Mismatch(FirstAnswer {
                digest: actual,
                size: document.size(),
            }));
        }
        let first = self.against.iter().find_map(|against| match against {
            Against::Mismatch(first) => Some(first.clone()),
            Against::NotFound(_) => None,
        });
        let content = document.read(role);
        let held = Held {
            document,
            content_type,
            digest_header,
            first,
        };
        self.settled = Some((Retrieval::Held(held), Some(content)));
        Next::Settled
    }

    fn take_against(&mut self, against: Against) -> Next {
        let twice = match (self.against.last(), &against) {
            (Some(Against::Mismatch(_)), Against::Mismatch(_))
            | (Some(Against::NotFound(_)), Against::NotFound(_)) => true,
            (Some(_) | None, _) => false,
        };
        if twice {
            return self.settle(match against {
                Against::Mismatch(answer) => Retrieval::Disproved(answer),
                Against::NotFound(failure) => Retrieval::Failed(failure),
            });
        }
        self.against.push(against);
        if self.against.len() < MAX_ATTEMPTS {
            return Next::AskAgain;
        }
        let detail = "the registry's answers contradict each other";
        self.settle(Retrieval::Failed(Failure::new(
            FailureKind::RegistryError,
            detail,
        )))
    }

    fn settle(&mut self, retrieval: Retrieval) -> Next {
        self.settled = Some((retrieval, None));
        Next::Settled
    }

    /// What it came to; what was never answered is not established.
    pub(super) fn retrieval(&self) -> Retrieval {
        match &self.settled {
            Some((retrieval, _)) => retrieval.clone(),
            None => Retrieval::Failed(Failure::new(
                FailureKind::Unreachable,
                "it was asked for and never answered",
            )),
        }
    }

    /// The document's content, if it is held.
    pub(super) fn content(&self) -> Option<&Content> {
        self.settled.as_ref()?.1.as_ref()
    }
}
