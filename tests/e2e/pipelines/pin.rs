//! `scripts/pin`: after it, action, component, hook and examples name a release by what it is.

use std::fs;

use super::action::{Action, Releases, archive_name};
use super::component::Gate;
use crate::options::scratch;
use crate::real::process::run;
use crate::tree::text;

#[test]
fn a_pinned_release_is_named_by_digest_and_checksum() {
    let (tree, releases) = (scratch(), Releases::start());
    let files = [
        "Cargo.toml",
        "scripts/pin",
        "templates/verify.yml",
        ".pre-commit-hooks.yaml",
        "examples/gitlab-parallel.yml",
        "examples/kubernetes-indexed-job.yaml",
    ];
    for folder in ["scripts", "templates", "examples"] {
        fs::create_dir(tree.path().join(folder)).unwrap();
    }
    for file in files {
        fs::write(tree.path().join(file), text(file)).unwrap();
    }
    let digest = format!("sha256:{}", "a".repeat(64));
    let sums = releases.file("SHA256SUMS").display().to_string();
    let script = tree.path().join("scripts/pin").display().to_string();
    for again in [false, true] {
        run("bash", [&script, &sums, &digest]);
        for file in &files[2..] {
            let text = fs::read_to_string(tree.path().join(file)).unwrap();
            let named = text.matches("/polyarch:").count();
            let pinned = text.matches(&format!("@{digest}")).count();
            assert_eq!(named, pinned, "{file}, {again}: {text}");
        }
    }

    let text = fs::read_to_string(tree.path().join("templates/verify.yml")).unwrap();
    assert_eq!(text.matches(&digest).count(), 1);
    let parallel = fs::read_to_string(tree.path().join("examples/gitlab-parallel.yml")).unwrap();
    Gate::of(&parallel, "verify-report");

    let action = Action::new();
    fs::copy(
        tree.path().join("SHA256SUMS"),
        action.path.join("SHA256SUMS"),
    )
    .unwrap();
    let usual = [
        ("reference", "NONE"),
        ("releases", releases.address.as_str()),
    ];
    assert_eq!(action.using(&usual).outputs["verdict"], "error");
    fs::write(releases.file(&archive_name()), "changed").unwrap();
    assert_eq!(
        action.using(&usual).outputs["verdict"],
        "",
        "the program is not run"
    );
}
