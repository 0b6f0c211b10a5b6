//! What a rule may look at, and shorthands for saying where something is.

use crate::diagnostic::{Place, Subject};
use crate::digest::Digest;
use crate::oci::Config;
use crate::platform::Platform;
use crate::verify::{
    Body, Entry, Evidence, Expectation, Failure, FailureKind, Image, LayerState, Node, Retrieval,
    Skipped,
};

/// An image, predicted or fetched, and what the user demands of it.
#[derive(Debug, Clone, Copy)]
pub struct ImageFacts<'a> {
    pub evidence: &'a Evidence,
    pub expectation: &'a Expectation,
}

/// A document of the tree with its place: the node's own, or the config of its image.
#[derive(Debug, Clone, Copy)]
pub struct Located<'a> {
    pub node: &'a Node,
    /// Whether this is the image's config rather than the manifest or index itself.
    pub is_config: bool,
    pub retrieval: &'a Retrieval,
}

impl<'a> ImageFacts<'a> {
    /// All nodes, parents before children.
    pub fn nodes(&self) -> Vec<&'a Node> {
        self.evidence.nodes()
    }

    /// All documents: each node's own, and right behind it its image's config.
    pub fn documents(&self) -> Vec<Located<'a>> {
        let mut documents = Vec::new();
        for node in self.nodes() {
            documents.push(Located {
                node,
                is_config: false,
                retrieval: &node.retrieval,
            });
            if let Some(image) = node.image() {
                let retrieval = &image.config.retrieval;
                documents.push(Located {
                    node,
                    is_config: true,
                    retrieval,
                });
            }
        }
        documents
    }

    /// Images with their node, in the tree's order.
    pub fn images(&self) -> Vec<(&'a Node, &'a Image)> {
        self.nodes()
            .into_iter()
            .filter_map(|node| Some((node, node.image()?)))
            .collect()
    }

    /// Images whose config was read.
    pub fn configs(&self) -> Vec<(&'a Node, &'a Image, &'a Config)> {
        let images = self.images().into_iter();
        images
            .filter_map(|(node, image)| Some((node, image, image.config.read()?)))
            .collect()
    }

    /// Entries of indexes that stand for something to run, with their platform where it is known:
    /// the entry's own, else its config's. Nested indexes, attestations and artifacts are none.
    pub fn runnable(&self) -> Vec<(&'a Node, Option<Platform>)> {
        let nodes = self.nodes().into_iter();
        let runnable = nodes.filter(|node| match &node.body {
            Body::Image(_) => true,
            Body::Index(..) | Body::Attestation(_) | Body::Artifact(_) => false,
            Body::Flawed(_) | Body::Nothing => {
                // It was not read; its entry alone says that it should be an image.
                let of_known_type =
                    !matches!(node.retrieval, Retrieval::Skipped(Skipped::UnknownType));
                of_known_type && node.entry.as_ref().is_some_and(is_image_entry)
            }
        });
        runnable
            .map(|node| (node, node.platform().map(Platform::normalised)))
            .collect()
    }

    /// Everything that could not be fetched for a reason of one of `kinds`: where, what, and why.
    pub fn failures(&self, kinds: &[FailureKind]) -> Vec<(Place, String, &'a Failure)> {
        let mut failures = Vec::new();
        for located in self.documents() {
            if let Retrieval::Failed(failure) = located.retrieval
                && kinds.contains(&failure.kind)
            {
                failures.push((located.place(), located.name(), failure));
            }
        }
        for (digest, layer) in &self.evidence.layers {
            if let LayerState::Failed(failure) = &layer.state
                && kinds.contains(&failure.kind)
            {
                failures.push((self.layer_place(digest), self.layer_name(digest), failure));
            }
        }
        failures
    }

    /// A layer as the place of a finding; with a platform if only one uses it.
    pub fn layer_place(&self, layer: &Digest) -> Place {
        let users = self.layer_platforms(layer);
        let platform = if users.len() == 1 {
            users.first().cloned()
        } else {
            None
        };
        Place::Image {
            platform,
            subject: Some(Subject::Digest(layer.clone())),
        }
    }

    /// A layer for messages: `layer sha256:0123… of linux/amd64 and linux/arm64`.
    pub fn layer_name(&self, layer: &Digest) -> String {
        let users: Vec<String> = self
            .layer_platforms(layer)
            .iter()
            .map(ToString::to_string)
            .collect();
        let users = if users.is_empty() {
            String::new()
        } else {
            format!(" of {}", list(&users))
        };
        format!("layer {}{users}", layer.short())
    }

    /// Normalised platforms of the images that use a layer, each once.
    pub fn layer_platforms(&self, layer: &Digest) -> Vec<Platform> {
        let mut platforms = Vec::new();
        for node in self.layer_users(layer) {
            let platform = node
                .platform()
                .filter(|p| !p.is_unknown())
                .map(Platform::normalised);
            if let Some(platform) = platform.filter(|p| !platforms.contains(p)) {
                platforms.push(platform);
            }
        }
        platforms
    }

    /// Nodes whose manifest names this layer.
    pub fn layer_users(&self, layer: &Digest) -> Vec<&'a Node> {
        let names = |node: &&Node| match &node.body {
            Body::Image(image) => image.manifest.layers.iter().any(|d| d.digest == *layer),
            Body::Attestation(manifest) | Body::Artifact(manifest) => {
                manifest.layers.iter().any(|d| d.digest == *layer)
                    || manifest.config.digest == *layer
            }
            Body::Index(..) | Body::Flawed(_) | Body::Nothing => false,
        };
        self.nodes().into_iter().filter(names).collect()
    }
}

