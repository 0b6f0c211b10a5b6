//! `.pre-commit-hooks.yaml`, run by the real pre-commit on a commit with good and bad Dockerfiles.

use std::fs;
use std::process::{Command, Output};

use tempfile::TempDir;

use super::{at, documents, search_path};
use crate::options::scratch;
use crate::real::process::run;
use crate::real::schema::tool;
use crate::tree::text;

const MANIFEST: &str = ".pre-commit-hooks.yaml";

const GOOD: &str = "FROM alpine:3.22\nRUN apk add --no-cache curl\n";
const BAD: &str = "FROM --platform=linux/amd64 alpine:3.22\nRUN apk add --no-cache curl\n";

/// A repository with the hook configured and everything staged.
struct Repository {
    folder: TempDir,
    /// The repository that the hook comes from: ours, as far as pre-commit looks at it.
    hooks: TempDir,
}

impl Repository {
    fn with(files: &[(&str, &str)]) -> Self {
        let (folder, hooks) = (scratch(), scratch());
        fs::write(hooks.path().join(MANIFEST), text(MANIFEST))
            .expect("the scratch folder is writable");
        commit(&hooks);
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder"))
                .expect("the scratch folder is writable");
            fs::write(path, text).expect("the scratch folder is writable");
        }
        let config = format!(
            "repos:\n  - repo: {}\n    rev: {}\n    hooks:\n      - id: polyarch-preview\n",
            hooks.path().display(),
            git(&hooks, &["rev-parse", "HEAD"]).trim()
        );
        fs::write(folder.path().join(".pre-commit-config.yaml"), config)
            .expect("the scratch folder is writable");
        git(&folder, &["init", "--quiet"]);
        git(&folder, &["add", "."]);
        Self { folder, hooks }
    }

    fn pre_commit(&self) -> Output {
        Command::new(tool("pre-commit"))
            .args(["run", "--all-files", "--color", "never"])
            .current_dir(self.folder.path())
            .env("PATH", search_path())
            .env("NO_COLOR", "1")
            .env("PRE_COMMIT_HOME", self.hooks.path().join("cache"))
            .output()
            .expect("`scripts/setup test` installs pre-commit")
    }
}

fn git(folder: &TempDir, args: &[&str]) -> String {
    let place = folder.path().display().to_string();
    let own = [
        "-C",
        &place,
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.com",
    ];
    run("git", own.iter().chain(args))
}

fn commit(folder: &TempDir) {
    git(folder, &["init", "--quiet"]);
    git(folder, &["add", "."]);
    git(folder, &["commit", "--quiet", "--message", "hooks"]);
}

#[test]
fn each_dockerfile_of_a_commit_is_previewed() {
    let all_good = Repository::with(&[
        ("Dockerfile", GOOD),
        ("service/with space/Containerfile", GOOD),
        ("README.md", "no Dockerfile"),
    ]);
    let output = all_good.pre_commit();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("Passed"),
        "{output:?}"
    );

    for bad in [
        "service/Dockerfile",
        "Dockerfile.release",
        "build/app.Dockerfile",
        "Containerfile",
    ] {
        let output = Repository::with(&[("a/Dockerfile", GOOD), (bad, BAD)]).pre_commit();
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{bad}: {output:?}");
        assert!(
            said.contains(&format!("error {bad}:1:1 from-const-platform")),
            "{said}"
        );
    }

    let none = Repository::with(&[("docs/dockerfiles.md", "no Dockerfile")]).pre_commit();
    let said = String::from_utf8_lossy(&none.stdout);
    assert!(
        none.status.success() && said.contains("no files to check"),
        "{none:?}"
    );
}

#[test]
fn pre_commit_takes_the_manifest_and_both_hooks_do_the_same() {
    let manifest = crate::tree::root().join(MANIFEST).display().to_string();
    run(
        &tool("pre-commit").display().to_string(),
        ["validate-manifest", &manifest],
    );
    let hooks = &documents(&text(MANIFEST))[0];
    let entry = |position: &str| at(hooks, position).get("entry").and_then(|e| e.as_str());
    let (system, docker) = (entry("0").unwrap(), entry("1").unwrap());
    assert_eq!(docker.split_once(' ').unwrap().1, system);
}
