//! Annotations of index, manifests and descriptors.
//!
//! Written `--annotation index,manifest[linux/arm64]:key=value` for buildx, and
//! `annotation-index.key=value` among an output's attributes for BuildKit
//! (`exporter/containerimage/exptypes/annotations.go`).

use std::collections::BTreeMap;

use super::ExportError;
use crate::platform::Platform;

/// All annotations of an export.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Annotations {
    /// By level, platform and key.
    entries: BTreeMap<(Level, Option<Platform>, String), String>,
}

/// Where an annotation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Index,
    /// The descriptor of the index, which stands in no document of a registry.
    IndexDescriptor,
    Manifest,
    ManifestDescriptor,
}

impl Level {
    fn named(name: &str) -> Option<Self> {
        match name {
            "index" => Some(Self::Index),
            "index-descriptor" => Some(Self::IndexDescriptor),
            "manifest" => Some(Self::Manifest),
            "manifest-descriptor" => Some(Self::ManifestDescriptor),
            _ => None,
        }
    }
}

impl Annotations {
    /// Reads `--annotation` values.
    pub(super) fn from_flags(flags: &[String]) -> Result<Self, ExportError> {
        let mut annotations = Self::default();
        for flag in flags.iter().filter(|flag| !flag.is_empty()) {
            let Some((key, value)) = flag.split_once('=') else {
                return Err(ExportError::AnnotationForm(flag.clone()));
            };
            let Some((types, key)) = key.split_once(':') else {
                annotations.add(Level::Manifest, None, key, value);
                continue;
            };
            for text in types.split(',') {
                let bad = || ExportError::AnnotationTypeForm(text.to_owned());
                let (name, platform) = type_and_platform(text).ok_or_else(bad)?;
                let level = Level::named(name)
                    .ok_or_else(|| ExportError::AnnotationType(name.to_owned()))?;
                let platform = platform.map(parse_platform).transpose()?;
                annotations.add(level, platform, key, value);
            }
        }
        Ok(annotations)
    }

    /// Adds those among an output's attributes.
    pub(super) fn add_attributes(
        &mut self,
        attributes: &BTreeMap<String, String>,
    ) -> Result<(), ExportError> {
        for (name, value) in attributes {
            let Some(rest) = name.strip_prefix("annotation") else {
                continue;
            };
            let Some((what, key)) = rest.split_once('.') else {
                continue;
            };
            if key.is_empty() || key.contains(char::is_whitespace) {
                continue;
            }
            let (level, platform) = match what.split_once('[') {
                None => (what, None),
                Some((level, platform)) => match platform.strip_suffix(']') {
                    Some(platform) => (level, Some(platform)),
                    None => continue,
                },
            };
            let level = match level.strip_prefix('-') {
                None if level.is_empty() => Level::Manifest,
                None => continue,
                Some(name) => {
                    Level::named(name).ok_or_else(|| ExportError::AttributeType(name.to_owned()))?
                }
            };
            let platform = platform.map(parse_platform).transpose()?;
            self.add(level, platform, key, value);
        }
        Ok(())
    }

    fn add(&mut self, level: Level, platform: Option<Platform>, key: &str, value: &str) {
        // Annotations of the index are of all platforms, however they are written.
        let platform = match level {
            Level::Index | Level::IndexDescriptor => None,
            Level::Manifest | Level::ManifestDescriptor => platform,
        };
        let entry = (level, platform, key.to_owned());
        self.entries.insert(entry, value.to_owned());
    }

    /// Of the index.
    pub(in super::super) fn index(&self) -> BTreeMap<String, String> {
        self.of(Level::Index, None)
    }

    /// Of a platform's manifest; without a platform, only those that name none.
    pub(in super::super) fn manifest(
        &self,
        platform: Option<&Platform>,
    ) -> BTreeMap<String, String> {
        self.of(Level::Manifest, platform)
    }

    /// Of the index entry for a platform's manifest.
    pub(in super::super) fn descriptor(&self, platform: &Platform) -> BTreeMap<String, String> {
        self.of(Level::ManifestDescriptor, Some(platform))
    }

    /// Platforms that are named.
    pub(super) fn platforms(&self) -> impl Iterator<Item = &Platform> {
        self.entries
            .keys()
            .filter_map(|(_, platform, _)| platform.as_ref())
    }

    /// Whether some of them have no place in Docker's types.
    pub(super) fn needs_oci(&self) -> bool {
        self.entries
            .keys()
            .any(|(level, ..)| *level != Level::Manifest)
    }

    /// Whether some of them need an index.
    pub(super) fn needs_index(&self) -> bool {
        let is_index = |level| matches!(level, Level::Index | Level::IndexDescriptor);
        self.entries.keys().any(|(level, ..)| is_index(*level))
    }

    /// Those of all platforms, then those of one.
    fn of(&self, wanted: Level, platform: Option<&Platform>) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for only in [false, true] {
            for ((level, of, key), value) in &self.entries {
                if *level == wanted
                    && of.is_some() == only
                    && of.as_ref().is_none_or(|of| Some(of) == platform)
                {
                    found.insert(key.clone(), value.clone());
                }
            }
        }
        found
    }
}

/// `manifest[linux/arm64]` taken apart.
fn type_and_platform(text: &str) -> Option<(&str, Option<&str>)> {
    let (name, platform) = match text.split_once('[') {
        None => (text, None),
        Some((name, rest)) => (name, Some(rest.strip_suffix(']')?)),
    };
    let is_name = |b: u8| b.is_ascii_lowercase() || b == b'-';
    let is_platform = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'/' | b'-');
    let valid = !name.is_empty()
        && name.bytes().all(is_name)
        && platform.is_none_or(|p| !p.is_empty() && p.bytes().all(is_platform));
    valid.then_some((name, platform))
}

fn parse_platform(text: &str) -> Result<Platform, ExportError> {
    text.parse()
        .map_err(|error| ExportError::AnnotationPlatformForm {
            text: text.to_owned(),
            error,
        })
}
