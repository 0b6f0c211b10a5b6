//! The programs that an image holds once all its layers lie on top of each other.

mod place;
pub(super) mod predicted;
mod severity;

use std::collections::BTreeMap;

use super::ImageFacts;
use crate::digest::Digest;
use crate::oci::Descriptor;
use crate::verify::{LayerFacts, LayerState, Program};

pub(super) use place::Places;
pub(super) use severity::{judge, shown};

/// A program that a container of the image would see.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visible<'a> {
    /// The layer that the entry is in, which for a hard link need not be the program's own.
    pub(super) layer: &'a Digest,
    pub(super) path: &'a str,
    pub(super) program: &'a Program,
}

/// Programs of all layers that were examined, by path, without what a later layer replaces or
/// hides.
pub(super) fn visible<'a>(
    image: &ImageFacts<'a>,
    layers: &'a [Descriptor],
) -> impl Iterator<Item = Visible<'a>> {
    let mut visible: BTreeMap<&str, Visible<'_>> = BTreeMap::new();
    for descriptor in layers {
        let Some(layer) = image.evidence.layers.get(&descriptor.digest) else {
            continue;
        };
        match &layer.state {
            LayerState::Examined(facts) => add(&mut visible, &descriptor.digest, facts),
            LayerState::Present { .. } | LayerState::Failed(_) | LayerState::Skipped(_) => {}
        }
    }
    visible.into_values()
}

/// The layers that replace more than is known, above others that were examined.
pub(super) fn beyond_knowing<'a>(
    image: &ImageFacts<'a>,
    layers: &'a [Descriptor],
) -> impl Iterator<Item = &'a Digest> {
    let above = layers.iter().skip(1).map(|layer| &layer.digest);
    above.filter(|digest| {
        let layer = image.evidence.layers.get(*digest);
        matches!(layer.map(|layer| &layer.state), Some(LayerState::Examined(facts))
            if facts.covered.is_cut() && facts.unexamined.is_none())
    })
}

/// Puts a layer on top.
fn add<'a>(
    visible: &mut BTreeMap<&'a str, Visible<'a>>,
    digest: &'a Digest,
    facts: &'a LayerFacts,
) {
    // A hard link shares what its target was before this layer; the target may be replaced in it.
    let linked: Vec<(&str, &Program)> = facts
        .links
        .iter()
        .filter_map(|link| {
            Some((
                link.path.as_str(),
                visible.get(link.target.as_str())?.program,
            ))
        })
        .collect();
    // What a layer with more entries than are kept replaces is not known: nothing below it is
    // held against the image, and `digest-unverifiable` says so.
    visible.retain(|path, _| !facts.covered.is_cut() && !facts.covered.covers(path));
    let own = facts.executables.iter();
    let own = own.map(|executable| (executable.path.as_str(), &executable.program));
    for (path, program) in linked.into_iter().chain(own) {
        let layer = digest;
        visible.insert(
            path,
            Visible {
                layer,
                path,
                program,
            },
        );
    }
}

#[cfg(test)]
mod tests;
