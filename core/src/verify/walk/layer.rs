//! Layers: asked whether they are there, or downloaded whole, and asked once more where the answer
//! speaks against the image.

use super::{Key, Walk};
use crate::digest::Digest;
use crate::oci::Descriptor;
use crate::verify::evidence::{FirstAnswer, Layer, LayerState, Skipped};
use crate::verify::exchange::{Answer, Ask, Failure, FailureKind, Headers};
use crate::verify::layer::LayerFacts;

/// A layer from the moment a manifest names it.
#[derive(Debug, Clone)]
pub(super) struct LayerTask {
    /// The first descriptor that names it.
    pub(super) descriptor: Descriptor,
    /// Whether it is downloaded whole.
    pub(super) whole: bool,
    /// Why it is not asked for at all.
    pub(super) skipped: Option<Skipped>,
    missing: usize,
    first_head: Option<Headers>,
    first_answer: Option<FirstAnswer>,
    settled: Option<LayerState>,
}

impl LayerTask {
    pub(super) fn new(descriptor: Descriptor, whole: bool, skipped: Option<Skipped>) -> Self {
        let settled = skipped.map(LayerState::Skipped);
        Self {
            descriptor,
            whole,
            skipped,
            missing: 0,
            first_head: None,
            first_answer: None,
            settled,
        }
    }

    /// What is known of it in the end.
    pub(super) fn into_layer(self) -> Layer {
        let never = || {
            let detail = "it was asked for and never answered";
            LayerState::Failed(Failure::new(FailureKind::Unreachable, detail))
        };
        Layer {
            state: self.settled.unwrap_or_else(never),
            descriptor: self.descriptor,
        }
    }

    /// What to do after an answer: `None` if the layer is settled.
    fn take(&mut self, answer: Answer) -> Option<Ask> {
        let digest = self.descriptor.digest.clone();
        match answer {
            Answer::Head(headers) => self.take_head(headers),
            Answer::Layer(facts) => self.take_facts(facts),
            Answer::Failed(failure) if failure.kind == FailureKind::NotFound => {
                self.missing += 1;
                if self.missing < 2 {
                    return Some(Ask::BlobProbe { digest });
                }
                self.settle(LayerState::Failed(failure))
            }
            Answer::Failed(failure) if self.may_be_about_head(&failure) => {
                self.first_head = Some(Headers::default());
                Some(Ask::BlobProbe { digest })
            }
            Answer::Failed(failure) => self.settle(LayerState::Failed(failure)),
            Answer::Document(_) => {
                let detail = "the driver answered something else than was asked";
                let failure = Failure::new(FailureKind::RegistryError, detail);
                self.settle(LayerState::Failed(failure))
            }
        }
    }

    /// Some registries refuse a HEAD of what they would give to a GET.
    fn may_be_about_head(&self, failure: &Failure) -> bool {
        let kind = matches!(
            failure.kind,
            FailureKind::Unauthorized | FailureKind::MethodNotAllowed | FailureKind::RegistryError
        );
        kind && !self.whole && self.missing == 0 && self.first_head.is_none()
    }

    fn take_head(&mut self, headers: Headers) -> Option<Ask> {
        if self.whole {
            // The download found nothing, yet the registry says that it has the layer.
            let detail = "the registry has the layer and does not give it";
            let failure = Failure::new(FailureKind::RegistryError, detail);
            return self.settle(LayerState::Failed(failure));
        }
        let first = self.first_head.take();
        if headers.size != Some(self.descriptor.size) && first.is_none() {
            let digest = self.descriptor.digest.clone();
            self.first_head = Some(headers);
            return Some(Ask::BlobProbe { digest });
        }
        let first = first.filter(|first| *first != Headers::default() && first.size.is_some());
        self.settle(LayerState::Present { headers, first })
    }

    fn take_facts(&mut self, mut facts: Box<LayerFacts>) -> Option<Ask> {
        let other = facts.digest.clone();
        let other = other.filter(|digest| *digest != self.descriptor.digest);
        match (other, &self.first_answer) {
            (Some(digest), None) => {
                let size = facts.size;
                self.first_answer = Some(FirstAnswer { digest, size });
                return Some(Ask::Layer {
                    descriptor: self.descriptor.clone(),
                });
            }
            (Some(_), Some(_)) => {}
            (None, first) => facts.first.clone_from(first),
        }
        self.settle(LayerState::Examined(facts))
    }

    fn settle(&mut self, state: LayerState) -> Option<Ask> {
        self.settled = Some(state);
        None
    }
}

impl Walk {
    pub(super) fn start_layer(&mut self, digest: Digest, task: LayerTask) {
        let descriptor = task.descriptor.clone();
        let (whole, skipped) = (task.whole, task.skipped);
        self.layers.insert(digest.clone(), task);
        if skipped.is_some() {
            return;
        }
        let ask = if whole {
            Ask::Layer { descriptor }
        } else {
            Ask::BlobHead {
                digest: digest.clone(),
            }
        };
        self.ask(Key::Layer(digest), ask);
    }

    pub(super) fn handle_layer(&mut self, digest: &Digest, mut answer: Answer) {
        if let Answer::Layer(facts) = &mut answer {
            self.keep(facts);
        }
        let Some(task) = self.layers.get_mut(digest) else {
            return;
        };
        if let Some(ask) = task.take(answer) {
            self.ask(Key::Layer(digest.clone()), ask);
        }
    }

    /// Holds what is kept of all layers together to its limit; each alone is held to one already.
    fn keep(&mut self, facts: &mut LayerFacts) {
        let after = self.contents + facts.weight();
        if after > self.limits.contents {
            facts.forget_contents();
        } else {
            self.contents = after;
        }
    }
}
