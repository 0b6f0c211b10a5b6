//! Layers: known ones, those of the base image, and made-up ones for what a build adds.
//!
//! A made-up layer has the digest of a text that says what makes it, so that it is the same in
//! every analysis, and the same on platforms that share the step.

use std::collections::{BTreeMap, BTreeSet};

use super::Exporter;
use super::known::PlatformFacts;
use crate::build::{BuiltImage, PlatformOutcome, StepKind};
use crate::digest::Digest;
use crate::oci::media_type;
use crate::oci::write::Descriptor;

/// The layers of an image, bottom first.
pub(super) struct Layers {
    pub(super) descriptors: Vec<Descriptor>,
    pub(super) diff_ids: Vec<Digest>,
    /// Whether the diff_ids, and whether the descriptors, are a build's own.
    pub(super) diff_ids_known: bool,
    pub(super) descriptors_known: bool,
}

/// Format of a layer in one family of media types.
const PAIRS: [(&str, &str); 5] = [
    (
        media_type::OCI_LAYER,
        "application/vnd.docker.image.rootfs.diff.tar",
    ),
    (media_type::OCI_LAYER_GZIP, media_type::DOCKER_LAYER_GZIP),
    (
        media_type::OCI_LAYER_ZSTD,
        "application/vnd.docker.image.rootfs.diff.tar.zstd",
    ),
    (
        "application/vnd.oci.image.layer.nondistributable.v1.tar",
        "application/vnd.docker.image.rootfs.foreign.diff.tar",
    ),
    (
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    ),
];

impl Exporter<'_> {
    pub(super) fn layers(
        &self,
        platform: &PlatformOutcome,
        image: &BuiltImage,
        known: Option<&PlatformFacts>,
    ) -> Layers {
        let invented = self.invented(platform, image);
        let given = known.and_then(|facts| parsed(facts.diff_ids.as_deref()?));
        let diff_ids_known = given.is_some();
        let diff_ids = given.unwrap_or(invented.diff_ids);
        let given = known.and_then(|facts| facts.layers.clone());
        let descriptors_known = given.is_some();
        let mut descriptors = given.unwrap_or(invented.descriptors);
        for layer in &mut descriptors {
            self.exported(layer);
        }
        Layers {
            descriptors,
            diff_ids,
            diff_ids_known,
            descriptors_known,
        }
    }

    /// The base's layers, and one made-up layer for each instruction that makes one.
    fn invented(&self, platform: &PlatformOutcome, image: &BuiltImage) -> Layers {
        let mut layers = self.base(image);
        let shared = shared_files(platform);
        for entry in image.history.iter().skip(image.base_history) {
            if entry.empty_layer {
                continue;
            }
            let below = layers.diff_ids.last().map(Digest::to_string);
            let text = &entry.created_by;
            let text = text.strip_suffix(" # buildkit").unwrap_or(text);
            let what = if shared.contains(text) {
                entry.created_by.clone()
            } else {
                let below = below.unwrap_or_default();
                format!(
                    "{} {} {below}",
                    image.platform.specifier(),
                    entry.created_by
                )
            };
            let (diff_id, descriptor) = self.layer(&what);
            layers.diff_ids.push(diff_id);
            layers.descriptors.push(descriptor);
        }
        layers
    }

    /// The base's layers, as far as the catalogue has them; made-up ones for the rest.
    fn base(&self, image: &BuiltImage) -> Layers {
        let mut layers = Layers {
            descriptors: Vec::new(),
            diff_ids: Vec::new(),
            diff_ids_known: false,
            descriptors_known: false,
        };
        let Some(base) = &image.base else {
            return layers;
        };
        let history = image.history.iter().take(image.base_history);
        let counted = history.filter(|entry| !entry.empty_layer).count();
        // An image of which nothing is known has at least one layer.
        let count = match (&base.diff_ids, &base.layers) {
            (Some(diff_ids), _) => diff_ids.len(),
            (None, Some(layers)) => layers.len(),
            (None, None) => counted.max(1),
        };
        let given = base.diff_ids.as_deref().and_then(parsed);
        for at in 0..count {
            let name = format!("base of {} {at}", image.platform.specifier());
            let (invented, _) = self.layer(&name);
            let diff_id = given.as_ref().and_then(|ids| ids.get(at).cloned());
            let diff_id = diff_id.unwrap_or(invented);
            let raw = base.layers.as_ref().and_then(|layers| layers.get(at));
            let descriptor = raw
                .and_then(|raw| serde_json::from_value::<Descriptor>(raw.clone()).ok())
                .filter(|layer| !self.export.force_compression || self.is_packed_so(layer));
            layers.descriptors.push(descriptor.unwrap_or_else(|| {
                let (_, converted) = self.layer(diff_id.as_str());
                converted
            }));
            layers.diff_ids.push(diff_id);
        }
        layers
    }

    /// Whether a layer is packed as new ones are.
    fn is_packed_so(&self, layer: &Descriptor) -> bool {
        let wanted = self.export.compression.media_type();
        let pair = PAIRS.iter().find(|(oci, _)| *oci == wanted);
        pair.is_some_and(|(oci, docker)| [*oci, *docker].contains(&layer.media_type.as_str()))
    }

    /// A made-up layer: digests and size follow from `what`.
    fn layer(&self, what: &str) -> (Digest, Descriptor) {
        let diff_id = Digest::sha256(format!("polyarch: layer {what}").as_bytes());
        let compression = self.export.compression;
        let packed = Digest::sha256(format!("polyarch: {compression:?} {diff_id}").as_bytes());
        // Somewhere between 32 bytes and 1 MiB, by the digest's first digits.
        let size = packed.encoded().get(..5).unwrap_or_default();
        let size = u64::from_str_radix(size, 16).unwrap_or_default() + 32;
        let mut descriptor = Descriptor::new(compression.media_type(), packed, size);
        descriptor.annotations = self.export.layer_annotations(&diff_id, size);
        (diff_id, descriptor)
    }

    /// Media type of the family, and annotations only where OCI types carry them.
    fn exported(&self, layer: &mut Descriptor) {
        let pair = PAIRS
            .iter()
            .find(|(oci, docker)| [*oci, *docker].contains(&layer.media_type.as_str()));
        if let Some((oci, docker)) = pair {
            let wanted = if self.export.oci_types { oci } else { docker };
            (*wanted).clone_into(&mut layer.media_type);
        }
        if !self.export.oci_types {
            layer.annotations = BTreeMap::new();
        }
    }
}

/// What the steps that several platforms have in common do, as history entries tell of it.
fn shared_files(platform: &PlatformOutcome) -> BTreeSet<&str> {
    let steps = platform.steps.iter();
    let shared = steps.filter(|step| step.shared && step.kind == StepKind::File);
    shared
        .map(|step| {
            let name = step
                .name
                .split_once("] ")
                .map_or(&*step.name, |(_, name)| name);
            name.strip_prefix("ONBUILD ").unwrap_or(name)
        })
        .collect()
}

fn parsed(texts: &[String]) -> Option<Vec<Digest>> {
    texts.iter().map(|text| text.parse().ok()).collect()
}
