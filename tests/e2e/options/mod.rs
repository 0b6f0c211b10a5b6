//! Every option of `polyarch verify`, and the commands beside it, as a pipeline uses them: the real
//! binary against the demo registry that it serves itself, or against Debian's docker-registry.

mod commands;
mod demands;
mod every;
mod inputs;
mod preview;
mod reports;
mod secured;
mod transport;

pub(crate) use every::options as verify_options;
pub(crate) use secured::{Secured, both};

use std::fs;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::real::polyarch::{Run, binary, polyarch};
use crate::real::process::{Server, free_port};

/// `polyarch serve --demo` on a port of its own.
pub(crate) struct Demo {
    pub(crate) host: String,
    _server: Server,
}

impl Demo {
    pub(crate) fn start() -> Self {
        let port = free_port();
        let host = format!("127.0.0.1:{port}");
        let mut command = Command::new(binary());
        command.args(["serve", "--demo", "--addr", &host]);
        Self {
            _server: Server::start(&mut command, port),
            host,
        }
    }

    /// `127.0.0.1:PORT/demo:TAG`.
    pub(crate) fn image(&self, tag: &str) -> String {
        format!("{}/demo:{tag}", self.host)
    }

    /// The digest that a tag has.
    fn digest(&self, tag: &str) -> String {
        let run = verify(&[&self.image(tag), "--format", "json"]);
        let resolved = run.json()["results"][0]["resolved"].clone();
        let resolved = resolved.as_str().expect("a tag of the demo registry");
        resolved
            .split_once('@')
            .expect("name and digest")
            .1
            .to_owned()
    }
}

/// `polyarch verify`.
fn verify(args: &[&str]) -> Run {
    polyarch(["verify"].iter().chain(args))
}

/// The rules of the findings of the first result that count as errors or warnings.
fn rules(run: &Run) -> Vec<String> {
    let json = run.json();
    let findings = json["results"][0]["findings"].as_array().expect("findings");
    findings
        .iter()
        .filter(|finding| finding["severity"] != "info" && finding["waived"] == Value::Null)
        .filter_map(|finding| finding["rule"].as_str().map(str::to_owned))
        .collect()
}

/// A file of a scratch folder, and its path as an argument.
pub(crate) fn file(folder: &TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    fs::write(&path, text).expect("the scratch folder is writable");
    path.display().to_string()
}

pub(crate) fn scratch() -> TempDir {
    TempDir::with_prefix("polyarch-options-").expect("a scratch folder")
}
