//! Turns a recipe into documents and layers.
//!
//! Everything is built bottom up, so that a change in a layer or a config changes every digest
//! above it, as in a real build. What a fault breaks is only what is served or what a descriptor
//! says.

mod content;
mod documents;

pub(in crate::demo) use content::PROGRAM;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::recipe::{Compression, Fault, Format, Operation, Part, Recipe};
use super::registry::{DigestHeader, Flip, Object, Repository, Serving, Tag};
use crate::digest::{Digest, Hasher};
use crate::oci::media_type;
use crate::oci::write::Descriptor;

/// Builds `recipe` under `tag`, and the tags that its demands compare with.
pub(super) fn compose(recipe: &Recipe, tag: &str) -> Repository {
    let mut composer = Composer {
        recipe,
        tag,
        repository: Repository::default(),
    };
    let root = composer.root();
    let other = composer.other();
    let moves = recipe.operations.contains(&Operation::TagMoves);
    let mut targets = vec![root.clone()];
    if moves {
        targets.push(other.clone());
    }
    let serving = composer.serving(&Part::Tag);
    let tags = &mut composer.repository.tags;
    tags.insert(tag.to_owned(), Tag { targets, serving });
    if let Some(right) = recipe.demands.same_as {
        let target = if right { root } else { other };
        let twin = Tag {
            targets: vec![target],
            serving: Serving::default(),
        };
        tags.insert(twin_of(tag), twin);
    }
    composer.repository
}

/// The tag that `same-as` compares with.
pub(super) fn twin_of(tag: &str) -> String {
    format!("{tag}-twin")
}

/// The repository under construction.
struct Composer<'a> {
    recipe: &'a Recipe,
    tag: &'a str,
    repository: Repository,
}

/// Which of the two stores a thing goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Store {
    Manifests,
    Blobs,
}

/// Media types of one family.
struct Types {
    index: &'static str,
    manifest: &'static str,
    config: &'static str,
    layer: &'static str,
}

impl Composer<'_> {
    fn types(&self) -> Types {
        let layer = match (self.recipe.format, self.recipe.compression) {
            (Format::Oci, Compression::Gzip) => media_type::OCI_LAYER_GZIP,
            (Format::Oci, Compression::Zstd) => media_type::OCI_LAYER_ZSTD,
            (Format::Oci, Compression::None) => media_type::OCI_LAYER,
            (Format::Docker, Compression::Gzip) => media_type::DOCKER_LAYER_GZIP,
            (Format::Docker, Compression::Zstd) => {
                "application/vnd.docker.image.rootfs.diff.tar.zstd"
            }
            (Format::Docker, Compression::None) => "application/vnd.docker.image.rootfs.diff.tar",
        };
        match self.recipe.format {
            Format::Oci => Types {
                index: media_type::OCI_INDEX,
                manifest: media_type::OCI_MANIFEST,
                config: media_type::OCI_CONFIG,
                layer,
            },
            Format::Docker => Types {
                index: media_type::DOCKER_LIST,
                manifest: media_type::DOCKER_MANIFEST,
                config: media_type::DOCKER_CONFIG,
                layer,
            },
        }
    }

    /// Stores `content` as `part` with that part's faults, and returns the descriptor for what
    /// names it.
    fn put(&mut self, part: &Part, store: Store, media_type: &str, content: Vec<u8>) -> Descriptor {
        let content = self.spoiled(part, content);
        let mut descriptor = Descriptor::of(media_type, &content);
        for fault in self.recipe.faults(part) {
            match fault {
                Fault::Algorithm(name) => descriptor.digest = named(name, &content),
                Fault::Size(difference) => {
                    descriptor.size = descriptor.size.saturating_add_signed(*difference);
                }
                Fault::MediaType(name) => name.clone_into(&mut descriptor.media_type),
                Fault::Foreign => {
                    descriptor.urls = vec!["https://layers.example/foreign".to_owned()];
                }
                Fault::Data { right: true } => descriptor.data = STANDARD.encode(&content),
                Fault::Data { right: false } => descriptor.data = STANDARD.encode(b"{}"),
                _ => {}
            }
        }
        let object = Object {
            serving: self.serving(part),
            ..Object::new(media_type, content)
        };
        let objects = match store {
            Store::Manifests => &mut self.repository.manifests,
            Store::Blobs => &mut self.repository.blobs,
        };
        objects.insert(descriptor.digest.clone(), object);
        descriptor
    }

    /// The faults of `part` that show in answers.
    fn serving(&self, part: &Part) -> Serving {
        let mut serving = Serving::default();
        for fault in self.recipe.faults(part) {
            match fault {
                Fault::Deleted => serving.missing = true,
                Fault::NoHead => serving.no_head = true,
                Fault::Flipped => serving.flip = Flip::Always,
                Fault::FlippedOnce => serving.flip = Flip::EveryOther,
                Fault::Cut => serving.cut = true,
                Fault::ContentType(value) => serving.content_type = Some(value.clone()),
                Fault::HeaderDigestLies => serving.digest_header = DigestHeader::Lies,
                Fault::HeaderDigestMissing => serving.digest_header = DigestHeader::Missing,
                Fault::Failing(failing) => serving.failing = Some(*failing),
                _ => {}
            }
        }
        serving
    }

    /// The content with the faults of `part` that stand in the content itself.
    fn spoiled(&self, part: &Part, mut content: Vec<u8>) -> Vec<u8> {
        for fault in self.recipe.faults(part) {
            let member = match fault {
                Fault::NotJson => {
                    content = b"<html><body>Sign in to continue</body></html>\n".to_vec();
                    continue;
                }
                Fault::Trailing => {
                    content.extend_from_slice(b"more bytes behind the end");
                    continue;
                }
                Fault::DeepJson => format!("\"x\":{}{}", "[".repeat(200), "]".repeat(200)),
                Fault::DuplicateKey => second_member(part, str::to_owned),
                Fault::CaseKey => second_member(part, capitalised),
                Fault::BothShapes => match part {
                    Part::Index => "\"layers\":[]".to_owned(),
                    _ => "\"manifests\":[]".to_owned(),
                },
                _ => continue,
            };
            if content.first() == Some(&b'{') {
                content.splice(1..1, format!("{member},").into_bytes());
            }
        }
        content
    }
}

/// A member that stands in the document once already, under the name that `rename` makes.
fn second_member(part: &Part, rename: impl Fn(&str) -> String) -> String {
    let (name, value) = match part {
        Part::Index => ("manifests", "[]"),
        Part::Config(platform) if platform.architecture == "amd64" => ("architecture", "\"arm64\""),
        Part::Config(_) => ("architecture", "\"amd64\""),
        _ => ("layers", "[]"),
    };
    format!("\"{}\":{value}", rename(name))
}

fn capitalised(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

/// The digest of `content` by a named algorithm. One that polyarch cannot compute gets the SHA-256
/// digits under its name: nothing can check them anyway.
fn named(algorithm: &str, content: &[u8]) -> Digest {
    if let Some(mut hasher) = Hasher::new(algorithm) {
        hasher.update(content);
        return hasher.finish();
    }
    let sha256 = Digest::sha256(content);
    let text = format!("{algorithm}:{}", sha256.encoded());
    text.parse().unwrap_or(sha256)
}
