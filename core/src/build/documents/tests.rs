//! Predicted documents against those that BuildKit pushed, and the generations' defaults.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use expect_test::{Expect, expect};
use serde_json::Value;

use super::*;
use crate::bases::{ContainerConfig, Entry, HistoryEntry};
use crate::build::{Step, StepKind};
use crate::environment::{Driver, Environment, ImageStore, Version};

/// Documents of one recorded export, by name.
type Recorded = BTreeMap<String, String>;

fn recorded() -> BTreeMap<String, Recorded> {
    let fixtures = include_str!("../../oci/write/fixtures/exports.json");
    let fixtures: Value = serde_json::from_str(fixtures).unwrap();
    let exports = fixtures["exports"].as_object().unwrap().iter();
    exports
        .map(|(name, documents)| {
            let documents = documents.as_object().unwrap().iter();
            let text = |digest: &Value| fixtures["documents"][digest.as_str().unwrap()].as_str();
            let by_name = documents.map(|(name, d)| (name.clone(), text(d).unwrap().to_owned()));
            (name.clone(), by_name.collect())
        })
        .collect()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The outcome and the known facts of a recorded export: everything but what the exporter decides.
fn taken_apart(documents: &Recorded, platforms: &[&str]) -> (Outcome, Known) {
    let mut outcome = Outcome::default();
    let mut facts = serde_json::Map::new();
    for platform in platforms {
        let name = platform.replace('/', "-");
        let get = |kind: &str| {
            let own = documents.get(&format!("{kind}.{name}"));
            own.or(documents.get(&format!("{kind}.single")))
        };
        let config = json(get("config").unwrap());
        let manifest = json(get("manifest").unwrap());
        let history = config["history"].as_array().unwrap();
        let entries = history.iter().map(|entry| HistoryEntry {
            created: None,
            ..HistoryEntry::from_json(entry)
        });
        let image = BuiltImage {
            platform: platform.parse().unwrap(),
            config: ContainerConfig::from_json(&config["config"]),
            history: entries.collect(),
            exact: true,
            ..BuiltImage::default()
        };
        let mut fact = serde_json::json!({
            "created": config["created"],
            "historyCreated": history.iter().map(|h| h["created"].clone()).collect::<Vec<_>>(),
            "diffIds": config["rootfs"]["diff_ids"],
            "layers": manifest["layers"],
        });
        if let Some(attestation) = documents.get(&format!("manifest.attest-for-{name}")) {
            fact["attestation"] = serde_json::json!({ "layers": json(attestation)["layers"] });
        }
        facts.insert((*platform).to_owned(), fact);
        outcome.platforms.push(built(platform, image));
    }
    let known = serde_json::json!({ "platforms": facts }).to_string();
    (outcome, Known::read(&known).unwrap())
}

fn built(platform: &str, image: BuiltImage) -> PlatformOutcome {
    PlatformOutcome {
        requested: platform.to_owned(),
        platform: platform.parse().ok(),
        result: Ok(image),
        steps: Vec::new(),
        lint: Vec::new(),
        effects: Vec::new(),
        bases: Vec::new(),
    }
}

#[test]
fn recorded_exports_are_predicted_byte_for_byte() {
    let two = ["linux/amd64", "linux/arm64"];
    let none = ("false", "");
    for (name, platforms, (provenance, output)) in [
        ("dup", &["linux/arm64", "linux/arm64"][..], none),
        ("fmt-default-prov", &two[..], ("", "")),
        (
            "fmt-docker-noprov",
            &two[..],
            ("false", "type=image,oci-mediatypes=false"),
        ),
        (
            "fmt-legacyattest",
            &two[..],
            ("", "type=image,oci-artifact=false"),
        ),
        ("fmt-noprov", &two[..], none),
        (
            "fmt-sde",
            &two[..],
            ("false", "type=image,rewrite-timestamp=true"),
        ),
        (
            "fmt-zstd",
            &two[..],
            (
                "false",
                "type=image,compression=zstd,force-compression=true",
            ),
        ),
        (
            "r1",
            &["linux/amd64", "linux/arm64", "linux/arm/v7"][..],
            none,
        ),
        ("single-noprov", &["linux/arm64"][..], none),
        ("single-prov", &["linux/arm64"][..], ("", "")),
    ] {
        let flags = ExportFlags {
            outputs: Some(output.to_owned())
                .into_iter()
                .filter(|o| !o.is_empty())
                .collect(),
            provenance: Some(provenance.to_owned()).filter(|p| !p.is_empty()),
            ..ExportFlags::default()
        };
        let documents = &recorded()[name];
        let (outcome, known) = taken_apart(documents, platforms);
        let export = Export::new(&flags, &Environment::newest()).unwrap();
        let predicted = predict(&outcome, &export, &known).unwrap();
        let single = !documents["index"].contains("\"manifests\"");
        for document in &predicted {
            let platform = document.platform.as_ref();
            let tail = platform.map_or(String::new(), |p| p.specifier().replace('/', "-"));
            let expected = match document.kind {
                Kind::Index => "index".to_owned(),
                Kind::Manifest if single => "manifest.single".to_owned(),
                Kind::Config if single => "config.single".to_owned(),
                Kind::Manifest => format!("manifest.{tail}"),
                Kind::Config => format!("config.{tail}"),
                Kind::AttestationManifest => format!("manifest.attest-for-{tail}"),
                Kind::AttestationConfig => format!("config.attest-for-{tail}"),
            };
            let text = String::from_utf8(document.bytes.clone()).unwrap();
            assert_eq!(text, documents[&expected], "{name}/{expected}");
            assert!(!document.simulated, "{name}/{expected}");
        }
        let attested = if provenance.is_empty() { 2 } else { 0 };
        let count = usize::from(!single) + platforms.len() * (2 + attested);
        assert_eq!(predicted.len(), count, "{name}");
    }
}

/// A small image on two platforms, with one shared step.
fn outcome(platforms: &[&str]) -> Outcome {
    let entry = |created_by: &str, empty_layer| HistoryEntry {
        created_by: created_by.to_owned(),
        comment: "buildkit.dockerfile.v0".to_owned(),
        empty_layer,
        ..HistoryEntry::default()
    };
    let step = Step {
        id: 1,
        name: "[2/3] COPY data /data".to_owned(),
        kind: StepKind::File,
        platform: None,
        inputs: Vec::new(),
        instruction: None,
        shared: true,
    };
    let platforms = platforms.iter().map(|platform| {
        let image = BuiltImage {
            platform: platform.parse().unwrap(),
            history: vec![
                entry("COPY data /data # buildkit", false),
                entry("RUN /bin/sh -c make # buildkit", false),
                entry("CMD [\"/app\"]", true),
            ],
            base: Some(Entry::default()),
            ..BuiltImage::default()
        };
        PlatformOutcome {
            steps: vec![step.clone()],
            ..built(platform, image)
        }
    });
    Outcome {
        platforms: platforms.collect(),
        ..Outcome::default()
    }
}

fn summary(documents: &[Document]) -> String {
    let mut text = String::new();
    for document in documents {
        let platform = document.platform.as_ref().map(Platform::specifier);
        let simulated = if document.simulated { " simulated" } else { "" };
        let platform = platform.unwrap_or_default();
        let (kind, media_type) = (document.kind, &document.media_type);
        let _ = writeln!(text, "{kind:?} {platform} {media_type}{simulated}");
    }
    text
}

fn check(flags: &ExportFlags, environment: &Environment, platforms: &[&str], expected: &Expect) {
    let answer = Export::new(flags, environment)
        .and_then(|export| predict(&outcome(platforms), &export, &Known::default()));
    expected.assert_eq(&match answer {
        Ok(documents) => summary(&documents),
        Err(error) => error.to_string(),
    });
}

fn buildkit(minor: u32) -> Environment {
    Environment {
        buildkit: Version::new(0, minor, 0),
        ..Environment::newest()
    }
}

fn flags(provenance: &str, output: &str) -> ExportFlags {
    ExportFlags {
        outputs: vec![output.to_owned()],
        provenance: Some(provenance.to_owned()).filter(|p| !p.is_empty()),
        ..ExportFlags::default()
    }
}

#[test]
fn generations_have_their_defaults() {
    let one = ["linux/arm64"];
    let bare = ExportFlags {
        provenance: Some("false".to_owned()),
        ..ExportFlags::default()
    };
    // 0.30 without attestations: Docker's types.
    check(
        &bare,
        &buildkit(30),
        &one,
        &expect![[r"
        Manifest linux/arm64 application/vnd.docker.distribution.manifest.v2+json simulated
        Config linux/arm64 application/vnd.docker.container.image.v1+json simulated
    "]],
    );
    check(
        &bare,
        &buildkit(31),
        &one,
        &expect![[r"
        Manifest linux/arm64 application/vnd.oci.image.manifest.v1+json simulated
        Config linux/arm64 application/vnd.oci.image.config.v1+json simulated
    "]],
    );
    // Before 0.11 nothing is attested; before 0.32 an attestation is an image.
    check(
        &ExportFlags::default(),
        &buildkit(10),
        &one,
        &expect![[r"
        Manifest linux/arm64 application/vnd.docker.distribution.manifest.v2+json simulated
        Config linux/arm64 application/vnd.docker.container.image.v1+json simulated
    "]],
    );
    check(
        &ExportFlags::default(),
        &buildkit(20),
        &one,
        &expect![[r"
        Index  application/vnd.oci.image.index.v1+json simulated
        Manifest linux/arm64 application/vnd.oci.image.manifest.v1+json simulated
        Config linux/arm64 application/vnd.oci.image.config.v1+json simulated
        AttestationManifest linux/arm64 application/vnd.oci.image.manifest.v1+json simulated
        AttestationConfig linux/arm64 application/vnd.oci.image.config.v1+json simulated
    "]],
    );
    check(
        &ExportFlags::default(),
        &buildkit(32),
        &one,
        &expect![[r"
        Index  application/vnd.oci.image.index.v1+json simulated
        Manifest linux/arm64 application/vnd.oci.image.manifest.v1+json simulated
        Config linux/arm64 application/vnd.oci.image.config.v1+json simulated
        AttestationManifest linux/arm64 application/vnd.oci.image.manifest.v1+json simulated
        AttestationConfig linux/arm64 application/vnd.oci.empty.v1+json
    "]],
    );
}

#[test]
fn what_needs_oci_types_turned_them_on_until_0_30() {
    let one = ["linux/amd64"];
    let attested = flags("", "type=image,oci-mediatypes=false");
    check(
        &attested,
        &buildkit(30),
        &one,
        &expect![[r"
            Index  application/vnd.oci.image.index.v1+json simulated
            Manifest linux/amd64 application/vnd.oci.image.manifest.v1+json simulated
            Config linux/amd64 application/vnd.oci.image.config.v1+json simulated
            AttestationManifest linux/amd64 application/vnd.oci.image.manifest.v1+json simulated
            AttestationConfig linux/amd64 application/vnd.oci.image.config.v1+json simulated
        "]],
    );
    let plain = flags("false", "type=image,oci-mediatypes=false");
    check(
        &plain,
        &buildkit(30),
        &one,
        &expect![[r"
            Manifest linux/amd64 application/vnd.docker.distribution.manifest.v2+json simulated
            Config linux/amd64 application/vnd.docker.container.image.v1+json simulated
        "]],
    );
}

#[test]
fn provenance_has_its_version_in_the_descriptor() {
    for (minor, provenance, expected) in [
        (27, "true", "https://slsa.dev/provenance/v0.2"),
        (28, "true", "https://slsa.dev/provenance/v1"),
        (
            32,
            "mode=max,version=v0.2",
            "https://slsa.dev/provenance/v0.2",
        ),
        (27, "mode=min,version=v1", "https://slsa.dev/provenance/v1"),
    ] {
        let flags = flags(provenance, "type=image");
        let export = Export::new(&flags, &buildkit(minor)).unwrap();
        let documents = predict(&outcome(&["linux/amd64"]), &export, &Known::default()).unwrap();
        let manifest: Value = serde_json::from_slice(&documents[3].bytes).unwrap();
        let annotation = &manifest["layers"][0]["annotations"]["in-toto.io/predicate-type"];
        assert_eq!(annotation, expected, "0.{minor} {provenance}");
    }
}

#[test]
fn the_docker_driver_depends_on_the_image_store() {
    let with = |store| Environment {
        driver: Driver::Docker,
        store,
        ..Environment::newest()
    };
    let one = ["linux/amd64"];
    let graph = with(ImageStore::GraphDriver);
    check(
        &ExportFlags::default(),
        &graph,
        &one,
        &expect![[r"
        Manifest linux/amd64 application/vnd.docker.distribution.manifest.v2+json simulated
        Config linux/amd64 application/vnd.docker.container.image.v1+json simulated
    "]],
    );
    check(
        &flags("true", "type=image"),
        &graph,
        &one,
        &expect![[r"
        Attestation is not supported for the docker driver.
        Switch to a different driver, or turn on the containerd image store, and try again.
        Learn more at https://docs.docker.com/go/attestations/"]],
    );
    check(
        &ExportFlags::default(),
        &with(ImageStore::Containerd),
        &one,
        &expect![[r"
        Index  application/vnd.oci.image.index.v1+json simulated
        Manifest linux/amd64 application/vnd.oci.image.manifest.v1+json simulated
        Config linux/amd64 application/vnd.oci.image.config.v1+json simulated
        AttestationManifest linux/amd64 application/vnd.oci.image.manifest.v1+json simulated
        AttestationConfig linux/amd64 application/vnd.oci.empty.v1+json
    "]],
    );
}

#[test]
fn dockerd_writes_manifests_in_its_own_way() {
    let environment = Environment {
        driver: Driver::Docker,
        store: ImageStore::GraphDriver,
        ..Environment::newest()
    };
    let export = Export::new(&ExportFlags::default(), &environment).unwrap();
    let documents = predict(&outcome(&["linux/amd64"]), &export, &Known::default()).unwrap();
    let text = String::from_utf8(documents[0].bytes.clone()).unwrap();
    let head: Vec<&str> = text.lines().take(6).collect();
    assert_eq!(head[0], "{");
    assert_eq!(head[1], "   \"schemaVersion\": 2,");
    assert_eq!(head[3], "   \"config\": {");
    assert_eq!(
        head[4],
        "      \"mediaType\": \"application/vnd.docker.container.image.v1+json\","
    );
    assert!(head[5].starts_with("      \"size\": "), "{}", head[5]);
}

#[test]
fn refusals_have_buildkits_and_buildxs_words() {
    let two = ["linux/amd64", "linux/arm64"];
    let newest = Environment::newest();
    for (flags, expected) in [
        (
            flags("", "type=image,oci-mediatypes=false"),
            expect![[r#"cannot export attestations with "oci-mediatypes=false""#]],
        ),
        (
            flags(
                "false",
                "type=image,oci-mediatypes=false,annotation-index.a=1",
            ),
            expect![[r#"cannot export annotations with "oci-mediatypes=false""#]],
        ),
        (
            flags("false", "type=image,oci-mediatypes=maybe"),
            expect![[
                r#"non-bool value specified for oci-mediatypes: strconv.ParseBool: parsing "maybe": invalid syntax"#
            ]],
        ),
        (
            flags("false", "type=image,compression=brotli"),
            expect!["unsupported compression type brotli"],
        ),
        (
            flags(
                "false",
                "type=image,oci-mediatypes=false,compression=estargz",
            ),
            expect![[
                r#"exporter option "compression=estargz" conflicts with "oci-mediatypes=false""#
            ]],
        ),
        (
            flags("false", "type=image,annotation[linux/riscv64].a=1"),
            expect!["invalid annotation: no platform linux/riscv64 found in source"],
        ),
        (
            flags("", "dest=x,push=true"),
            expect!["type is required for output"],
        ),
        (flags("", "type=image,push"), expect!["invalid value push"]),
    ] {
        check(&flags, &newest, &two, &expected);
    }
    for (annotation, expected) in [
        (
            "x",
            expect![[r#"parse annotations: invalid annotation "x", expected key=value"#]],
        ),
        (
            "layer:a=1",
            expect![[r#"parse annotations: unknown annotation type "layer""#]],
        ),
        (
            "Index:a=1",
            expect![[
                r#"parse annotations: invalid annotation type "Index", expected type and optional platform in square brackets"#
            ]],
        ),
    ] {
        let flags = ExportFlags {
            annotations: vec![annotation.to_owned()],
            ..ExportFlags::default()
        };
        check(&flags, &newest, &two, &expected);
    }
    let index = ExportFlags {
        annotations: vec!["index:a=1".to_owned()],
        ..flags("false", "type=image")
    };
    check(
        &index,
        &newest,
        &["linux/amd64"],
        &expect!["index annotations not supported for single platform export"],
    );
    check(&flags("", "out"), &newest, &two, &expect![""]);
}

#[test]
fn annotations_go_to_their_level_and_platform() {
    let flags = ExportFlags {
        annotations: vec![
            "index,manifest-descriptor[linux/arm64]:a=1".to_owned(),
            "b=2".to_owned(),
            "manifest[linux/arm64]:b=3".to_owned(),
        ],
        ..flags("false", "type=image")
    };
    let export = Export::new(&flags, &Environment::newest()).unwrap();
    let outcome = outcome(&["linux/amd64", "linux/arm64"]);
    let documents = predict(&outcome, &export, &Known::default()).unwrap();
    let parsed: Vec<Value> = documents
        .iter()
        .map(|document| serde_json::from_slice(&document.bytes).unwrap())
        .collect();
    assert_eq!(parsed[0]["annotations"], serde_json::json!({"a": "1"}));
    let entries = &parsed[0]["manifests"];
    assert_eq!(entries[0]["annotations"], Value::Null);
    assert_eq!(entries[1]["annotations"], serde_json::json!({"a": "1"}));
    assert_eq!(parsed[1]["annotations"], serde_json::json!({"b": "2"}));
    assert_eq!(parsed[3]["annotations"], serde_json::json!({"b": "3"}));
}

#[test]
fn made_up_layers_are_stable_and_shared_where_the_step_is() {
    let export = Export::new(
        &flags("false", "type=image,compression=zstd"),
        &Environment::newest(),
    );
    let export = export.unwrap();
    let outcome = outcome(&["linux/amd64", "linux/arm64"]);
    let documents = predict(&outcome, &export, &Known::default()).unwrap();
    assert_eq!(
        documents,
        predict(&outcome, &export, &Known::default()).unwrap()
    );
    let layers = |at: usize| {
        let manifest: Value = serde_json::from_slice(&documents[at].bytes).unwrap();
        manifest["layers"].as_array().unwrap().clone()
    };
    let (amd64, arm64) = (layers(1), layers(3));
    assert_eq!(amd64.len(), 3);
    assert_eq!(amd64[1], arm64[1], "COPY is one step for both");
    assert_ne!(amd64[2], arm64[2], "RUN is not");
    assert_eq!(
        amd64[2]["mediaType"],
        "application/vnd.oci.image.layer.v1.tar+zstd"
    );
    let config: Value = serde_json::from_slice(&documents[2].bytes).unwrap();
    let history = config["history"].as_array().unwrap().iter();
    assert_eq!(
        history
            .filter(|entry| entry["empty_layer"].is_null())
            .count(),
        3
    );
    assert_eq!(config["rootfs"]["diff_ids"].as_array().unwrap().len(), 3);
}

#[test]
fn a_platform_that_fails_leaves_nothing() {
    let mut outcome = outcome(&["linux/amd64", "linux/arm64"]);
    outcome.platforms[1].result = Err(crate::build::BuildError {
        instruction: None,
        text: "no match for platform in manifest: not found".to_owned(),
        span: None,
        line: 1,
    });
    let export = Export::new(&ExportFlags::default(), &Environment::newest()).unwrap();
    assert_eq!(
        predict(&outcome, &export, &Known::default()),
        Ok(Vec::new())
    );
}

#[test]
fn files_of_known_facts_are_read_strictly() {
    for (text, expected) in [
        ("", "it has not the form"),
        (r#"{"platforms":{"linux/a?":{}}}"#, "its platform"),
        (
            r#"{"platforms":{"linux/arm64":{"times":[]}}}"#,
            "it has not the form",
        ),
        (
            r#"{"platforms":{"linux/arm64":{"layers":[{"mediaType":"x","digest":"y","size":1}]}}}"#,
            "it has not the form",
        ),
    ] {
        let error = Known::read(text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{text}: {error}");
    }
    let known = Known::read(r#"{"platforms":{"linux/arm64/v8":{}}}"#).unwrap();
    assert!(known.of(&Platform::new("linux", "arm64")).is_some());
}
