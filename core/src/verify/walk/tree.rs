//! From documents by digest to the tree that they form, and to what is still missing in it.
//!
//! Both are read off the settled documents in the tree's own order (parents first, entries in
//! order), never in the order of the answers. The caps only ever leave out more as more documents
//! become known, so nothing is in the final tree that was not asked for.

use std::collections::BTreeMap;

use super::layer::LayerTask;
use super::{DocumentKey, Walk};
use crate::digest::Digest;
use crate::oci::media_type::{self, Kind};
use crate::oci::{Content, Descriptor, Manifest, Role};
use crate::platform::Platform;
use crate::verify::evidence::{
    Body, ConfigNode, Entry, Evidence, Image, Layer, Node, Retrieval, Skipped,
};
use crate::verify::exchange::{Failure, FailureKind};
use crate::verify::expectation::Depth;

/// What is named by settled documents and was not asked for.
#[derive(Default)]
pub(super) struct Wanted {
    pub(super) documents: Vec<DocumentKey>,
    pub(super) layers: BTreeMap<Digest, LayerTask>,
}

/// What the next wave asks for.
pub(super) fn wanted(walk: &Walk) -> Wanted {
    let mut builder = Builder::new(walk);
    builder.root();
    Wanted {
        documents: builder.wanted,
        layers: builder
            .layers
            .into_iter()
            .filter(|(digest, _)| !walk.layers.contains_key(digest))
            .map(|(digest, layer)| (digest, layer.into_task(walk.depth)))
            .collect(),
    }
}

/// All that is known.
pub(super) fn evidence(walk: Walk) -> Evidence {
    let mut builder = Builder::new(&walk);
    let root = builder.root();
    let named = std::mem::take(&mut builder.layers);
    let tag_again = walk.tag_again();
    let layers = named.into_iter().map(|(digest, layer)| {
        let task = walk.layers.get(&digest).cloned();
        // A layer that no wave got to: the walk was given up before.
        let layer: Layer = task
            .unwrap_or_else(|| layer.into_task(walk.depth))
            .into_layer();
        (digest, layer)
    });
    let layers = layers.collect();
    Evidence {
        target: walk.target,
        root,
        layers,
        tag_again,
        depth: walk.depth,
    }
}

struct Builder<'a> {
    walk: &'a Walk,
    /// Documents that no one asked for yet, in the tree's order.
    wanted: Vec<DocumentKey>,
    layers: BTreeMap<Digest, NamedLayer>,
    /// Declared sizes of the documents so far, each counted once.
    declared: BTreeMap<DocumentKey, u64>,
    total: u64,
    entries: usize,
}

/// A layer with the platforms of the images that name it.
struct NamedLayer {
    descriptor: Descriptor,
    platforms: Vec<Option<Platform>>,
    skipped: Option<Skipped>,
}

impl NamedLayer {
    fn into_task(self, depth: Depth) -> LayerTask {
        let whole = match depth {
            Depth::Documents => false,
            Depth::SharedLayers => self.platforms.len() > 1,
            Depth::AllLayers => true,
        };
        LayerTask::new(self.descriptor, whole, self.skipped)
    }
}

impl<'a> Builder<'a> {
    fn new(walk: &'a Walk) -> Self {
        Self {
            walk,
            wanted: Vec::new(),
            layers: BTreeMap::new(),
            declared: BTreeMap::new(),
            total: 0,
            entries: 0,
        }
    }

    fn root(&mut self) -> Node {
        self.node(None, DocumentKey::Root, 0)
    }

    /// The node of a document that was or will be asked for. `nesting` counts the indexes above.
    fn node(&mut self, entry: Option<Entry>, key: DocumentKey, nesting: usize) -> Node {
        let (retrieval, content) = self.look_up(key);
        let body = match content {
            None | Some(Content::Config(_)) => Body::Nothing,
            Some(Content::Flawed(flaw)) => Body::Flawed(flaw.clone()),
            Some(Content::Index(index)) => {
                let children = self.children(&index.manifests, nesting + 1);
                Body::Index(index.clone(), children)
            }
            Some(Content::Manifest(manifest)) => self.manifest(entry.as_ref(), manifest),
        };
        Node {
            entry,
            retrieval,
            body,
        }
    }

    /// Empty if there are more entries than a walk takes.
    fn children(&mut self, descriptors: &[Descriptor], nesting: usize) -> Vec<Node> {
        if self.entries + descriptors.len() > self.walk.limits.children {
            return Vec::new();
        }
        self.entries += descriptors.len();
        let entries = descriptors.iter().cloned().enumerate();
        let entries = entries.map(|(position, descriptor)| Entry {
            position,
            descriptor,
        });
        entries.map(|entry| self.child(entry, nesting)).collect()
    }

