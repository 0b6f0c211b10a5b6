//! `polyarch verify` on a real registry and on real layouts: what it says and how it exits.

use serde_json::Value;

use crate::real::image::{Built, Format};
use crate::real::layout::Layout;
use crate::real::polyarch::polyarch;
use crate::real::process::free_port;
use crate::real::registry::Registry;

const REPOSITORY: &str = "team/app";

#[test]
fn a_two_platform_image_passes_in_both_formats() {
    let registry = Registry::start();
    let image = Built::usual();
    for (format, tag) in [(Format::Oci, "oci"), (Format::Docker, "docker")] {
        let reference = registry.reference(&format!("{REPOSITORY}:{tag}"));
        image.push(&reference, format);
        let result = verify(&[&reference], 0);
        assert_eq!(result["verdict"], "pass", "{result}");
        assert_eq!(errors(&result), Vec::<String>::new(), "{result}");
        for (index, architecture) in ["amd64", "arm64"].into_iter().enumerate() {
            let platform = &result["platforms"][index];
            assert_eq!(platform["platform"], format!("linux/{architecture}"));
            assert_eq!(platform["verdict"], "pass");
            assert_eq!(
                platform["digest"],
                registry.child(REPOSITORY, tag, architecture)
            );
        }
    }
}

#[test]
fn a_deleted_child_fails() {
    let registry = pushed();
    let child = registry.child(REPOSITORY, "1", "arm64");
    registry.delete_manifest(REPOSITORY, &child);
    let result = verify(&[&registry.reference("team/app:1")], 1);
    assert_eq!(
        errors(&result),
        ["manifest-not-found linux/arm64"],
        "{result}"
    );
    assert_eq!(result["platforms"][0]["verdict"], "pass");
    assert_eq!(result["platforms"][1]["verdict"], "fail");
}

#[test]
fn a_lost_platform_fails() {
    let registry = pushed();
    registry.tag_without(REPOSITORY, "1", "half", "arm64");
    let reference = registry.reference("team/app:half");
    let result = verify(&[&reference], 1);
    assert_eq!(
        errors(&result),
        ["platform-missing linux/arm64"],
        "{result}"
    );
    assert_eq!(result["platforms"][1]["verdict"], "missing");
    // What is not required is not missed.
    verify(&[&reference, "--platform", "linux/amd64"], 0);
}

#[test]
fn a_bare_manifest_fails_unless_it_is_the_one_required_platform() {
    let registry = pushed();
    let child = registry.child(REPOSITORY, "1", "amd64");
    let (bytes, media_type) = registry.manifest(REPOSITORY, &child);
    registry.put(REPOSITORY, "bare", &bytes, &media_type);
    let reference = registry.reference("team/app:bare");
    let mut found = errors(&verify(&[&reference], 1));
    found.sort();
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0], "platform-missing linux/arm64");
    assert!(
        found[1].starts_with("single-platform-manifest"),
        "{found:?}"
    );
    verify(&[&reference, "--platform", "linux/amd64"], 0);
}

#[test]
fn a_flipped_bit_fails_wherever_it_is() {
    let registry = pushed();
    let reference = registry.reference("team/app:1");
    let whole = Layout::copy_of(&reference);
    verify(&[&whole.reference()], 0);

    let index = whole.index_digest();
    let manifest = registry.child(REPOSITORY, "1", "arm64");
    let document = whole.document(&manifest);
    let config = document["config"]["digest"].as_str().unwrap();
    for (what, digest, offset, platform) in [
        ("index", index.as_str(), 40, "-"),
        ("manifest", manifest.as_str(), 30, "linux/arm64"),
        ("config", config, 20, "linux/arm64"),
    ] {
        let damaged = Layout::copy_of(&reference);
        damaged.flip(digest, offset);
        let result = verify(&[&damaged.reference()], 1);
        let expected = format!("digest-mismatch {platform}");
        assert!(
            errors(&result).contains(&expected),
            "a bit of the {what}: {result}"
        );
    }
}

#[test]
fn what_is_not_there_fails_and_what_cannot_be_asked_is_inconclusive() {
    let registry = Registry::start();
    let result = verify(&[&registry.reference("team/app:none")], 1);
    assert_eq!(result["findings"][0]["rule"], "tag-not-found", "{result}");

    let nobody = format!("127.0.0.1:{}/team/app:1", free_port());
    let result = verify(&[&nobody, "--retries", "0"], 3);
    assert_eq!(result["verdict"], "inconclusive", "{result}");
    assert_eq!(
        result["findings"][0]["rule"], "registry-unreachable",
        "{result}"
    );
}

/// A registry that holds the usual image as `team/app:1`.
pub(crate) fn pushed() -> Registry {
    let registry = Registry::start();
    Built::usual().push(&registry.reference("team/app:1"), Format::Oci);
    registry
}

/// Verifies with these arguments, expecting this exit code; the one result of the JSON report.
pub(crate) fn verify(args: &[&str], code: i32) -> Value {
    let run = polyarch(["verify", "--format", "json"].iter().chain(args));
    assert_eq!(run.code, Some(code), "{args:?}: {run:#?}");
    let report = run.json();
    assert_eq!(report["schemaVersion"], 1);
    let results = report["results"].as_array().expect("results");
    assert_eq!(results.len(), 1, "{report}");
    results[0].clone()
}

/// The error findings as `RULE PLATFORM`.
pub(crate) fn errors(result: &Value) -> Vec<String> {
    let findings = result["findings"].as_array().expect("findings").iter();
    findings
        .filter(|finding| finding["severity"] == "error")
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
            format!("{} {}", text("rule"), text("platform"))
        })
        .collect()
}