fn is_image_entry(entry: &Entry) -> bool {
    let descriptor = &entry.descriptor;
    let is_manifest = crate::oci::media_type::kind(&descriptor.media_type)
        == crate::oci::media_type::Kind::Manifest;
    let is_unknown = descriptor
        .platform
        .as_ref()
        .is_some_and(Platform::is_unknown);
    is_manifest && !is_unknown && !descriptor.is_attestation()
}

impl Located<'_> {
    /// What it is, for messages: `manifest of linux/arm64`, `config of linux/arm64`, `index`.
    pub fn name(&self) -> String {
        let of = self
            .node
            .platform()
            .filter(|p| !p.is_unknown())
            .map(Platform::normalised);
        let of = of.map_or_else(String::new, |p| format!(" of {p}"));
        if self.is_config {
            format!("config{of}")
        } else {
            self.node.name()
        }
    }

    /// The digest that names it.
    pub fn digest(&self) -> Option<&Digest> {
        match self.node.image() {
            Some(image) if self.is_config => Some(&image.manifest.config.digest),
            _ => self.node.digest(),
        }
    }

    pub fn place(&self) -> Place {
        self.node.place_of(self.digest())
    }
}

impl Node {
    /// What it is, for messages: `index`, `manifest of linux/arm64`, `attestation manifest`.
    pub fn name(&self) -> String {
        let platform = self
            .platform()
            .filter(|p| !p.is_unknown())
            .map(Platform::normalised);
        let of = platform.map_or_else(String::new, |p| format!(" of {p}"));
        match &self.body {
            Body::Index(..) if self.entry.is_some() => format!("nested index{of}"),
            Body::Index(..) => "index".to_owned(),
            Body::Attestation(_) => "attestation manifest".to_owned(),
            Body::Artifact(_) => format!("artifact manifest{of}"),
            Body::Image(_) => format!("manifest{of}"),
            Body::Flawed(_) | Body::Nothing if self.entry.is_none() => "tag's document".to_owned(),
            Body::Flawed(_) | Body::Nothing if self.is_attestation() => {
                "attestation manifest".to_owned()
            }
            Body::Flawed(_) | Body::Nothing => format!("manifest{of}"),
        }
    }

    /// This node as the place of a finding.
    pub fn place(&self) -> Place {
        self.place_of(self.digest())
    }

    /// A part of this node's image as the place of a finding.
    pub fn place_of(&self, digest: Option<&Digest>) -> Place {
        let platform = self
            .platform()
            .filter(|p| !p.is_unknown())
            .map(Platform::normalised);
        Place::Image {
            platform,
            subject: digest.cloned().map(Subject::Digest),
        }
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
