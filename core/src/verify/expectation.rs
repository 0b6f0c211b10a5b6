//! What a tag must be, as the user says it.

use super::promise::Promise;
use crate::digest::Digest;
use crate::platform::Platform;

/// The demands on one tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// Normalised, each once, in the user's order.
    pub platforms: Vec<Platform>,
    /// Whether any other platform is an error.
    pub exact: bool,
    /// Digests that the root must have, each with where it comes from (`--expect-digest`, the name
    /// of a metadata file, another reference).
    pub digests: Vec<(String, Digest)>,
    pub depth: Depth,
    /// What each platform's config must be, where a Dockerfile says it.
    pub promises: Vec<Promise>,
    /// Whether warnings count as errors.
    pub strict: bool,
    pub waivers: Vec<Waiver>,
}

/// How deep a verification looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// Documents are fetched and hashed; layers are only asked for.
    #[default]
    Documents,
    /// Besides, layers that several platforms share are downloaded.
    SharedLayers,
    /// Besides, every layer is downloaded.
    AllLayers,
}

impl Depth {
    /// The word of the JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documents => "default",
            Self::SharedLayers => "deep-shared",
            Self::AllLayers => "deep",
        }
    }
}

/// A finding that the user accepts, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    pub rule: String,
    /// Glob over the absolute path in the image; every path where absent.
    pub path: Option<String>,
    pub platform: Option<Platform>,
    /// Never empty.
    pub reason: String,
}

impl Default for Expectation {
    /// amd64 and arm64, as the contract says.
    fn default() -> Self {
        Self::of(vec![
            Platform::new("linux", "amd64"),
            Platform::new("linux", "arm64"),
        ])
    }
}

impl Expectation {
    /// These platforms, and nothing else demanded.
    pub fn of(platforms: Vec<Platform>) -> Self {
        let mut unique: Vec<Platform> = Vec::new();
        for platform in platforms {
            let platform = platform.normalised();
            if !unique.contains(&platform) {
                unique.push(platform);
            }
        }
        Self {
            platforms: unique,
            exact: false,
            digests: Vec::new(),
            depth: Depth::Documents,
            promises: Vec::new(),
            strict: false,
            waivers: Vec::new(),
        }
    }
}
