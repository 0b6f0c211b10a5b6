//! polyarch's own image: built for both platforms as `make image` does, verified by the gate,
//! layers included, and its programs run. Built without optimising, since only time would differ.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::gate::{errors, verify};
use crate::options::Demo;
use crate::real::process::run;
use crate::tree::root;

#[test]
fn our_own_image_is_right_on_both_platforms_and_the_same_each_time() {
    let folder = TempDir::with_prefix("polyarch-image-").expect("a scratch folder");
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    build(&first);
    build(&second);
    assert_eq!(index(&first), index(&second), "two builds, one digest");

    let reference = format!("oci-layout:{}:{}", first.display(), version());
    let required = [
        "--platform",
        "linux/amd64,linux/arm64",
        "--exact",
        "--deep",
        "--strict",
    ];
    let result = verify(&[&[reference.as_str()], &required[..]].concat(), 0);
    assert_eq!(result["depth"], "deep");
    assert_eq!(errors(&result), Vec::<String>::new(), "{result}");

    for (position, architecture) in ["amd64", "arm64"].into_iter().enumerate() {
        let child = &document(&first, &index(&first))["manifests"][position];
        assert_eq!(child["platform"]["architecture"], architecture);
        let root = folder.path().join(architecture);
        unpack(&first, child["digest"].as_str().expect("a digest"), &root);
        holds_what_a_pipeline_needs(&root);
        its_programs_run(&root, architecture);
    }
}

fn holds_what_a_pipeline_needs(root: &Path) {
    let bundle = std::fs::read_to_string(root.join("etc/ssl/certs/ca-certificates.crt"));
    let bundle = bundle.expect("a bundle where the system's certificates are looked for");
    assert!(bundle.matches("BEGIN CERTIFICATE").count() > 100);
    for program in ["bin/busybox", "usr/local/bin/polyarch"] {
        let path = root.join(program).display().to_string();
        let headers = run("readelf", ["-lW", &path]);
        assert!(
            !headers.contains("INTERP"),
            "{program} is linked statically"
        );
    }
    let shell = std::fs::read_link(root.join("bin/sh")).expect("a shell");
    assert_eq!(shell, PathBuf::from("busybox"));
}

fn its_programs_run(root: &Path, architecture: &str) {
    let printed = |program: &str, args: &[&str]| {
        let mut command = if std::env::consts::ARCH == rust_name(architecture) {
            Command::new(root.join(program))
        } else {
            let mut qemu = Command::new(format!("qemu-{}-static", rust_name(architecture)));
            qemu.arg(root.join(program));
            qemu
        };
        let output = command.args(args).stdin(Stdio::null()).output();
        let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{command:?}: {output:?}");
        text
    };
    let said = printed("usr/local/bin/polyarch", &["--version"]);
    assert_eq!(said.trim(), format!("polyarch {}", version()));
    let said = printed("bin/busybox", &["sh", "-c", "echo from the shell"]);
    assert_eq!(said.trim(), "from the shell");
    let demo = Demo::start();
    let said = printed("usr/local/bin/polyarch", &["verify", &demo.image("good")]);
    assert!(
        said.lines()
            .last()
            .is_some_and(|line| line.starts_with("PASS "))
    );
}

fn build(layout: &Path) {
    let status = Command::new(root().join("scripts/image"))
        .arg(layout)
        .env("POLYARCH_IMAGE_PROFILE", "dev")
        .env_remove("RUSTUP_TOOLCHAIN")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .expect("scripts/image starts");
    assert!(
        status.success(),
        "`scripts/setup image` installs what it needs"
    );
}

/// Lays the layers of one image over one another, as a machine that pulls it does.
fn unpack(layout: &Path, manifest: &str, to: &Path) {
    std::fs::create_dir(to).expect("the scratch folder is writable");
    let manifest = document(layout, manifest);
    for layer in manifest["layers"].as_array().expect("layers") {
        let layer = blob(layout, layer["digest"].as_str().expect("a digest"));
        let (layer, to) = (layer.display().to_string(), to.display().to_string());
        run("tar", ["-xzf", &layer, "-C", &to]);
    }
}

/// The digest of the index.
fn index(layout: &Path) -> String {
    let text = std::fs::read(layout.join("index.json")).expect("an index.json");
    let index: Value = serde_json::from_slice(&text).expect("JSON");
    assert_eq!(
        index["manifests"][0]["annotations"]["org.opencontainers.image.ref.name"],
        version()
    );
    index["manifests"][0]["digest"]
        .as_str()
        .expect("a digest")
        .to_owned()
}

fn document(layout: &Path, digest: &str) -> Value {
    let bytes = std::fs::read(blob(layout, digest)).expect("the layout has the document");
    serde_json::from_slice(&bytes).expect("JSON")
}

fn blob(layout: &Path, digest: &str) -> PathBuf {
    layout.join("blobs").join(digest.replace(':', "/"))
}

fn rust_name(architecture: &str) -> &'static str {
    if architecture == "amd64" {
        "x86_64"
    } else {
        "aarch64"
    }
}

/// The workspace's version, which this package shares.
fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
