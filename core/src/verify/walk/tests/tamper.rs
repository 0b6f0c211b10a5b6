//! Whatever is done to the bytes of a pinned image, documents or layers, it no longer passes.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use super::{REPOSITORY, pinned, recipe, verdict};
use crate::demo::{Object, Registry};
use crate::digest::Digest;
use crate::verify::{Depth, Verdict};

/// One of every way to pack a layer, and one of every shape of an image.
const IMAGES: [&str; 6] = [
    "image linux/amd64 linux/arm64",
    "image linux/amd64 linux/arm64\ncompression zstd",
    "image linux/amd64 linux/arm64\ncompression none",
    "image linux/amd64 linux/arm64\nformat docker",
    "image linux/amd64 linux/arm64\nattest",
    "image linux/amd64 linux/arm64\nnest",
];

/// All that the registry stores of an image that passes, read whole.
struct Stored {
    registry: Registry,
    objects: Vec<(bool, Digest)>,
}

impl Stored {
    fn of(text: &str) -> Self {
        let mut registry = recipe(text).build();
        let evidence = pinned(&mut registry, Depth::AllLayers);
        assert_eq!(verdict(&evidence), Verdict::Pass, "{text}");
        // The registry may hold other images; of this one everything must have been read.
        let nodes = evidence.nodes();
        let manifests = nodes.iter().filter_map(|node| node.digest().cloned());
        let manifests = std::iter::once(evidence.digest().unwrap().clone()).chain(manifests);
        let configs = nodes.iter().filter_map(|node| node.image());
        let configs = configs.map(|image| image.manifest.config.digest.clone());
        let blobs = configs.chain(evidence.layers.keys().cloned());
        let manifests = manifests
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(|d| (true, d));
        let blobs = blobs
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(|d| (false, d));
        let objects: Vec<_> = manifests.chain(blobs).collect();
        for (_, digest) in &objects {
            let text = String::from_utf8_lossy(content_of(&registry, digest)).into_owned();
            for rest in text.split("\"digest\":\"").skip(1) {
                let named = rest.split('"').next().unwrap();
                let is_read = objects.iter().any(|(_, digest)| digest.as_str() == named);
                assert!(is_read, "{text} names {named}, which nobody reads");
            }
        }
        Self { registry, objects }
    }

    fn object(&mut self, at: usize) -> &mut Object {
        let repository = self.registry.repositories.get_mut(REPOSITORY).unwrap();
        let (is_manifest, digest) = &self.objects[at];
        let objects = if *is_manifest {
            &mut repository.manifests
        } else {
            &mut repository.blobs
        };
        objects.get_mut(digest).unwrap()
    }

    fn content(&mut self, at: usize) -> Arc<[u8]> {
        Arc::clone(&self.object(at).content)
    }

    /// What is said of the image when one object's bytes are these.
    fn verdict_with(&mut self, at: usize, bytes: Vec<u8>) -> Verdict {
        let content = std::mem::replace(&mut self.object(at).content, bytes.into());
        let verdict = verdict(&pinned(&mut self.registry, Depth::AllLayers));
        self.object(at).content = content;
        verdict
    }
}

fn content_of<'a>(registry: &'a Registry, digest: &Digest) -> &'a [u8] {
    let repository = &registry.repositories[REPOSITORY];
    let manifest = repository.manifests.get(digest);
    &manifest.or(repository.blobs.get(digest)).unwrap().content
}

/// Every byte of everything, one after the other; the pattern changes from byte to byte, so that
/// high bits, low bits and whole bytes all have their turn.
#[test]
fn no_flipped_byte_of_a_whole_image_passes() {
    let mut stored = Stored::of(IMAGES[0]);
    let mut flipped = 0;
    for at in 0..stored.objects.len() {
        let content = stored.content(at);
        for position in 0..content.len() {
            let mut bytes = content.to_vec();
            bytes[position] ^= [0x01, 0x80, 0xff, 0x20][position % 4];
            let verdict = stored.verdict_with(at, bytes);
            assert_eq!(
                verdict,
                Verdict::Fail,
                "{:?} at {position}",
                stored.objects[at]
            );
            flipped += 1;
        }
    }
    assert!(flipped > 3_000, "only {flipped} bytes make an image");
}

/// Cut to every length, one after the other.
#[test]
fn no_shortened_image_passes() {
    let mut stored = Stored::of(IMAGES[0]);
    for at in 0..stored.objects.len() {
        let content = stored.content(at);
        for length in 0..content.len() {
            let verdict = stored.verdict_with(at, content[..length].to_vec());
            assert_eq!(
                verdict,
                Verdict::Fail,
                "{:?} at {length}",
                stored.objects[at]
            );
        }
    }
}

proptest! {
    #[test]
    fn no_flipped_byte_passes(
        image in 0..IMAGES.len(),
        object in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        flip in 1..=255_u8,
    ) {
        let mut stored = Stored::of(IMAGES[image]);
        let object = object.index(stored.objects.len());
        let mut bytes = stored.content(object).to_vec();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        prop_assert_eq!(stored.verdict_with(object, bytes), Verdict::Fail);
    }

    /// Zeros and blanks are what padding looks like, and a second copy is what a careless proxy
    /// sends; each is well formed behind some content.
    #[test]
    fn nothing_behind_the_end_passes(
        image in 0..IMAGES.len(),
        object in any::<prop::sample::Index>(),
        more in prop_oneof![
            Just(vec![0]),
            Just(vec![0; 512]),
            Just(b" ".to_vec()),
            Just(b"\n".to_vec()),
            Just(Vec::new()),
            proptest::collection::vec(any::<u8>(), 1..600),
        ],
    ) {
        let mut stored = Stored::of(IMAGES[image]);
        let object = object.index(stored.objects.len());
        let mut bytes = stored.content(object).to_vec();
        if more.is_empty() {
            bytes.extend_from_within(..);
        }
        bytes.extend(more);
        prop_assert_eq!(stored.verdict_with(object, bytes), Verdict::Fail);
    }

    /// One object in the place of another: each is right, and neither is what was asked for.
    #[test]
    fn no_exchanged_object_passes(
        image in 0..IMAGES.len(),
        object in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
    ) {
        let mut stored = Stored::of(IMAGES[image]);
        let object = object.index(stored.objects.len());
        let other = other.index(stored.objects.len());
        prop_assume!(object != other);
        let bytes = stored.content(other).to_vec();
        prop_assert_eq!(stored.verdict_with(object, bytes), Verdict::Fail);
    }
}
