//! Much of everything: a thousand references, a layer that unpacks to a gigabyte. Memory stays
//! flat; how long it takes is the benchmark's business.

use std::fmt::Write as _;
use std::sync::Arc;

use polyarch_core::demo::{Object, Recipe, Registry, Repository, Serving, Tag};
use polyarch_core::digest::Digest;
use serde_json::json;

use crate::faults::script::Login;
use crate::faults::server::FaultServer;
use crate::real::memory::polyarch_peak;
use crate::real::process::run;

/// What an ordinary verification may take, in MiB. The binary under test is not optimised.
const ORDINARY: u64 = 48;

/// What may never be exceeded, in MiB.
const MOST: u64 = 64;

const IMAGES: [(&str, &str); 3] = [
    ("good", "image linux/amd64 linux/arm64"),
    ("lost", "image linux/amd64 linux/arm64\ndrop linux/arm64"),
    ("private", "image linux/amd64 linux/arm64\nunauthorized"),
];

#[test]
fn a_thousand_references_are_one_line_and_one_case_each_in_flat_memory() {
    let mut registry = Registry::default();
    for (name, recipe) in IMAGES {
        registry.extend(Recipe::parse(recipe).expect("a recipe").build_as(name));
    }
    let server = FaultServer::start("127.0.0.1", registry, Login::None);
    let folder = tempfile::tempdir().expect("a scratch folder");
    let file = |name: &str| folder.path().join(name).display().to_string();
    let mut peaks = Vec::new();
    for count in [100, 1000] {
        let mut list = String::new();
        for number in 0..count {
            let (name, _) = IMAGES[number % IMAGES.len()];
            writeln!(list, "{}/demo:{name}", server.host).expect("a string takes any text");
        }
        std::fs::write(file("list"), list).expect("the scratch folder is writable");
        let junit = format!("junit={}", file("report.xml"));
        let list = file("list");
        let args = [
            "verify",
            "--from-file",
            &list,
            "--format",
            "human",
            "--format",
            &junit,
        ];
        let (run, peak) = polyarch_peak(&args);
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        let lines = |start: &str| run.stdout.lines().filter(|l| l.starts_with(start)).count();
        let third = count / 3;
        let verdicts = [lines("PASS "), lines("FAIL "), lines("INCONCLUSIVE ")];
        assert_eq!(verdicts, [third + 1, third, third], "{}", run.stdout);
        let summary = format!(
            "{count} references: {} passed, {third} failed, {third} inconclusive",
            third + 1
        );
        assert_eq!(run.stdout.lines().last(), Some(summary.as_str()));
        let report = std::fs::read_to_string(file("report.xml")).expect("a report");
        assert_eq!(report.matches("<testcase ").count(), count);
        peaks.push(peak);
    }
    assert!(peaks[1] < ORDINARY, "{peaks:?} MiB");
    assert!(peaks[1] <= peaks[0] + 8, "{peaks:?} MiB");
}

#[test]
fn a_layer_of_a_gigabyte_of_zeros_is_read_in_flat_memory() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let zeros = folder.path().join("zeros");
    let file = std::fs::File::create(&zeros).expect("the scratch folder is writable");
    file.set_len(1 << 30).expect("a file may have holes");
    let archive = folder.path().join("layer.tar.gz").display().to_string();
    let root = folder.path().display().to_string();
    run(
        "tar",
        ["-C", &root, "-I", "gzip -1", "-cf", &archive, "zeros"],
    );
    let layer = std::fs::read(&archive).expect("the archive");
    // What it unpacks to is not what the config says, which costs no memory to find out.
    let server = FaultServer::start("127.0.0.1", image_of(layer), Login::None);
    let reference = format!("{}/demo:bomb", server.host);
    let args = [
        "verify",
        "--platform=linux/amd64",
        "--timeout=120s",
        &reference,
    ];
    let (run, peak) = polyarch_peak(&args);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    assert!(peak < ORDINARY, "{peak} MiB");
    let (run, peak) = polyarch_peak(&[&args[..], &["--deep"]].concat());
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    assert!(run.stdout.contains("diff-id-mismatch"), "{}", run.stdout);
    assert!(peak < MOST, "{peak} MiB");
}

/// `demo:bomb`, a bare manifest with this one layer.
fn image_of(layer: Vec<u8>) -> Registry {
    let mut repository = Repository::default();
    let config = json!({
        "architecture": "amd64", "os": "linux",
        "rootfs": {"type": "layers", "diff_ids": [Digest::sha256(b"").to_string()]},
    });
    let mut store = |media_type: &str, bytes: Vec<u8>| {
        let digest = Digest::sha256(&bytes);
        let descriptor = json!({
            "mediaType": media_type, "digest": digest.to_string(), "size": bytes.len(),
        });
        let object = Object {
            media_type: media_type.to_owned(),
            content: Arc::from(bytes),
            serving: Serving::default(),
        };
        repository.blobs.insert(digest, object);
        descriptor
    };
    let layer = store("application/vnd.oci.image.layer.v1.tar+gzip", layer);
    let config = store(
        "application/vnd.oci.image.config.v1+json",
        config.to_string().into(),
    );
    let media_type = "application/vnd.oci.image.manifest.v1+json";
    let manifest = json!({
        "schemaVersion": 2, "mediaType": media_type, "config": config, "layers": [layer],
    });
    let bytes = manifest.to_string().into_bytes();
    let digest = Digest::sha256(&bytes);
    let object = Object {
        media_type: media_type.to_owned(),
        content: Arc::from(bytes),
        serving: Serving::default(),
    };
    repository.manifests.insert(digest.clone(), object);
    let tag = Tag {
        targets: vec![digest],
        serving: Serving::default(),
    };
    repository.tags.insert("bomb".to_owned(), tag);
    let mut registry = Registry::default();
    registry.repositories.insert("demo".to_owned(), repository);
    registry
}
