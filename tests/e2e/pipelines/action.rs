//! `action.yml`, as a workflow uses it: its steps run in bash with the files that a runner gives,
//! the program fetched from a folder of releases on loopback.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use polyarch_core::ci::github::{self, Scope, Step, interpolate};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::{good_and_half, holds};
use crate::options::scratch;
use crate::real::polyarch::binary;
use crate::real::process::{Server, free_port, run};
use crate::tree::text;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A folder of releases with the real binary in it, served on loopback.
pub(crate) struct Releases {
    folder: TempDir,
    pub(crate) address: String,
    _server: Server,
}

impl Releases {
    pub(crate) fn start() -> Self {
        let folder = scratch();
        let release = folder.path().join(format!("v{VERSION}"));
        fs::create_dir(&release).expect("the scratch folder is writable");
        fs::copy(archive(), release.join(archive_name())).expect("the scratch folder is writable");
        let to = release.display().to_string();
        run(
            "sh",
            ["-c", &format!("cd {to} && sha256sum *.tar.gz >SHA256SUMS")],
        );
        let port = free_port();
        let mut command = Command::new("python3");
        let place = folder.path().display().to_string();
        let listen = port.to_string();
        command.args(["-m", "http.server", "--bind", "127.0.0.1"]);
        command.args(["--directory", &place, &listen]);
        command.stderr(Stdio::null());
        Self {
            _server: Server::start(&mut command, port),
            address: format!("http://127.0.0.1:{port}"),
            folder,
        }
    }

    /// A file of the release.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("v{VERSION}")).join(name)
    }
}

/// What the release calls the program for this machine.
pub(crate) fn archive_name() -> String {
    let cpu = match std::env::consts::ARCH {
        "aarch64" => "arm64",
        _ => "amd64",
    };
    format!("polyarch-{VERSION}-linux-{cpu}.tar.gz")
}

/// The archive, packed once.
fn archive() -> &'static Path {
    static ARCHIVE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = ARCHIVE.get_or_init(|| {
        let folder = scratch();
        let name = archive_name();
        let inner = name.trim_end_matches(".tar.gz");
        fs::create_dir(folder.path().join(inner)).expect("the scratch folder is writable");
        fs::copy(binary(), folder.path().join(inner).join("polyarch"))
            .expect("the scratch folder is writable");
        let place = folder.path().display().to_string();
        let script = format!("cd {place} && tar -cf - {inner} | gzip -1 >{name}");
        run("sh", ["-c", &script]);
        let path = folder.path().join(name);
        (folder, path)
    });
    path
}

/// The action in the folders that a runner gives it.
pub(crate) struct Action {
    text: String,
    /// Of the action: what `GITHUB_ACTION_PATH` names.
    pub(crate) path: PathBuf,
    runner: TempDir,
}

/// What came of a use.
#[derive(Debug)]
pub(crate) struct Used {
    pub(crate) code: Option<i32>,
    pub(crate) outputs: BTreeMap<String, String>,
    pub(crate) log: String,
    pub(crate) summary: String,
}

impl Action {
    pub(crate) fn new() -> Self {
        let runner = scratch();
        for folder in ["temp", "workspace", "action"] {
            fs::create_dir(runner.path().join(folder)).expect("the scratch folder is writable");
        }
        Self {
            text: text("action.yml"),
            path: runner.path().join("action"),
            runner,
        }
    }

