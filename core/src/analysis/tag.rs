//! The tag as a registry's page lists it: its platforms with their digests and compressed sizes.
//!
//! Only sizes that are known are said. A prediction that does not know what a build will make has
//! the base's layers at most.

use super::{Analysis, DocumentKind};
use crate::digest::Digest;
use crate::oci::{Content, Document, Role};
use crate::platform::Platform;

/// An image of the tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagRow {
    pub platform: Platform,
    /// Of its manifest.
    pub digest: Digest,
    pub simulated: bool,
    pub size: TagSize,
}

/// Bytes of an image's layers as they are in the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagSize {
    Exact(u64),
    /// The base's layers alone; the rest is known after the build.
    Base(u64),
    Unknown,
}

/// The images of the predicted tag, in the order of its index; empty where nothing is published.
pub fn tag_rows(analysis: &Analysis) -> Vec<TagRow> {
    let manifests = analysis.documents.iter();
    let manifests = manifests.filter(|document| document.kind == DocumentKind::Manifest);
    manifests
        .filter_map(|document| {
            let platform = document.platform.clone()?;
            let size = if document.simulated {
                of_base(analysis, &platform)
            } else {
                exact(&document.text)
            };
            Some(TagRow {
                platform,
                digest: document.digest.clone(),
                simulated: document.simulated,
                size,
            })
        })
        .collect()
}

fn exact(manifest: &str) -> TagSize {
    match Document::new(manifest.as_bytes()).read(Role::Manifest) {
        Content::Manifest(manifest) => {
            let sizes = manifest.layers.iter().map(|layer| layer.size);
            TagSize::Exact(sizes.fold(0, u64::saturating_add))
        }
        Content::Index(_) | Content::Config(_) | Content::Flawed(_) => TagSize::Unknown,
    }
}

fn of_base(analysis: &Analysis, platform: &Platform) -> TagSize {
    let images = analysis.platforms.iter();
    let mut images = images.filter_map(|view| view.image.as_ref());
    let image = images.find(|image| image.platform.is_same(platform));
    let layers = image
        .and_then(|image| image.base.as_ref())
        .and_then(|base| base.layers.as_ref());
    let Some(layers) = layers else {
        return TagSize::Unknown;
    };
    let sizes: Option<Vec<u64>> = layers
        .iter()
        .map(|layer| layer.get("size")?.as_u64())
        .collect();
    sizes.map_or(TagSize::Unknown, |sizes| {
        TagSize::Base(sizes.into_iter().fold(0, u64::saturating_add))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Project, analyse};
    use super::*;

    const BASES: &str = r#"{"alpine:3.22":{"index":[{"platform":"linux/amd64","layers":[{
        "mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","size":3800000,"digest":
        "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]},
        {"platform":"linux/arm64"}]}}"#;

    #[test]
    fn only_what_is_known_is_said_of_a_size() {
        let project = Project {
            dockerfile: "FROM alpine:3.22\nRUN make\n".to_owned(),
            bases: Some(BASES.to_owned()),
            ..Project::default()
        };
        let rows = tag_rows(&analyse(&project));
        let said: Vec<_> = rows
            .iter()
            .map(|row| (row.platform.to_string(), row.size))
            .collect();
        assert_eq!(
            said,
            [
                ("linux/amd64".to_owned(), TagSize::Base(3_800_000)),
                ("linux/arm64".to_owned(), TagSize::Unknown)
            ]
        );
        let scratch = Project {
            dockerfile: "FROM scratch\nLABEL a=b\n".to_owned(),
            ..Project::default()
        };
        let rows = tag_rows(&analyse(&scratch));
        assert!(
            rows.iter().all(|row| row.size != TagSize::Base(0)),
            "{rows:?}"
        );
    }
}