    fn child(&mut self, entry: Entry, nesting: usize) -> Node {
        let kind = media_type::kind(&entry.descriptor.media_type);
        let skipped = match kind {
            Kind::Other => Some(Skipped::UnknownType),
            Kind::Index if nesting >= self.walk.limits.nesting => Some(Skipped::NestedTooDeep),
            Kind::Index | Kind::Manifest | Kind::Schema1 => None,
        };
        let key = DocumentKey::Named(Role::Manifest, entry.descriptor.digest.clone());
        match skipped.or_else(|| self.over_budget(&key, &entry.descriptor)) {
            Some(skipped) => {
                let retrieval = Retrieval::Skipped(skipped);
                Node {
                    entry: Some(entry),
                    retrieval,
                    body: Body::Nothing,
                }
            }
            None if nesting > self.walk.limits.nesting => {
                // The entry said manifest, so it could not be told before it was read.
                let retrieval = Retrieval::Skipped(Skipped::NestedTooDeep);
                Node {
                    entry: Some(entry),
                    retrieval,
                    body: Body::Nothing,
                }
            }
            None => self.node(Some(entry), key, nesting),
        }
    }

    fn manifest(&mut self, entry: Option<&Entry>, manifest: &Manifest) -> Body {
        let platform = entry.and_then(|e| e.descriptor.platform.clone());
        if entry.is_some_and(|e| e.descriptor.is_attestation()) {
            if self.walk.depth == Depth::AllLayers {
                // No client reads it, so it is worth no request unless everything is read.
                self.name_layers(std::slice::from_ref(&manifest.config), platform.as_ref());
            }
            self.name_layers(&manifest.layers, platform.as_ref());
            return Body::Attestation(manifest.clone());
        }
        if !media_type::is_image_config(&manifest.config.media_type) {
            self.name_layers(std::slice::from_ref(&manifest.config), platform.as_ref());
            self.name_layers(&manifest.layers, platform.as_ref());
            return Body::Artifact(manifest.clone());
        }
        let config = self.config(&manifest.config);
        let of_config = || config.read().map(|config| config.platform.clone());
        let platform = platform.or_else(of_config);
        self.name_layers(&manifest.layers, platform.as_ref());
        Body::Image(Box::new(Image {
            manifest: manifest.clone(),
            config,
        }))
    }

    fn config(&mut self, descriptor: &Descriptor) -> ConfigNode {
        let key = DocumentKey::Named(Role::Config, descriptor.digest.clone());
        if let Some(skipped) = self.over_budget(&key, descriptor) {
            return ConfigNode {
                retrieval: Retrieval::Skipped(skipped),
                config: None,
            };
        }
        let (retrieval, content) = self.look_up(key);
        let config = match content {
            Some(Content::Config(config)) => Some(Ok(config.clone())),
            Some(Content::Flawed(flaw)) => Some(Err(flaw.clone())),
            Some(Content::Index(_) | Content::Manifest(_)) | None => None,
        };
        ConfigNode { retrieval, config }
    }

    fn name_layers(&mut self, layers: &[Descriptor], platform: Option<&Platform>) {
        let platform = platform.map(Platform::normalised);
        for descriptor in layers {
            let full = self.layers.len() >= self.walk.limits.layers;
            let named = self.layers.entry(descriptor.digest.clone());
            let named = named.or_insert_with(|| NamedLayer {
                descriptor: descriptor.clone(),
                platforms: Vec::new(),
                skipped: full.then_some(Skipped::TooManyLayers),
            });
            if !named.platforms.contains(&platform) {
                named.platforms.push(platform.clone());
            }
        }
    }

    /// What came of a document; asks for it where no one did.
    fn look_up(&mut self, key: DocumentKey) -> (Retrieval, Option<&'a Content>) {
        if let Some(state) = self.walk.documents.get(&key) {
            return (state.retrieval(), state.content());
        }
        if !self.wanted.contains(&key) {
            self.wanted.push(key);
        }
        let detail = "the walk ended before it was asked for";
        let failure = Failure::new(FailureKind::Unreachable, detail);
        (Retrieval::Failed(failure), None)
    }

    /// Why a document is not worth asking for; otherwise counts it.
    fn over_budget(&mut self, key: &DocumentKey, descriptor: &Descriptor) -> Option<Skipped> {
        if !descriptor.digest.is_supported() {
            return Some(Skipped::UnsupportedDigest);
        }
        if descriptor.size > self.walk.limits.document {
            return Some(Skipped::OverDocumentLimit);
        }
        // A second descriptor may declare another size; the larger one counts.
        let counted = self.declared.get(key).copied().unwrap_or_default();
        let more = descriptor.size.saturating_sub(counted);
        if self.total + more > self.walk.limits.documents {
            return Some(Skipped::OverTotalLimit);
        }
        self.total += more;
        self.declared.insert(key.clone(), counted + more);
        None
    }
}
