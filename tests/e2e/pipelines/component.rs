//! `templates/verify.yml`, as a pipeline includes it: read by core, its script run in the shell
//! that polyarch's image has.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Output};

use polyarch_core::ci::gate;
use polyarch_core::ci::gitlab::{self, Job};
use tempfile::TempDir;

use super::{good_and_half, holds, search_path};
use crate::options::scratch;
use crate::real::process::free_port;
use crate::real::schema::check_xml;

/// A job of a GitLab file, in a project folder of its own.
pub(crate) struct Gate {
    pub(super) job: Job,
    pub(crate) folder: TempDir,
}

impl Gate {
    /// The job of this name in the file, includes resolved.
    pub(crate) fn of(file: &str, name: &str) -> Self {
        let pipeline = gitlab::read(".gitlab-ci.yml", file, &BTreeMap::new());
        let pipeline = pipeline.unwrap_or_else(|refused| panic!("{refused} in {file}"));
        assert_eq!(pipeline.unmodelled, [], "{file}");
        let job = pipeline.jobs.into_iter().find(|job| job.base == name);
        Self {
            job: job.expect("a job of that name"),
            folder: scratch(),
        }
    }

    /// The component with these inputs.
    fn with(inputs: &[(&str, &str)]) -> Self {
        Self::of(&gate::gitlab(inputs), "verify")
    }

    /// Runs the script as a runner does: the job's variables expanded by those of the pipeline, one
    /// shell for all lines, which ends at the first that fails.
    pub(crate) fn run(&self, pipeline: &[(&str, &str)]) -> Output {
        let lines: Vec<&str> = self.job.script.iter().map(|e| e.text.as_str()).collect();
        let script = format!("set -o errexit -o pipefail\n{}", lines.join("\n"));
        let own = self.job.variables.iter();
        let own = own.map(|(name, value)| (name.as_str(), expanded(value, pipeline)));
        Command::new("busybox")
            .args(["sh", "-c", &script])
            .current_dir(self.folder.path())
            .env("PATH", search_path())
            .env("NO_COLOR", "1")
            .env("HOME", self.folder.path())
            .envs(own)
            .envs(pipeline.iter().copied())
            .output()
            .expect("`scripts/setup test` installs busybox")
    }

    pub(crate) fn read(&self, name: &str) -> String {
        let path = self.folder.path().join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

/// `$NAME` replaced, the longest names first.
fn expanded(value: &str, pipeline: &[(&str, &str)]) -> String {
    let mut names = pipeline.to_vec();
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names.iter().fold(value.to_owned(), |text, (name, value)| {
        text.replace(&format!("${name}"), value)
    })
}

#[test]
fn the_component_passes_and_fails_with_the_tag() {
    let registry = good_and_half();
    let image = registry.reference("team/app");
    let nobody = format!("127.0.0.1:{}/team/app", free_port());
    for (image, tag, code) in [
        (&image, "1", 0),
        (&image, "half", 1),
        (&nobody, "1", 3),
        (&"NO IMAGE".to_owned(), "1", 2),
    ] {
        let gate = Gate::with(&[("arguments", "--retries 0")]);
        let output = gate.run(&[("CI_REGISTRY_IMAGE", image), ("CI_COMMIT_SHORT_SHA", tag)]);
        assert_eq!(output.status.code(), Some(code), "{image}:{tag} {output:?}");
        let log = String::from_utf8_lossy(&output.stdout);
        assert!(
            code == 2 || log.contains(&format!("{image}:{tag}\n")),
            "{log}"
        );
        let issues: serde_json::Value =
            serde_json::from_str(&gate.read("gl-code-quality-report.json")).unwrap();
        let says = |rule: &str| {
            issues
                .as_array()
                .unwrap()
                .iter()
                .any(|i| i["check_name"] == rule)
        };
        assert_eq!(says("platform-missing"), code == 1, "{issues:#}");
        let junit = gate.folder.path().join("polyarch.junit.xml");
        check_xml("jenkins-junit.xsd", &junit.display().to_string());
        assert!(gate.read("polyarch.json").contains("\"schemaVersion\": 1"));
    }
}

#[test]
fn its_inputs_are_the_options() {
    let registry = good_and_half();
    let half = registry.reference("team/app:half");
    let digest = registry.child("team/app", "1", "arm64");
    let both = format!("{half} {}", registry.reference("team/app:1"));
    let other = format!("sha256:{}", "0".repeat(64));
    let code = |inputs: &[(&str, &str)]| Gate::with(inputs).run(&[]).status.code();
    let amd64 = ("platforms", "linux/amd64");
    assert_eq!(code(&[("reference", &half), amd64]), Some(0));
    assert_eq!(code(&[("reference", &both), amd64]), Some(0));
    assert_eq!(code(&[("reference", &both)]), Some(1));
    let arm64 = format!("{}@{digest}", registry.reference("team/app"));
    let wanted = [("reference", arm64.as_str()), ("platforms", "linux/arm64")];
    assert_eq!(
        code(&[&wanted[..], &[("expect_digest", &digest)]].concat()),
        Some(0)
    );
    assert_eq!(
        code(&[&wanted[..], &[("expect_digest", &other)]].concat()),
        Some(1)
    );
    let deep = Gate::with(&[("reference", &half), amd64, ("deep", "all")]);
    assert_eq!(deep.run(&[]).status.code(), Some(0));
    assert!(deep.read("polyarch.json").contains("\"depth\": \"deep\""));
}

#[test]
fn a_policy_of_the_project_counts() {
    let registry = good_and_half();
    let gate = Gate::with(&[("reference", &registry.reference("team/app:half"))]);
    let policy = "[verify]\nplatforms = [\"linux/amd64\"]\ndeep = \"shared\"\n";
    fs::write(gate.folder.path().join("polyarch.toml"), policy).unwrap();
    assert_eq!(gate.run(&[]).status.code(), Some(0));
    assert!(
        gate.read("polyarch.json")
            .contains("\"depth\": \"deep-shared\"")
    );
}

#[test]
fn no_input_is_read_as_shell() {
    for input in ["reference", "expect_digest", "arguments"] {
        for evil in [
            "$(touch HIT)",
            "`touch HIT`",
            ";touch HIT",
            "';touch HIT;'",
            "*",
        ] {
            let quoted = serde_json::Value::from(evil).to_string();
            let gate = Gate::with(&[(input, &quoted)]);
            let output = gate.run(&[]);
            assert_eq!(output.status.code(), Some(2), "{input} {evil} {output:?}");
            assert!(!holds(gate.folder.path(), "HIT"), "{input} {evil}");
        }
    }
    let option = Gate::with(&[("reference", "--no-policy")]).run(&[]);
    assert_eq!(
        option.status.code(),
        Some(2),
        "a reference is no option: {option:?}"
    );
}
