//! A shell in which the commands of one document run, one after the other, as a reader types them.
//!
//! Nothing is imitated: the demo registry is `polyarch serve --demo`, `registry.example` and
//! `mirror.example` are Debian's docker-registry with TLS and a login, reached through a proxy.
//! There, `team/app:1` is right, `team/app:half` lacks arm64, and the login is in Docker's file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::options::{Demo, Secured, both, scratch};
use crate::real::forward::ForwardProxy;
use crate::real::polyarch::binary;
use crate::real::process::{Server, free_port};
use crate::real::registry::Registry;

/// Where the documents' demo registry listens.
const DEMO: &str = "127.0.0.1:8080";

/// `me:opensesame` in base 64.
const AUTH: &str = "bWU6b3BlbnNlc2FtZQ==";

/// What all documents share.
pub(super) struct World {
    demo: Demo,
    secured: Secured,
    proxy: ForwardProxy,
    _open: Registry,
}

impl World {
    pub(super) fn start() -> Self {
        let (open, secured) = both();
        open.tag_without("team/app", "1", "half", "arm64");
        let (bytes, kind) = open.manifest("team/app", "1");
        for tag in ["2", "latest"] {
            open.put("team/app", tag, &bytes, &kind);
        }
        let port = secured.host.trim_start_matches("localhost:");
        Self {
            proxy: ForwardProxy::to(&format!("127.0.0.1:{port}")),
            demo: Demo::start(),
            secured,
            _open: open,
        }
    }
}

/// One document's folder.
pub(super) struct Session<'a> {
    world: &'a World,
    folder: TempDir,
}

impl<'a> Session<'a> {
    pub(super) fn start(world: &'a World) -> Self {
        let session = Self {
            world,
            folder: scratch(),
        };
        let authority = fs::read_to_string(world.secured.authority()).expect("a certificate");
        let hosts = ["registry.example", "mirror.example"];
        let logins: Vec<String> = hosts
            .iter()
            .map(|host| format!("\"{host}\":{{\"auth\":\"{AUTH}\"}}"))
            .collect();
        let config = format!("{{\"auths\":{{{}}}}}", logins.join(","));
        for (name, text) in [
            ("company-ca.pem", authority.as_str()),
            (".docker/config.json", &config),
            (
                "Dockerfile",
                "FROM alpine:3.22\nRUN apk add --no-cache curl\n",
            ),
        ] {
            session.write(name, text).expect("the folder is writable");
        }
        session
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file beside the commands.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<(), String> {
        let path = self.path(name);
        let folder = path.parent().expect("a file lies in a folder");
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, self.real(text)))
            .map_err(|error| format!("{name}: {error}"))
    }

    /// Runs all lines in one shell.
    pub(super) fn run(&self, script: &str, exit: i32) -> Result<(), String> {
        let output = self.shell(script);
        if output.status.code() == Some(exit) {
            return Ok(());
        }
        Err(format!("not exit code {exit}, but {output:#?}\n{script}"))
    }

    /// Runs each command and compares what it prints; a line `…` stands for any lines.
    pub(super) fn console(&self, text: &str, exit: i32) -> Result<(), String> {
        let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
        for line in text.lines() {
            match (line.strip_prefix("$ "), commands.last_mut()) {
                (Some(command), _) => commands.push((command, Vec::new())),
                (None, Some((_, lines))) => lines.push(line),
                (None, None) => return Err("an output without a command".to_owned()),
            }
        }
        let last = commands.len().checked_sub(1).ok_or("no command")?;
        for (index, (command, expected)) in commands.iter().enumerate() {
            let output = self.shell(&format!("{{ {command}\n}} 2>&1"));
            let printed = self.shown(&String::from_utf8_lossy(&output.stdout));
            let printed: Vec<&str> = printed.lines().collect();
            let exit = if index == last { exit } else { 0 };
            if output.status.code() != Some(exit) {
                return Err(format!("`{command}`: not exit code {exit}: {output:#?}"));
            }
            if !fits(&printed, expected) {
                let printed = printed.join("\n");
                return Err(format!("`{command}` prints\n{printed}"));
            }
        }
        Ok(())
    }

    /// Starts what serves until it is ended, on a free port instead of 8080.
    pub(super) fn serve(&self, command: &str) -> Result<(), String> {
        let port = free_port();
        let command = match command.trim().replace(":8080", &format!(":{port}")) {
            with if with.contains("--addr") => with,
            without => format!("{without} --addr 127.0.0.1:{port}"),
        };
        let mut shell = self.command(&["sh", "-euc", &format!("exec {command}")]);
        let _server = Server::start(&mut shell, port);
        let status = ureq::get(format!("http://127.0.0.1:{port}/docs/")).call();
        status.map(|_| ()).map_err(|error| error.to_string())
    }

    fn shell(&self, script: &str) -> Output {
        // What never ends is the document's mistake and must not become the test's.
        let words = ["timeout", "120", "sh", "-euc", &self.real(script)];
        self.command(&words).output().expect("a shell")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(words[0]);
        let path = std::env::var("PATH").unwrap_or_default();
        let programs = binary().parent().unwrap_or(Path::new("/"));
        command
            .args(&words[1..])
            .current_dir(self.folder.path())
            .env("PATH", format!("{}:{path}", programs.display()))
            .env("HOME", self.folder.path())
            .env("NO_COLOR", "1")
            .env("HTTPS_PROXY", &self.world.proxy.url)
            .env_remove("NO_PROXY")
            .stdin(Stdio::null());
        command
    }

    /// A text with the demo registry's own port.
    fn real(&self, text: &str) -> String {
        text.replace(DEMO, &self.world.demo.host)
    }

    /// An output with the port that the documents show.
    fn shown(&self, text: &str) -> String {
        text.replace(&self.world.demo.host, DEMO)
    }
}

/// Whether the lines are those expected, where `…` stands for any number of them.
fn fits(printed: &[&str], expected: &[&str]) -> bool {
    match (expected, printed) {
        ([], []) => true,
        (["…"], _) => true,
        (["…", rest @ ..], _) => (0..=printed.len()).any(|at| fits(&printed[at..], rest)),
        ([first, rest @ ..], [line, more @ ..]) => first == line && fits(more, rest),
        _ => false,
    }
}

#[test]
fn an_ellipsis_stands_for_any_lines_and_nothing_else_does() {
    assert!(fits(&["a", "b", "c", "d"], &["a", "…", "d"]));
    assert!(fits(&["a"], &["a", "…"]));
    assert!(fits(&[], &[]));
    assert!(!fits(&["a", "b"], &["a"]));
    assert!(!fits(&["a"], &["…", "b"]));
    assert!(!fits(&["a"], &["a", "b"]));
}
