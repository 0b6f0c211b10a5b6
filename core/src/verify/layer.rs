//! What a layer turned out to hold, once it was streamed whole.

use super::covered::Covered;
use super::evidence::FirstAnswer;
use crate::digest::Digest;
use crate::platform::Platform;

/// What a path costs besides its text.
pub(super) const PER_PATH: usize = 160;

/// Facts about one layer's bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LayerFacts {
    /// Bytes received.
    pub size: u64,
    /// Digest of the bytes received, by the algorithm of the digest that names the layer; `None`
    /// if polyarch cannot compute it.
    pub digest: Option<Digest>,
    /// SHA-256 of the unpacked tar; `None` if it could not be unpacked.
    pub diff_id: Option<Digest>,
    /// What the first bytes say: `gzip`, `zstd` or `tar`; `None` for content that is no layer.
    pub compression: Option<&'static str>,
    /// Why the archive cannot be trusted: trailing bytes, wrong checksum, early end.
    pub damage: Option<String>,
    /// What could not be looked at although nothing is wrong with it, and why. With this the layer
    /// is not established, whatever else is known.
    pub unexamined: Option<String>,
    /// Executables and shared libraries, by path.
    pub executables: Vec<Executable>,
    /// Hard links to files that this layer does not hold, by path.
    pub links: Vec<HardLink>,
    /// Paths that replace or hide what lower layers hold.
    pub covered: Covered,
    /// A first answer that did not match the digest, if this is the second.
    pub first: Option<FirstAnswer>,
}

impl LayerFacts {
    /// About how many bytes it takes to keep what was found in the layer.
    pub(super) fn weight(&self) -> usize {
        let programs = self.executables.iter().map(|program| program.path.len());
        let links = self.links.iter();
        let links = links.map(|link| link.path.len() + link.target.len());
        let paths: usize = programs.chain(links).map(|length| length + PER_PATH).sum();
        paths + self.covered.weight()
    }

    /// Forgets what was found; bytes and digests stay. The layer is then not established.
    pub(super) fn forget_contents(&mut self) {
        self.executables = Vec::new();
        self.links = Vec::new();
        self.covered = Covered::cut();
        let reason = "the layers of this image hold more paths than are kept in mind";
        self.unexamined.get_or_insert_with(|| reason.to_owned());
    }
}

/// A program or a shared library in a layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executable {
    /// Absolute path in the image.
    pub path: String,
    /// What its header says.
    pub program: Program,
}

/// What the header of a program says it is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Program {
    pub format: ProgramFormat,
    /// Not normalised: `linux/arm` without variant does not say which. Of a universal Mach-O file
    /// the first CPU.
    pub platform: Platform,
    /// Further CPUs of a universal Mach-O file.
    pub also: Vec<Platform>,
}

/// How a program is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProgramFormat {
    /// Linux, the BSDs and other Unix systems. Most files do not say which; those are `linux`.
    Elf,
    /// macOS.
    MachO,
    /// Windows.
    Pe,
}

/// A hard link whose content is in a lower layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HardLink {
    /// Absolute path of the link in the image.
    pub path: String,
    /// Absolute path of what it links to.
    pub target: String,
}

impl Program {
    /// All platforms that it is for.
    pub fn platforms(&self) -> impl Iterator<Item = &Platform> {
        std::iter::once(&self.platform).chain(&self.also)
    }
}
