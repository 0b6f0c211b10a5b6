//! The unpacked bytes of a layer: their digest, and what the archive in them holds.

use super::End;
use super::tar::Walker;
use crate::digest::Hasher;
use crate::verify::layer::LayerFacts;

/// Takes the unpacked bytes as they come.
pub(super) struct Content {
    /// `None` only if SHA-256 were missing.
    hasher: Option<Hasher>,
    tar: Walker,
}

impl Content {
    pub(super) fn new() -> Self {
        Self {
            hasher: Hasher::new("sha256"),
            tar: Walker::default(),
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        if let Some(hasher) = &mut self.hasher {
            hasher.update(bytes);
        }
        self.tar.write(bytes);
    }

    /// What is known, with what unpacking says about it. Size and digest are the scanner's.
    pub(super) fn finish(self, compression: &'static str, end: End) -> LayerFacts {
        let is_whole = matches!(end, End::Clean | End::Trailing(_));
        let (contents, tar_damage) = self.tar.finish(is_whole);
        let mut facts = contents.finish();
        facts.compression = Some(compression);
        match end {
            End::Clean => facts.damage = tar_damage,
            End::Trailing(count) => {
                let behind =
                    format!("{count} bytes stand behind the end of the {compression} data");
                facts.damage = Some(tar_damage.unwrap_or(behind));
            }
            End::Broken(why) => facts.damage = Some(why.to_owned()),
            End::Refused(why) => facts.unexamined = Some(why),
        }
        if is_whole {
            facts.diff_id = self.hasher.map(Hasher::finish);
        }
        facts
    }
}
