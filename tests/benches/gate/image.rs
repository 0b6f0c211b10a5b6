//! The images of the benchmark: a small one as the demo registry has it, and ones with large
//! layers, made up so that they pack as programs do.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use polyarch_core::demo::{Object, Recipe, Registry, Repository, Serving, Tag};
use polyarch_core::digest::Digest;
use serde_json::{Value, json};

/// Unpacked size of a large layer.
const SIZE: usize = 256 << 20;

/// Unpacked size of the bomb: it packs to about a thousandth.
const BOMB: usize = 2 << 30;

/// What the layers of an image are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One layer in gzip that both platforms share.
    Programs,
    /// The same content in two layers, one for each platform.
    TwoLayers,
    Zstd,
    Plain,
    /// Zeros without end.
    Bomb,
}

impl Shape {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Programs => "gzip",
            Self::TwoLayers => "gzip, two",
            Self::Zstd => "zstd",
            Self::Plain => "uncompressed",
            Self::Bomb => "gzip bomb",
        }
    }
}

/// An image with what it holds, in bytes.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) registry: Registry,
    pub(crate) packed: u64,
    pub(crate) unpacked: u64,
}

/// The demo registry's good image.
pub(crate) fn demo() -> Registry {
    let recipe = Recipe::parse("image linux/amd64 linux/arm64").expect("a recipe");
    recipe.build()
}

/// An image for two platforms with large layers.
pub(crate) fn layered(shape: Shape) -> Made {
    let tars = match shape {
        Shape::Programs | Shape::Zstd | Shape::Plain => vec![tar(SIZE, 1)],
        Shape::TwoLayers => vec![tar(SIZE / 2, 1), tar(SIZE / 2, 2)],
        Shape::Bomb => vec![zeros(BOMB)],
    };
    let kind = "application/vnd.oci.image.layer.v1.tar";
    let (media_type, tool) = match shape {
        Shape::Programs | Shape::TwoLayers | Shape::Bomb => (format!("{kind}+gzip"), "gzip"),
        Shape::Zstd => (format!("{kind}+zstd"), "zstd"),
        Shape::Plain => (kind.to_owned(), "cat"),
    };
    let mut repository = Repository::default();
    let (mut packed, mut unpacked) = (0, 0);
    let mut layers = Vec::new();
    for tar in &tars {
        let bytes = pack(tool, tar);
        packed += bytes.len() as u64;
        unpacked += tar.len() as u64;
        let diff_id = Digest::sha256(tar).to_string();
        layers.push((store(&mut repository, &media_type, bytes), diff_id));
    }
    let mut entries = Vec::new();
    for (index, architecture) in ["amd64", "arm64"].into_iter().enumerate() {
        let (layer, diff_id) = &layers[index % layers.len()];
        let config = json!({
            "architecture": architecture, "os": "linux",
            "rootfs": {"type": "layers", "diff_ids": [diff_id]},
        });
        let config = document(
            &mut repository,
            "application/vnd.oci.image.config.v1+json",
            &config,
        );
        let media_type = "application/vnd.oci.image.manifest.v1+json";
        let manifest = json!({
            "schemaVersion": 2, "mediaType": media_type, "config": config, "layers": [layer],
        });
        let mut entry = document(&mut repository, media_type, &manifest);
        entry["platform"] = json!({"architecture": architecture, "os": "linux"});
        entries.push(entry);
    }
    let media_type = "application/vnd.oci.image.index.v1+json";
    let index = json!({"schemaVersion": 2, "mediaType": media_type, "manifests": entries});
    let index = document(&mut repository, media_type, &index);
    let digest = index["digest"].as_str().expect("a digest").parse();
    let tag = Tag {
        targets: vec![digest.expect("a digest")],
        serving: Serving::default(),
    };
    repository.tags.insert("example".to_owned(), tag);
    let mut registry = Registry::default();
    registry.repositories.insert("demo".to_owned(), repository);
    Made {
        registry,
        packed,
        unpacked,
    }
}

fn document(repository: &mut Repository, media_type: &str, value: &Value) -> Value {
    let bytes = value.to_string().into_bytes();
    store(repository, media_type, bytes)
}

/// Keeps the bytes under their digest; the descriptor that names them.
fn store(repository: &mut Repository, media_type: &str, bytes: Vec<u8>) -> Value {
    let digest = Digest::sha256(&bytes);
    let descriptor = json!({
        "mediaType": media_type, "digest": digest.to_string(), "size": bytes.len(),
    });
    let object = Object {
        media_type: media_type.to_owned(),
        content: Arc::from(bytes),
        serving: Serving::default(),
    };
    let is_document = media_type.contains("manifest") || media_type.contains("index");
    let objects = if is_document {
        &mut repository.manifests
    } else {
        &mut repository.blobs
    };
    objects.insert(digest, object);
    descriptor
}

/// Packs with a tool that writes to its standard output.
fn pack(tool: &str, bytes: &[u8]) -> Vec<u8> {
    let mut command = Command::new(tool);
    if tool != "cat" {
        command.arg("-c");
    }
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{tool}: {error}"));
    let mut input = child.stdin.take().expect("a pipe");
    std::thread::scope(|scope| {
        scope.spawn(move || input.write_all(bytes).expect("the tool reads all"));
        let output = child
            .wait_with_output()
            .expect("the tool can be waited for");
        assert!(
            output.status.success(),
            "{tool} ended with {}",
            output.status
        );
        output.stdout
    })
}

/// One file of zeros.
fn zeros(size: usize) -> Vec<u8> {
    let mut tar = header("zeros", size).to_vec();
    tar.resize(512 + size.next_multiple_of(512) + 1024, 0);
    tar
}

/// Files of all sizes: words, and bytes without pattern among them.
fn tar(size: usize, seed: u64) -> Vec<u8> {
    let mut random = 0x2545_f491_4f6c_dd1d_u64 ^ seed << 20;
    let mut next = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    let words: Vec<String> = (0..4096).map(|_| format!("{:x}", next() >> 36)).collect();
    let mut tar = Vec::with_capacity(size + (1 << 24));
    let mut number = 0;
    while tar.len() < size {
        number += 1;
        let length = usize::try_from(1_u64 << (8 + next() % 14)).expect("a small number");
        tar.extend(header(&format!("usr/lib/files/{number}"), length));
        let end = tar.len() + length;
        while tar.len() < end {
            if next() % 8 == 0 {
                tar.extend(next().to_le_bytes());
            }
            let word = usize::try_from(next() % 4096).expect("a small number");
            tar.extend(words[word].bytes());
        }
        tar.truncate(end);
        tar.resize(end.next_multiple_of(512), 0);
    }
    tar.resize(tar.len() + 1024, 0);
    tar
}

/// A ustar header of a regular file.
fn header(name: &str, size: usize) -> [u8; 512] {
    let mut header = [0_u8; 512];
    let mut put = |at: usize, text: &str| {
        header[at..at + text.len()].copy_from_slice(text.as_bytes());
    };
    put(0, name);
    put(100, "0000644\0");
    put(124, &format!("{size:011o}\0"));
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}
