//! Looks into a layer as it streams by: hashes it, unpacks it in passing, and notes which programs
//! are in it. Nothing is extracted and nothing is kept but facts, so memory stays flat whatever the
//! layer holds.
//!
//! A driver pushes the bytes as they come, on whichever thread it likes.

mod content;
mod contents;
mod gzip;
mod program;
mod tar;
mod zstd;

#[cfg(test)]
mod tests;

use self::content::Content;
use self::gzip::Gunzip;
use self::zstd::Unzstd;
use super::layer::LayerFacts;
use crate::digest::Hasher;
use crate::oci::{Descriptor, media_type};

pub use program::program_of;

/// What tells a tar from anything else lies within its first header.
const DETECTION: usize = 512;

/// Scans one layer.
pub struct LayerScanner {
    size: u64,
    hasher: Option<Hasher>,
    stage: Stage,
}

/// How far the scanner is in telling what it gets.
enum Stage {
    /// Content that is no file system: a statement, a chart, a module. It is only hashed.
    Hashing {
        unexamined: Option<&'static str>,
    },
    /// The first bytes, not yet enough to tell.
    Detecting(Vec<u8>),
    Gzip(Box<Gunzip>, Content),
    Zstd(Box<Unzstd>, Content),
    Tar(Content),
    /// None of the three.
    Unknown(Other),
}

/// What a layer is that is none of the three.
#[derive(Clone, Copy)]
enum Other {
    /// A compression that some clients read and polyarch does not.
    Foreign(&'static str),
    Nothing,
}

impl LayerScanner {
    /// A scanner for the layer that `descriptor` names.
    pub fn new(descriptor: &Descriptor) -> Self {
        let stage = if media_type::is_layer(&descriptor.media_type) {
            Stage::Detecting(Vec::new())
        } else {
            let unexamined =
                media_type::is_encrypted_layer(&descriptor.media_type).then_some("it is encrypted");
            Stage::Hashing { unexamined }
        };
        Self {
            size: 0,
            hasher: Hasher::new(descriptor.digest.algorithm()),
            stage,
        }
    }

    /// Takes the next bytes, as they are in the registry.
    pub fn write(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(bytes);
        }
        self.stage.write(bytes);
    }

    /// All facts, once the last byte was written.
    pub fn finish(mut self) -> LayerFacts {
        if let Stage::Detecting(start) = &mut self.stage {
            let start = std::mem::take(start);
            // Nothing at all is an archive without entries to every client.
            self.stage = if start.is_empty() {
                Stage::Tar(Content::new())
            } else {
                Stage::detected(&start)
            };
            self.stage.write(&start);
        }
        let mut facts = self.stage.finish();
        if self.size == 0 {
            facts.compression = None;
        }
        facts.size = self.size;
        facts.digest = self.hasher.map(Hasher::finish);
        facts
    }
}

impl Stage {
    fn write(&mut self, bytes: &[u8]) {
        match self {
            Self::Hashing { .. } | Self::Unknown(_) => {}
            Self::Detecting(start) => {
                let more = bytes.len().min(DETECTION.saturating_sub(start.len()));
                let (now, rest) = bytes.split_at(more);
                start.extend_from_slice(now);
                if start.len() == DETECTION || magic(start).is_some() {
                    let start = std::mem::take(start);
                    *self = Self::detected(&start);
                    self.write(&start);
                    self.write(rest);
                }
            }
            Self::Gzip(gunzip, content) => gunzip.write(bytes, content),
            Self::Zstd(unzstd, content) => unzstd.write(bytes, content),
            Self::Tar(content) => content.write(bytes),
        }
    }

    fn detected(start: &[u8]) -> Self {
        match magic(start) {
            Some(Magic::Gzip) => Self::Gzip(Box::default(), Content::new()),
            Some(Magic::Zstd) => Self::Zstd(Box::default(), Content::new()),
            Some(Magic::Foreign(name)) => Self::Unknown(Other::Foreign(name)),
            None if tar::may_begin_with(start) => Self::Tar(Content::new()),
            None => Self::Unknown(Other::Nothing),
        }
    }

    fn finish(self) -> LayerFacts {
        match self {
            Self::Hashing { unexamined } => LayerFacts {
                unexamined: unexamined.map(str::to_owned),
                ..LayerFacts::default()
            },
            Self::Detecting(_) => LayerFacts::default(),
            Self::Gzip(gunzip, content) => content.finish("gzip", gunzip.finish()),
            Self::Zstd(unzstd, content) => content.finish("zstd", unzstd.finish()),
            Self::Tar(content) => content.finish("tar", End::Clean),
            Self::Unknown(Other::Foreign(name)) => LayerFacts {
                unexamined: Some(format!(
                    "it is packed with {name}, which polyarch does not read"
                )),
                ..LayerFacts::default()
            },
            Self::Unknown(Other::Nothing) => LayerFacts {
                damage: Some("it is neither gzip nor zstd nor a tar archive".to_owned()),
                ..LayerFacts::default()
            },
        }
    }
}

/// How unpacking ended.
enum End {
    /// The whole content came out, and everything that checks it agrees.
    Clean,
    /// The whole content came out; more stands behind it.
    Trailing(u64),
    /// The content is not whole, or not right.
    Broken(&'static str),
    /// The content was not unpacked, for a reason that says nothing against it.
    Refused(String),
}

enum Magic {
    Gzip,
    Zstd,
    Foreign(&'static str),
}

fn magic(start: &[u8]) -> Option<Magic> {
    match start {
        [0x1f, 0x8b, 0x08, ..] => Some(Magic::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Magic::Zstd),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, ..] => {
            Some(Magic::Foreign("bzip2"))
        }
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Magic::Foreign("xz")),
        _ => None,
    }
}
