//! What a build asks of others: bytes to push, steps to emulate, pulls that Docker Hub counts.
//!
//! Durations are `cost`'s. Only sizes that are known are added up; what is missing is told.

use std::collections::{BTreeMap, BTreeSet};

use super::{Analysis, DocumentKind, DocumentView, PlatformView, Runs};
use crate::oci::{Content, Document, Role};
use crate::platform::Platform;

/// Of one platform, or of all together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bill {
    /// Bytes of the documents and of the layers whose size is known; a registry that has a layer
    /// already needs it no more.
    pub bytes: u64,
    /// The size of every layer is known.
    pub complete: bool,
    /// Steps whose program runs under QEMU.
    pub emulated: usize,
    /// Image pulls from Docker Hub: it counts each platform of each image.
    pub pulls: usize,
}

/// The platforms' bills in their order, and that of the whole build, in which what platforms share
/// stands once. A platform that fails pushes nothing.
pub fn bills(analysis: &Analysis) -> (Vec<Bill>, Bill) {
    let mut all = Sums::default();
    let bills = analysis.platforms.iter().map(|platform| {
        let mut own = Sums::default();
        for sums in [&mut own, &mut all] {
            sums.add(analysis, platform);
        }
        own.bill()
    });
    let bills = bills.collect();
    for document in &analysis.documents {
        // The index, and an image whose platform is nobody's column, are of no one platform.
        all.documents
            .insert(document.digest.as_str(), document.text.len() as u64);
    }
    (bills, all.bill())
}

/// Each thing by what makes it one.
#[derive(Default)]
struct Sums<'a> {
    documents: BTreeMap<&'a str, u64>,
    layers: BTreeMap<String, u64>,
    unknown: bool,
    emulated: BTreeSet<usize>,
    pulls: BTreeSet<&'a (String, Platform)>,
}

impl<'a> Sums<'a> {
    fn add(&mut self, analysis: &'a Analysis, view: &'a PlatformView) {
        let steps = view.steps.iter();
        let emulated = steps.filter(|step| step.runs == Some(Runs::Emulated));
        self.emulated.extend(emulated.map(|step| step.id));
        let hub = |pull: &&(String, Platform)| pull.0.starts_with("docker.io/");
        self.pulls.extend(view.pulls.iter().filter(hub));
        let Some(platform) = view.export.as_ref().or(view.platform.as_ref()) else {
            return;
        };
        let own = |document: &&DocumentView| {
            let about = document.platform.as_ref();
            about.is_some_and(|about| about.is_same(platform))
        };
        for document in analysis.documents.iter().filter(own) {
            self.documents
                .insert(document.digest.as_str(), document.text.len() as u64);
            let attests = document.kind == DocumentKind::AttestationManifest;
            if document.kind != DocumentKind::Manifest && !attests {
                continue;
            }
            if document.simulated && !attests {
                self.add_base(view);
            } else if !document.simulated {
                self.add_layers(&document.text);
            }
        }
    }

    /// The layers of a manifest that is known to the byte.
    fn add_layers(&mut self, manifest: &str) {
        if let Content::Manifest(manifest) = Document::new(manifest.as_bytes()).read(Role::Manifest)
        {
            let layers = manifest.layers.iter();
            self.layers
                .extend(layers.map(|layer| (layer.digest.to_string(), layer.size)));
        }
    }

    /// Of an image that is only predicted, the base's layers.
    fn add_base(&mut self, view: &PlatformView) {
        self.unknown = true;
        let base = view.image.as_ref().and_then(|image| image.base.as_ref());
        let layers = base.and_then(|base| base.layers.as_ref());
        for layer in layers.into_iter().flatten() {
            let digest = layer.get("digest").and_then(|digest| digest.as_str());
            let size = layer.get("size").and_then(serde_json::Value::as_u64);
            if let (Some(digest), Some(size)) = (digest, size) {
                self.layers.insert(digest.to_owned(), size);
            }
        }
    }

    fn bill(&self) -> Bill {
        let sizes = self.documents.values().chain(self.layers.values());
        Bill {
            bytes: sizes.fold(0, |sum, size| sum.saturating_add(*size)),
            complete: !self.unknown && !self.documents.is_empty(),
            emulated: self.emulated.len(),
            pulls: self.pulls.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Project, analyse};
    use super::*;

    fn documents(analysis: &Analysis) -> u64 {
        let documents = analysis.documents.iter();
        let sizes: BTreeMap<&str, u64> = documents
            .map(|document| (document.digest.as_str(), document.text.len() as u64))
            .collect();
        sizes.values().sum()
    }

    #[test]
    fn what_platforms_share_stands_once_in_the_whole() {
        let dockerfile = "FROM --platform=$BUILDPLATFORM golang AS build\nRUN go build -o /app .\n\
            FROM alpine\nRUN apk add curl\nCOPY --from=build /app /app\n\
            COPY --from=ghcr.io/acme/tool /tool /tool\n";
        let analysis = analyse(&Project {
            dockerfile: dockerfile.to_owned(),
            ..Project::default()
        });
        let (each, all) = bills(&analysis);
        let counted = |bill: &Bill| (bill.emulated, bill.pulls);
        // golang for the builder, alpine for the platform; the tool is on another registry.
        assert_eq!(
            each.iter().map(counted).collect::<Vec<_>>(),
            [(0, 2), (1, 2)]
        );
        assert_eq!(counted(&all), (1, 3));
        assert_eq!(all.bytes, documents(&analysis));
        let less = |bill: &Bill| bill.bytes > 0 && bill.bytes < all.bytes;
        assert!(each.iter().all(less));
        assert!(!all.complete, "what the build adds has no size yet");
    }

    #[test]
    fn a_layer_of_the_base_that_platforms_share_is_pushed_once() {
        let layer = |letter: &str, size: u32| {
            format!(
                r#"{{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","size":{size},"digest":"sha256:{}"}}"#,
                letter.repeat(64)
            )
        };
        let (own, shared, other) = (layer("a", 700), layer("b", 50), layer("c", 900));
        let bases = format!(
            r#"{{"base":{{"index":[{{"platform":"linux/amd64","layers":[{own},{shared}]}},
                {{"platform":"linux/arm64","layers":[{other},{shared}]}}]}}}}"#
        );
        let analysis = analyse(&Project {
            dockerfile: "FROM base\nRUN true\n".to_owned(),
            bases: Some(bases),
            ..Project::default()
        });
        let (each, all) = bills(&analysis);
        assert_eq!(all.bytes, documents(&analysis) + 700 + 50 + 900);
        assert!(each[0].bytes > 750 && each[1].bytes > 950, "{each:?}");
    }

    #[test]
    fn a_build_that_fails_pushes_nothing() {
        let (each, all) = bills(&analyse(&Project {
            dockerfile: "FROM alpine\nRUNN x\n".to_owned(),
            ..Project::default()
        }));
        assert!(
            each.iter()
                .chain([&all])
                .all(|bill| bill.bytes == 0 && !bill.complete)
        );
    }
}
