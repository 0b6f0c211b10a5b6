//! Rebuilds every recorded export from its parts and compares bytes and digests.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::*;
use crate::digest::Digest;

#[derive(Deserialize)]
struct Recorded {
    /// Name of the export, then name of the document, then its digest.
    exports: BTreeMap<String, BTreeMap<String, String>>,
    /// Text by digest.
    documents: BTreeMap<String, String>,
}

fn recorded() -> Recorded {
    serde_json::from_str(include_str!("fixtures/exports.json")).unwrap()
}

fn digest(text: &str) -> Digest {
    Digest::sha256(text.as_bytes())
}

fn rewritten(name: &str, text: &str) -> Vec<u8> {
    let attestation = name.contains("attest-for");
    match name.split_once('.').map_or(name, |(kind, _)| kind) {
        "index" if text.contains("\"manifests\"") => {
            serde_json::from_str::<Index>(text).unwrap().to_bytes()
        }
        "index" | "manifest" => serde_json::from_str::<Manifest>(text).unwrap().to_bytes(),
        "config" if attestation && text == "{}" => b"{}".to_vec(),
        "config" if attestation => serde_json::from_str::<AttestationConfig>(text)
            .unwrap()
            .to_bytes(),
        "config" => serde_json::from_str::<ImageConfig>(text)
            .unwrap()
            .to_bytes(),
        other => panic!("{other}"),
    }
}

#[test]
fn every_recorded_document_is_written_byte_for_byte() {
    let recorded = recorded();
    let mut seen = 0;
    for (export, documents) in &recorded.exports {
        for (name, name_digest) in documents {
            let text = &recorded.documents[name_digest];
            assert_eq!(
                digest(text).as_str(),
                name_digest,
                "{export}/{name}: fixture"
            );
            let bytes = rewritten(name, text);
            assert_eq!(
                String::from_utf8(bytes).unwrap(),
                *text,
                "{export}/{name}: bytes"
            );
            seen += 1;
        }
    }
    assert_eq!(seen, 56);
}

/// Parsing alone could carry a wrong field through; here the documents are composed anew.
#[test]
fn an_export_with_attestations_is_composed_from_configs_and_layers() {
    let recorded = recorded();
    for (export, form) in [
        ("fmt-default-prov", AttestationForm::Artifact),
        ("fmt-legacyattest", AttestationForm::Image),
        ("single-prov", AttestationForm::Artifact),
    ] {
        let documents = &recorded.exports[export];
        let text = |name: &str| documents.get(name).map(|d| &recorded.documents[d]);
        let (mut images, mut attestations) = (Vec::new(), Vec::new());
        for platform in ["linux/amd64", "linux/arm64"] {
            let name = platform.replace('/', "-");
            let Some(config) = text(&format!("config.{name}")) else {
                continue;
            };
            let expected = text(&format!("manifest.{name}")).unwrap();
            let layers = serde_json::from_str::<Manifest>(expected).unwrap().layers;
            let config = Descriptor::of(
                "application/vnd.oci.image.config.v1+json",
                config.as_bytes(),
            );
            let manifest_type = "application/vnd.oci.image.manifest.v1+json";
            let manifest = Manifest::new(manifest_type, config, layers).to_bytes();
            assert_eq!(manifest, expected.as_bytes(), "{export} {platform}");
            let image =
                Descriptor::of(manifest_type, &manifest).with_platform(&platform.parse().unwrap());

            let expected = text(&format!("manifest.attest-for-{name}")).unwrap();
            let statements = serde_json::from_str::<Manifest>(expected).unwrap().layers;
            let (attestation, config) = attestation_manifest(form, &image, statements);
            let attestation = attestation.to_bytes();
            assert_eq!(attestation, expected.as_bytes(), "{export} {platform}");
            assert_eq!(
                config,
                text(&format!("config.attest-for-{name}"))
                    .unwrap()
                    .as_bytes()
            );
            attestations.push(attestation_descriptor(&attestation, &image.digest));
            images.push(image);
        }
        images.extend(attestations);
        let index = Index::new("application/vnd.oci.image.index.v1+json", images);
        let expected = text("index").unwrap();
        assert_eq!(
            String::from_utf8(index.to_bytes()).unwrap(),
            *expected,
            "{export}"
        );
    }
}

#[test]
fn an_image_of_nothing_has_null_lists() {
    let config = ImageConfig::for_platform(&"windows/amd64".parse().unwrap());
    let text = String::from_utf8(config.to_bytes()).unwrap();
    assert_eq!(
        text,
        r#"{"architecture":"amd64","config":{},"created":null,"history":null,"os":"windows","rootfs":{"type":"layers","diff_ids":null}}"#
    );
    let manifest = Manifest::new("m", Descriptor::of("c", text.as_bytes()), Vec::new());
    let text = String::from_utf8(manifest.to_bytes()).unwrap();
    assert!(text.ends_with("\n  \"layers\": null\n}"), "{text}");
}

#[test]
fn platform_fields_stand_in_the_specifications_order() {
    let entry = Descriptor::of("m", b"").with_platform(&crate::platform::Platform {
        os: "windows".to_owned(),
        architecture: "arm64".to_owned(),
        variant: "v9".to_owned(),
        os_version: "10.0.26100.1".to_owned(),
        os_features: vec!["win32k".to_owned()],
    });
    let text = String::from_utf8(compact(&entry)).unwrap();
    let platform = text.split_once("\"platform\":").unwrap().1;
    assert_eq!(
        platform,
        r#"{"architecture":"arm64","os":"windows","os.version":"10.0.26100.1","os.features":["win32k"],"variant":"v9"}}"#
    );
}
