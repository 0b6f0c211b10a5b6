//! `verify --dockerfile`: an image that buildah built is held to the Dockerfile that it was built
//! from, and to another one.

use std::path::PathBuf;

use serde_json::Value;

use crate::real::image::{Built, Format};
use crate::real::polyarch::polyarch;
use crate::real::registry::Registry;

/// Verifies the usual image against this Dockerfile.
fn verify(dockerfile: &str, code: i32) -> Value {
    let registry = Registry::start();
    let reference = registry.reference("team/app:1");
    Built::usual().push(&reference, Format::Oci);
    let folder = tempfile::tempdir().expect("a scratch folder");
    let path: PathBuf = folder.path().join("Dockerfile");
    std::fs::write(&path, dockerfile).expect("the scratch folder is writable");
    let path = path.to_str().expect("a UTF-8 path");
    let run = polyarch([
        "verify",
        "--format",
        "json",
        "--dockerfile",
        path,
        &reference,
    ]);
    assert_eq!(run.code, Some(code), "{run:?}");
    run.json()["results"][0].clone()
}

fn unexpected(result: &Value, severity: &str) -> Vec<String> {
    let findings = result["findings"].as_array().expect("findings").iter();
    findings
        .filter(|f| f["rule"] == "config-unexpected" && f["severity"] == severity)
        .map(|f| f["message"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn an_image_is_what_its_own_dockerfile_says() {
    let result = verify(Built::DOCKERFILE, 0);
    assert_eq!(unexpected(&result, "error"), [""; 0]);
    // buildah signs its work with a label.
    let said = unexpected(&result, "info");
    assert!(
        said.iter().all(|m| m.contains("io.buildah.version")),
        "{said:?}"
    );
}

#[test]
fn an_image_is_not_what_another_dockerfile_says() {
    let other = Built::DOCKERFILE
        .replace("title=app", "title=other")
        .replace("[\"/app\"]", "/app");
    let said = unexpected(&verify(&other, 1), "error");
    assert_eq!(said.len(), 4, "{said:?}");
    let has = |text: &str| said.iter().any(|message| message.contains(text));
    assert!(
        has("org.opencontainers.image.title of linux/arm64 is `app`"),
        "{said:?}"
    );
    assert!(has("line 3 of the Dockerfile makes it `other`"), "{said:?}");
    assert!(
        has("line 6 of the Dockerfile makes it `[\"/bin/sh\",\"-c\",\"/app\"]`"),
        "{said:?}"
    );
}
