//! `digest-unverifiable`.

use crate::oci::media_type::{is_encrypted_layer, is_layer};
use crate::reference::Target;
use crate::rules::programs::beyond_knowing;
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::{LayerState, Retrieval, Skipped};

declare_rule! {
    /// ## What happens
    /// A document or layer is named by a digest of an algorithm that polyarch does not compute.
    /// Or, with `--deep`, a layer could not be unpacked for a reason that says nothing against it: it is
    /// encrypted, its zstd data takes more memory than polyarch spends, its `diff_id` is of another algorithm.
    /// Its content may be right; that could not be established.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// digest manifest linux/arm64 blake3
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// OCI image-spec `descriptor.md`: sha256, sha512 and blake3 are registered; polyarch computes the first
    /// two.
    pub DigestUnverifiable {
        name: "digest-unverifiable",
        severity: Error,
        group: Image,
        title: "A digest that cannot be computed here",
        title_zh: "摘要算法不受支持",
        since: "0.1.0",
        inconclusive: true,
    }
}

impl Rule for DigestUnverifiable {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for located in image.documents() {
            if matches!(
                located.retrieval,
                Retrieval::Skipped(Skipped::UnsupportedDigest)
            ) {
                let algorithm = match (located.digest(), &image.evidence.target) {
                    (Some(digest), _) => digest.algorithm().to_owned(),
                    (None, Target::Digest(digest)) => digest.algorithm().to_owned(),
                    (None, Target::Tag(_)) => String::new(),
                };
                let what = format!("the {} is named by a {algorithm} digest", located.name());
                out.report(self, located.place(), text(what));
            }
        }
        for (digest, layer) in &image.evidence.layers {
            let LayerState::Examined(facts) = &layer.state else {
                continue;
            };
            let name = image.layer_name(digest);
            if facts.digest.is_none() {
                let what = format!("the {name} is named by a {} digest", digest.algorithm());
                out.report(self, image.layer_place(digest), text(what));
            }
            if let Some(reason) = &facts.unexamined {
                let what = format!("the {name} could not be examined: {reason}");
                out.report(self, image.layer_place(digest), unexamined(what));
            }
        }
        for (node, found) in image.images() {
            for digest in beyond_knowing(image, &found.manifest.layers) {
                let what = format!(
                    "the layer {} of the {} has more entries than are kept in mind, so which \
                     programs of the layers below are still there is not known",
                    digest.short(),
                    node.name()
                );
                out.report(self, node.place_of(Some(digest)), unexamined(what));
            }
            let config = found.config.read();
            let diff_ids = config.map(|config| config.diff_ids.as_slice());
            for (at, descriptor) in found.manifest.layers.iter().enumerate() {
                let layer = image.evidence.layers.get(&descriptor.digest);
                if !layer.is_some_and(|layer| matches!(layer.state, LayerState::Examined(_))) {
                    continue;
                }
                let expected = diff_ids.and_then(|diff_ids| diff_ids.get(at));
                let media_type = &descriptor.media_type;
                let reason = if !is_layer(media_type) && !is_encrypted_layer(media_type) {
                    format!("its media type `{media_type}` is none of a layer")
                } else if let Some(expected) = expected.filter(|id| !id.starts_with("sha256:")) {
                    let algorithm = expected.split(':').next().unwrap_or_default();
                    format!("the config gives its diff_id as {algorithm}")
                } else {
                    continue;
                };
                let short = descriptor.digest.short();
                let name = node.name();
                let what = format!("the layer {short} of the {name} was not compared: {reason}");
                out.report(
                    self,
                    node.place_of(Some(&descriptor.digest)),
                    unexamined(what),
                );
            }
        }
    }
}

fn text(what: String) -> Text {
    let why =
        "polyarch computes sha256 and sha512; whether the bytes are right is not established.";
    let next = "Push the image with sha256 digests, which every client computes.";
    Text {
        what,
        why: why.into(),
        next: next.into(),
    }
}

fn unexamined(what: String) -> Text {
    let why = "Nothing is known to be wrong with it; what it holds is not established.";
    let next = "Verify without --deep if that does not matter, or push the layer as gzip.";
    Text {
        what,
        why: why.into(),
        next: next.into(),
    }
}
