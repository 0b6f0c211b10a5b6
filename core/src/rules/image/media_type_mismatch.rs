//! `media-type-mismatch`.

use crate::diagnostic::Severity;
use crate::oci::media_type::{self, Kind};
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::{Body, LayerState, Retrieval};

declare_rule! {
    /// ## What happens
    /// The registry's `Content-Type`, the descriptor and the document's own `mediaType` do not agree.
    /// A client that goes by one reads an index where another reads an image (CVE-2021-41190).
    /// `application/json` or no `Content-Type` at all is a warning; upper and lower case and parameters do
    /// not matter.
    /// A layer whose first bytes contradict its type is a warning.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// content-type tag application/vnd.docker.distribution.manifest.v2+json
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// content-type tag application/vnd.oci.image.index.v1+json; charset=utf-8
    /// ```
    /// ## Sources
    /// distribution-spec, "Pulling manifests"; GHSA-77vh-xpmg-72qh.
    pub MediaTypeMismatch {
        name: "media-type-mismatch",
        severity: Error,
        group: Image,
        title: "Two media types for one document",
        title_zh: "同一文档有两种媒体类型",
        since: "0.1.0",
        waivable: true,
    }
}

impl Rule for MediaTypeMismatch {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for located in image.documents() {
            if located.is_config {
                continue;
            }
            let Retrieval::Held(held) = located.retrieval else {
                continue;
            };
            let Some(own) = own_type(&located.node.body) else {
                continue;
            };
            let header = held.content_type.as_deref().unwrap_or_default();
            if media_type::is_generic(header) {
                let what = format!(
                    "the registry gives no media type for the {}",
                    located.name()
                );
                out.report_as(self, Severity::Warning, located.place(), text(what), None);
            } else if !agrees(&own, header) {
                let header: String = header
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(100)
                    .collect();
                let what = format!(
                    "the registry serves the {} as {header}, but it says it is {}",
                    located.name(),
                    own.shown()
                );
                out.report(self, located.place(), text(what));
            }
            let entry = located.node.entry.as_ref();
            if let Some(entry) = entry.filter(|e| !agrees(&own, &e.descriptor.media_type)) {
                let what = format!(
                    "the index lists the {} as {}, but it says it is {}",
                    located.name(),
                    entry.descriptor.media_type,
                    own.shown()
                );
                out.report(self, located.place(), text(what));
            }
        }
        for (digest, layer) in &image.evidence.layers {
            let LayerState::Examined(facts) = &layer.state else {
                continue;
            };
            let declared = declared_compression(&layer.descriptor.media_type);
            if let (Some(declared), Some(actual)) = (declared, facts.compression)
                && declared != actual
            {
                let what = format!(
                    "the {} is declared as {declared} and holds {actual}",
                    image.layer_name(digest)
                );
                let place = image.layer_place(digest);
                out.report_as(self, Severity::Warning, place, text(what), None);
            }
        }
    }
}

fn text(what: String) -> Text {
    let why = "A client that goes by the one type reads something else than a client that goes by \
        the other.";
    let next = "Push with a tool that sets both alike, and look for a proxy that rewrites headers.";
    Text {
        what,
        why: why.into(),
        next: next.into(),
    }
}

/// What a document says it is: its `mediaType`, or its shape where it has none.
enum OwnType<'a> {
    Said(&'a str),
    Shape(Kind),
}

impl OwnType<'_> {
    fn shown(&self) -> &str {
        match self {
            Self::Said(media_type) => media_type,
            Self::Shape(Kind::Index) => "an index",
            Self::Shape(Kind::Manifest | Kind::Schema1 | Kind::Other) => "a manifest",
        }
    }
}

fn own_type(body: &Body) -> Option<OwnType<'_>> {
    let (said, shape) = match body {
        Body::Index(index, _) => (index.media_type.as_deref(), Kind::Index),
        Body::Image(image) => (image.manifest.media_type.as_deref(), Kind::Manifest),
        Body::Attestation(manifest) | Body::Artifact(manifest) => {
            (manifest.media_type.as_deref(), Kind::Manifest)
        }
        Body::Flawed(_) | Body::Nothing => return None,
    };
    Some(said.map_or(OwnType::Shape(shape), OwnType::Said))
}

fn agrees(own: &OwnType<'_>, other: &str) -> bool {
    match own {
        OwnType::Said(said) => media_type::is_same(said, other),
        OwnType::Shape(shape) => media_type::kind(other) == *shape,
    }
}

/// What a layer's media type says about its compression, where it says something.
fn declared_compression(media_type: &str) -> Option<&'static str> {
    let essence = media_type::essence(media_type);
    match essence.rsplit(['+', '.']).next()? {
        "gzip" => Some("gzip"),
        "zstd" => Some("zstd"),
        "tar" => Some("tar"),
        _ => None,
    }
}