    /// Uses it with these inputs, as `with:` gives them.
    pub(crate) fn using(&self, with: &[(&str, &str)]) -> Used {
        let action = github::read_action(&self.text).expect("an action");
        let mut inputs = Map::new();
        for (name, default) in &action.inputs {
            let given = with.iter().find(|(given, _)| given == name);
            let value = given.map_or(default.as_str(), |(_, value)| value);
            inputs.insert(name.clone(), value.into());
        }
        for (name, _) in with {
            assert!(inputs.contains_key(*name), "no input {name}");
        }
        let mut scope = Scope::default();
        scope.contexts.insert("inputs".to_owned(), inputs.into());
        let mut used = Used {
            code: Some(0),
            outputs: BTreeMap::new(),
            log: String::new(),
            summary: String::new(),
        };
        let mut steps = Map::new();
        for step in action.steps.expect("a composite action") {
            let (output, outputs) = self.step(&step, &scope);
            used.log += &String::from_utf8_lossy(&output.stdout);
            used.log += &String::from_utf8_lossy(&output.stderr);
            steps.insert(
                step.id.expect("each step has an id"),
                json!({ "outputs": outputs }),
            );
            let known = Value::Object(steps.clone());
            scope.contexts.insert("steps".to_owned(), known);
            used.code = output.status.code();
            if used.code != Some(0) {
                break;
            }
        }
        used.summary = fs::read_to_string(self.file("summary")).unwrap_or_default();
        let outputs = action.outputs.into_iter();
        used.outputs = outputs.map(|(k, v)| (k, interpolate(&v, &scope))).collect();
        used
    }

    fn file(&self, name: &str) -> PathBuf {
        self.runner.path().join(name)
    }

    /// One `run` step in `shell: bash`, with what it writes to `GITHUB_OUTPUT`.
    fn step(&self, step: &Step, scope: &Scope) -> (Output, Map<String, Value>) {
        let script = step.run.as_deref().expect("steps that run");
        assert!(!script.contains("${{"), "inputs go through variables only");
        assert_eq!(step.shell.as_deref(), Some("bash"));
        let (file, outputs) = (self.file("script"), self.file("outputs"));
        fs::write(&file, script).expect("the scratch folder is writable");
        fs::write(&outputs, "").expect("the scratch folder is writable");
        let variables = step.env.iter();
        let output = Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail"])
            .arg(&file)
            .current_dir(self.file("workspace"))
            .envs(variables.map(|(name, value)| (name, interpolate(value, scope))))
            .env("HOME", self.runner.path())
            .env("RUNNER_TEMP", self.file("temp"))
            .env("GITHUB_ACTION_PATH", &self.path)
            .env("GITHUB_OUTPUT", &outputs)
            .env("GITHUB_STEP_SUMMARY", self.file("summary"))
            .output()
            .expect("bash");
        let written = fs::read_to_string(&outputs).expect("the scratch folder is writable");
        let pairs = written.lines().map(|line| {
            let (name, value) = line.split_once('=').expect("NAME=VALUE");
            (name.to_owned(), value.into())
        });
        (output, pairs.collect())
    }

    fn workspace_holds(&self, name: &str) -> bool {
        holds(&self.file("workspace"), name)
    }
}

#[test]
fn the_action_tells_the_verdict_in_every_way() {
    let (registry, releases) = (good_and_half(), Releases::start());
    let digest = |tag: &str| {
        let bytes = registry.manifest("team/app", tag).0;
        polyarch_core::digest::Digest::sha256(&bytes).to_string()
    };
    let nobody = format!("127.0.0.1:{}/team/app:1", free_port());
    let (good, half) = (
        registry.reference("team/app:1"),
        registry.reference("team/app:half"),
    );
    for (reference, code, verdict, digest, annotation, summary) in [
        (
            good.as_str(),
            0,
            "pass",
            digest("1"),
            "::notice title=polyarch verify::PASS ",
            "### PASS",
        ),
        (
            &half,
            1,
            "fail",
            digest("half"),
            "::error title=platform-missing",
            "### FAIL",
        ),
        (
            &nobody,
            3,
            "inconclusive",
            String::new(),
            "::error title=registry-un",
            "### INCON",
        ),
        (
            "NO IMAGE",
            2,
            "error",
            String::new(),
            "::error title=NO cannot be read",
            "### UNREAD",
        ),
    ] {
        let used = Action::new().using(&[
            ("reference", reference),
            ("releases", &releases.address),
            ("arguments", "--retries 0"),
        ]);
        assert_eq!(used.code, Some(code), "{reference}: {used:#?}");
        assert_eq!(used.outputs["verdict"], verdict, "{used:#?}");
        assert_eq!(used.outputs["digest"], digest, "{used:#?}");
        assert!(used.log.contains(annotation), "{used:#?}");
        assert!(used.summary.contains(summary), "{used:#?}");
        let report = fs::read(&used.outputs["report"]);
        assert!(
            report.is_err(),
            "the runner's folder is gone with the action"
        );
    }
}

