//! Base images: which platforms a reference is published for, and what their configs say.
//!
//! A catalogue is read from a `--bases` file, or is the embedded list of Docker Official Images,
//! which knows platforms but no configs. Asking a registry is the drivers' business; what they
//! learn becomes a [`Catalogue`] too.

mod config;
mod official;
mod reader;

use std::collections::{BTreeMap, BTreeSet};

use crate::digest::Digest;
use crate::platform::{self, Platform};
use crate::reference::Reference;

pub use config::{ContainerConfig, Healthcheck, HistoryEntry};
pub use official::{OFFICIAL_SOURCE, is_official_repository, official_repositories, official_tags};
pub use reader::{ReadError, read};

/// Base images by reference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// By normalised reference, such as `docker.io/library/alpine:3.20`.
    pub images: BTreeMap<String, Image>,
    /// The digest of what a reference names (the index, or the bare manifest), where known. Step
    /// names carry it.
    pub digests: BTreeMap<String, Digest>,
    /// References of which it is known that they do not exist.
    pub absent: BTreeSet<String>,
    /// What is said of a reference that neither holds.
    pub otherwise: Otherwise,
}

/// What holds for references that a catalogue does not list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Otherwise {
    /// They do not exist: the catalogue is complete, as a `--bases` file is.
    Absent,
    /// The embedded list of official images answers for their platforms; any other image is
    /// assumed to have every platform.
    #[default]
    Official,
}

/// What a reference resolves to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Image {
    /// An index: a client picks the entry for its platform.
    Index(Vec<Entry>),
    /// One manifest without index, which every client takes, whatever its platform.
    Manifest(Entry),
}

/// One image of an index, or a bare manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// As the index says it, not normalised; a bare manifest has that of its config.
    /// `None` where the index says none.
    pub platform: Option<Platform>,
    /// What the image's config says, where that differs.
    pub config_platform: Option<Platform>,
    /// The image's config; `None` where it is not known.
    pub config: Option<ContainerConfig>,
    /// Its history, oldest first.
    pub history: Vec<HistoryEntry>,
    /// Digests of its unpacked layers; `None` where not known, empty for an image without layers.
    pub diff_ids: Option<Vec<String>>,
    /// Descriptors of its layers as raw JSON texts.
    pub layers: Option<Vec<serde_json::Value>>,
    /// The digest of the manifest, where known.
    pub digest: Option<Digest>,
}

/// The answer for a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// The catalogue has it.
    Known(&'a Image),
    /// An official image whose platforms are listed, with nothing known of its configs.
    Official(Image),
    /// Nothing is known; it is taken to have every platform.
    Assumed,
    /// It does not exist.
    Absent,
}

impl Catalogue {
    /// The catalogue that applies when the user gives none.
    pub fn embedded() -> Self {
        Self::default()
    }

    /// Looks a reference up; one without tag or digest means `latest`.
    pub fn lookup(&self, reference: &Reference) -> Lookup<'_> {
        let reference = reference.clone().with_default_tag();
        if let Some(image) = self.images.get(&reference.to_string()) {
            return Lookup::Known(image);
        }
        if self.absent.contains(&reference.to_string()) {
            return Lookup::Absent;
        }
        // A digest names the content; the tag before it is decoration.
        if let Some(digest) = &reference.digest {
            let pinned = reference.at(digest).to_string();
            if let Some(image) = self.images.get(&pinned) {
                return Lookup::Known(image);
            }
        }
        match self.otherwise {
            Otherwise::Absent => Lookup::Absent,
            Otherwise::Official => {
                official::lookup(&reference).map_or(Lookup::Assumed, Lookup::Official)
            }
        }
    }
}

impl Catalogue {
    /// The digest of what a reference names, if it is known.
    pub fn digest(&self, reference: &Reference) -> Option<&Digest> {
        let reference = reference.clone().with_default_tag();
        self.digests.get(&reference.to_string())
    }
}

impl Image {
    /// The entry that a client of `wanted` gets: containerd's choice from an index, and the bare
    /// manifest whatever its platform is.
    pub fn select(&self, wanted: &Platform) -> Option<&Entry> {
        match self {
            Self::Manifest(entry) => Some(entry),
            Self::Index(entries) => {
                let with_platform: Vec<&Entry> = entries
                    .iter()
                    .filter(|entry| entry.platform.is_some())
                    .collect();
                let platforms = with_platform.iter().filter_map(|e| e.platform.as_ref());
                let chosen = platform::select(wanted, platforms)?;
                with_platform.get(chosen).copied()
            }
        }
    }

    /// The platforms it is published for, in index order.
    pub fn platforms(&self) -> Vec<&Platform> {
        match self {
            Self::Manifest(entry) => entry.platform.iter().collect(),
            Self::Index(entries) => entries.iter().filter_map(|e| e.platform.as_ref()).collect(),
        }
    }
}

impl Entry {
    /// What the image's own config says its platform is.
    pub fn own_platform(&self) -> Option<&Platform> {
        self.config_platform.as_ref().or(self.platform.as_ref())
    }
}

#[cfg(test)]
mod tests;
