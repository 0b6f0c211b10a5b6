//! Recipes: one operation a line, describing an image and what is broken about it.
//!
//! Demo images, the executed examples in the rules' pages and tests all use them. The language is
//! listed in [`OPERATIONS`]; a line that is none of them is an error
//! that names the line. `#` begins a comment.

mod parse;

use std::collections::BTreeMap;

use super::compose::PROGRAM;
use crate::bases::ContainerConfig;
use crate::platform::Platform;
use crate::verify::{Depth, Expectation, Promise, Waiver};

pub use parse::{Problem, RecipeError};

/// Every operation and its meaning, in the order in which pages list them.
pub const OPERATIONS: &[(&str, &str)] = &[
    (
        "image P…",
        "the platforms, in the order of the index; the first line of every recipe",
    ),
    (
        "format oci|docker",
        "which media types the documents have (oci)",
    ),
    (
        "compression gzip|zstd|none",
        "how the layers are packed (gzip)",
    ),
    (
        "attest [image]",
        "an attestation for each image, as an OCI artifact or in the older form",
    ),
    ("nest", "the images stand in an index behind the index"),
    (
        "single P",
        "the tag is the bare manifest of P, without an index",
    ),
    ("schema1", "the tag is a manifest of Docker's first schema"),
    ("drop P", "the index has no entry for P"),
    ("add P", "one more platform, which nobody requires"),
    ("duplicate P", "the index lists P twice"),
    ("same P as Q", "the entry for P names Q's manifest"),
    ("entry P says Q", "the platform of P's entry, as written"),
    ("entry P without platform", "P's entry has no platform"),
    (
        "entry unknown",
        "one more entry under unknown/unknown that is no attestation",
    ),
    ("config P says Q", "the platform in P's config, as written"),
    (
        "binary P CPU",
        "the program in P's image is for another CPU",
    ),
    ("file P PATH CPU", "one more program in P's image"),
    (
        "data-file P PATH",
        "one more file in P's image that no CPU runs",
    ),
    (
        "whiteout P PATH",
        "a last layer in P's image removes a file",
    ),
    (
        "diff-ids P short|wrong",
        "P's config names too few layers, or others",
    ),
    (
        "orphan attestation",
        "an attestation about an image that the index does not list",
    ),
    ("delete tag|PART", "the registry answers 404"),
    (
        "flip PART [once]",
        "one byte of what is served is changed; or of every other answer only",
    ),
    ("size PART +N|-N", "the descriptor's size is wrong by N"),
    ("cut PART", "the body ends before its announced length"),
    (
        "trail PART",
        "bytes stand behind the end of the compressed layer",
    ),
    ("foreign PART", "the descriptor has `urls`"),
    (
        "data PART right|wrong",
        "the descriptor embeds the content, or another one",
    ),
    (
        "digest PART ALGORITHM",
        "the descriptor's digest is of another algorithm",
    ),
    ("type PART TYPE", "the descriptor's media type"),
    (
        "content-type tag|PART TYPE|none",
        "the Content-Type header of the answer",
    ),
    (
        "header-digest tag|PART lies|none",
        "the Docker-Content-Digest header of the answer",
    ),
    ("duplicate-key PART", "a key stands twice in the document"),
    ("case-key PART", "a key stands there again in other case"),
    (
        "both-shapes PART",
        "the document has `manifests` and `layers`",
    ),
    ("not-json PART", "the document is no JSON"),
    ("deep-json PART", "the document is nested 200 levels deep"),
    (
        "unauthorized|rate-limited|server-error|unreachable tag|PART",
        "every answer fails like that",
    ),
    ("no-head tag|PART", "HEAD is answered with 404, GET works"),
    (
        "tag moves",
        "every other answer for the tag is another image",
    ),
    (
        "require P[,P…]|nothing",
        "what the verifier is told to require (the platforms of `image`)",
    ),
    ("exact", "--exact"),
    ("strict", "--strict"),
    ("deep [shared]", "--deep"),
    ("expect-digest right|wrong", "--expect-digest"),
    (
        "same-as right|wrong",
        "--same-as, of a tag with the same or with another digest",
    ),
    (
        "dockerfile right|wrong",
        "--dockerfile, with the entrypoint that the image has or with another",
    ),
    ("allow RULE[:GLOB]=REASON", "--allow"),
];

/// An image, its faults, and what is demanded of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// The `image` line, as written and not normalised.
    pub platforms: Vec<Platform>,
    pub format: Format,
    pub compression: Compression,
    pub attest: Option<AttestForm>,
    pub operations: Vec<Operation>,
    pub demands: Demands,
}

/// Family of media types.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Oci,
    Docker,
}

/// How layers are packed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Compression {
    #[default]
    Gzip,
    Zstd,
    None,
}

pub use crate::oci::write::AttestationForm as AttestForm;