#[test]
fn its_inputs_are_the_options_and_summaries_add_up() {
    let (registry, releases) = (good_and_half(), Releases::start());
    let half = registry.reference("team/app:half");
    let action = Action::new();
    let usual = [
        ("reference", half.as_str()),
        ("releases", &releases.address),
        ("platforms", "linux/amd64"),
    ];
    let used = action.using(&[&usual[..], &[("deep", "all")]].concat());
    assert_eq!(used.code, Some(0), "{used:#?}");
    let report = fs::read_to_string(&used.outputs["report"]).unwrap();
    assert!(report.contains("\"depth\": \"deep\""), "{report}");
    let other = format!("sha256:{}", "0".repeat(64));
    let used = action.using(&[&usual[..], &[("expect-digest", &other)]].concat());
    assert_eq!(used.code, Some(1), "{used:#?}");
    assert!(used.log.contains("::error title=digest-unexpected"));
    assert_eq!(used.summary.matches("### ").count(), 2, "{}", used.summary);
}

#[test]
fn no_input_is_read_as_shell() {
    let releases = Releases::start();
    for input in [
        "reference",
        "platforms",
        "deep",
        "expect-digest",
        "arguments",
        "version",
    ] {
        for evil in [
            "$(touch HIT)",
            "`touch HIT`",
            ";touch HIT",
            "X\nverdict=pass",
        ] {
            let action = Action::new();
            let mut with = vec![(input, evil), ("releases", releases.address.as_str())];
            if input != "reference" {
                with.push(("reference", "NONE"));
            }
            let used = action.using(&with);
            assert_eq!(used.code, Some(2), "{input} {evil} {used:#?}");
            assert!(!action.workspace_holds("HIT"), "{input} {evil}");
            assert_ne!(used.outputs["verdict"], "pass", "{input} {evil}");
        }
    }
}

#[test]
fn a_program_with_another_checksum_is_not_run() {
    let releases = Releases::start();
    let usual = [
        ("reference", "NONE"),
        ("releases", releases.address.as_str()),
    ];
    let stopped =
        |used: &Used| used.code == Some(2) && used.log.contains("does not have the SHA-256");
    let action = Action::new();
    let used = action.using(&[&usual[..], &[("sha256", &"0".repeat(64))]].concat());
    assert!(stopped(&used), "{used:#?}");

    // The sums that the action carries win over those of the release.
    let sums = fs::read_to_string(releases.file("SHA256SUMS")).unwrap();
    let (sum, name) = sums.split_once("  ").unwrap();
    fs::write(
        action.path.join("SHA256SUMS"),
        format!("{}  {name}", "1".repeat(64)),
    )
    .unwrap();
    assert!(stopped(&action.using(&usual)));
    fs::write(action.path.join("SHA256SUMS"), format!("{sum}  {name}")).unwrap();
    let used = action.using(&usual);
    assert_eq!(
        used.outputs["verdict"], "error",
        "the program ran: {used:#?}"
    );

    // Without, a release whose archive was changed afterwards is found out.
    fs::remove_file(action.path.join("SHA256SUMS")).unwrap();
    fs::write(releases.file(&archive_name()), "changed").unwrap();
    assert!(stopped(&action.using(&usual)));
}
