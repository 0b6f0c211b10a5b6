//! The real `polyarch` binary: built by cargo once for the whole run, then run as a user would.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use crate::tree::root;

/// What one run of the binary gave.
#[derive(Debug)]
pub(crate) struct Run {
    /// The exit code; none when a signal ended the run.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }
}

/// Runs `polyarch` in an empty folder, so that no policy file of the tree is picked up.
pub(crate) fn polyarch<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Run {
    polyarch_as(args, |_| {})
}

/// The same, with the folder, the environment or the input as a test wants them.
pub(crate) fn polyarch_as<S: AsRef<OsStr>>(
    args: impl IntoIterator<Item = S>,
    change: impl FnOnce(&mut Command),
) -> Run {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let mut command = Command::new(binary());
    command
        .args(args)
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .env("HOME", folder.path())
        .stdin(Stdio::null());
    change(&mut command);
    let output = command.output().expect("the binary runs");
    Run {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The binary: `POLYARCH_BIN` where that is set (to test a released one), else what cargo builds.
pub(crate) fn binary() -> &'static PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| match std::env::var_os("POLYARCH_BIN") {
        Some(path) => path.into(),
        None => build(),
    })
}

fn build() -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args([
            "build",
            "--quiet",
            "--locked",
            "--package",
            "polyarch",
            "--bin",
            "polyarch",
        ])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo could not build the binary");
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|message| Some(message["executable"].as_str()?.into()))
        .expect("cargo names the binary that it built")
}