/// What is done to the image besides building it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    Nest,
    Single(Platform),
    Schema1,
    Drop(Platform),
    Add(Platform),
    Duplicate(Platform),
    Same {
        entry: Platform,
        manifest_of: Platform,
    },
    EntrySays {
        entry: Platform,
        says: Option<Platform>,
    },
    EntryUnknown,
    ConfigSays {
        image: Platform,
        says: Platform,
    },
    /// A program of another CPU at the image's usual place.
    Binary {
        image: Platform,
        cpu: Platform,
    },
    /// A further file; a program where `cpu` is given.
    File {
        image: Platform,
        path: String,
        cpu: Option<Platform>,
    },
    Whiteout {
        image: Platform,
        path: String,
    },
    DiffIdsShort(Platform),
    DiffIdsWrong(Platform),
    OrphanAttestation,
    TagMoves,
    Fault {
        on: Part,
        fault: Fault,
    },
}

/// A thing of the registry that can be broken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The answer to a request for the tag, whatever it names.
    Tag,
    Index,
    Manifest(Platform),
    Config(Platform),
    /// The layer that holds the program.
    Layer(Platform),
    /// The layer of data files that all platforms of one image have in common.
    SharedLayer,
    Attestation(Platform),
}

/// How it is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// 404.
    Deleted,
    Flipped,
    /// Only the first, third, … answer is.
    FlippedOnce,
    Size(i64),
    Cut,
    Trailing,
    Foreign,
    Data {
        right: bool,
    },
    /// The digest that names it is of this algorithm.
    Algorithm(String),
    MediaType(String),
    /// `None`: no such header.
    ContentType(Option<String>),
    HeaderDigestLies,
    HeaderDigestMissing,
    DuplicateKey,
    CaseKey,
    BothShapes,
    NotJson,
    DeepJson,
    Failing(Failing),
    NoHead,
}

/// What an answer fails with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failing {
    /// 401.
    Unauthorized,
    /// 429.
    RateLimited,
    /// 500.
    ServerError,
    /// The connection is lost.
    Unreachable,
}

/// What the verifier is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demands {
    /// `None`: the platforms of the `image` line.
    pub require: Option<Vec<Platform>>,
    pub exact: bool,
    pub strict: bool,
    pub depth: Depth,
    /// `--expect-digest`: the image's own or another one.
    pub expect_digest: Option<bool>,
    /// `--same-as`: a tag with the same digest or with another one.
    pub same_as: Option<bool>,
    /// `--dockerfile`: the image's own or another one.
    pub dockerfile: Option<bool>,
    pub waivers: Vec<Waiver>,
}

impl Recipe {
    /// Reads a recipe.
    ///
    /// # Errors
    /// The first line that is no operation, or that names a platform the image has not.
    pub fn parse(text: &str) -> Result<Self, RecipeError> {
        parse::recipe(text)
    }

    /// What the verifier is told to demand; digests that depend on the built image are added by
    /// [`Recipe::expectation`].
    pub(super) fn wanted(&self) -> Expectation {
        let demands = &self.demands;
        let platforms = demands.require.as_ref().unwrap_or(&self.platforms);
        Expectation {
            exact: demands.exact,
            strict: demands.strict,
            depth: demands.depth,
            waivers: demands.waivers.clone(),
            promises: self.promises(platforms),
            ..Expectation::of(platforms.clone())
        }
    }

    /// What the Dockerfile of `--dockerfile` says of each platform.
    fn promises(&self, platforms: &[Platform]) -> Vec<Promise> {
        let Some(is_right) = self.demands.dockerfile else {
            return Vec::new();
        };
        let program = if is_right {
            PROGRAM
        } else {
            "/usr/local/bin/other"
        };
        let promise = |platform: &Platform| Promise {
            platform: platform.normalised(),
            config: ContainerConfig {
                entrypoint: vec![program.to_owned()],
                ..ContainerConfig::default()
            },
            complete: false,
            history: Vec::new(),
            base_diff_ids: Vec::new(),
            base: None,
            lines: BTreeMap::from([("Entrypoint".to_owned(), 6)]),
        };
        platforms.iter().map(promise).collect()
    }

    /// The platforms of all images that exist, required or not, in order.
    pub(super) fn images(&self) -> impl Iterator<Item = &Platform> {
        let added = self
            .operations
            .iter()
            .filter_map(|operation| match operation {
                Operation::Add(platform) => Some(platform),
                _ => None,
            });
        self.platforms.iter().chain(added)
    }

    /// The faults of one part, in the order of the recipe.
    pub(super) fn faults<'a>(&'a self, part: &'a Part) -> impl Iterator<Item = &'a Fault> {
        self.operations
            .iter()
            .filter_map(move |operation| match operation {
                Operation::Fault { on, fault } if on == part => Some(fault),
                _ => None,
            })
    }
}
