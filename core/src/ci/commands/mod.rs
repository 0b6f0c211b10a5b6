//! Modelled commands: what each prints, returns and changes.
//!
//! What is not modelled is assumed to succeed, and the step is marked so. A program that is known
//! to be missing from the job's image ends with 127, as the shell says it.

mod arguments;
mod aws;
mod builtins;
mod compilers;
mod daemonless;
pub(in crate::ci) mod docker;
mod fetch;
mod files;
pub(in crate::ci) mod gate;
mod images;
mod jq;
mod packages;
mod test;
mod text;
mod trace;

pub(in crate::ci) use arguments::Arguments;
pub(in crate::ci) use docker::actions;
pub(super) use test::double_bracket;

use super::shell::{Flow, Shell};
use crate::ci::shell::Done;

/// Runs a command by name.
pub(super) fn run(shell: &mut Shell<'_, '_>, name: &str, arguments: &[String]) -> Done {
    if let Some(done) = trace::run(shell, name, arguments) {
        return done;
    }
    if let Some(done) = builtins::run(shell, name, arguments) {
        return done;
    }
    shell.world.pass(0.05);
    let program = name.rsplit('/').next().unwrap_or(name);
    if let Some(status) = missing(shell, name, program) {
        return Ok(status);
    }
    if let Some(done) = local_file(shell, name, arguments) {
        return done;
    }
    let done = program_of(shell, program, arguments);
    if shell.world.clock > shell.world.time_limit {
        return Err(Flow::TimeLimit);
    }
    done
}

/// A file of the job that is called by its path: a script is run, a program is assumed to succeed.
fn local_file(shell: &mut Shell<'_, '_>, name: &str, arguments: &[String]) -> Option<Done> {
    if !name.contains('/') {
        return None;
    }
    let path = shell.path(name);
    let file = shell.world.files.get(&path)?.clone();
    let by = file.made.as_ref().map_or("", |made| made.by.as_str());
    if by == fetch::AWS_INSTALLER {
        return Some(Ok(fetch::install_aws(shell)));
    }
    let text = file
        .bytes
        .as_ref()
        .and_then(|b| std::str::from_utf8(b).ok())
        .unwrap_or_default();
    let is_shell = text.starts_with("#!")
        && text
            .lines()
            .next()
            .is_some_and(|l| l.ends_with("sh") || l.contains("sh -"));
    if !is_shell {
        return Some(Ok(assume(shell, name)));
    }
    let script: Vec<String> = std::iter::once(name.to_owned())
        .chain(arguments.iter().cloned())
        .collect();
    Some(subshell(shell, &script))
}

/// 127 or 126 with the shell's words if the program cannot be started.
fn missing(shell: &mut Shell<'_, '_>, name: &str, program: &str) -> Option<i32> {
    if name.contains('/') {
        let path = shell.path(name);
        if shell.world.files.is_file(&path) {
            return None;
        }
        let standard = [
            "/bin/",
            "/usr/bin/",
            "/usr/local/bin/",
            "/sbin/",
            "/usr/sbin/",
        ];
        if !standard.iter().any(|folder| path.starts_with(folder)) {
            let is_local = name.starts_with("./") || name.starts_with("../");
            if is_local {
                let prefix = shell.prefix();
                let word = if shell.world.has_bash {
                    "No such file or directory"
                } else {
                    "not found"
                };
                shell.err(&format!("{prefix}{name}: {word}\n"));
                return Some(127);
            }
        }
    }
    if shell.world.tools.broken.contains(program) && shell.world.tools.has(program) != Some(true) {
        shell.err(&format!("sh: /usr/local/bin/{program}: not found\n"));
        return Some(127);
    }
    if shell.world.tools.has(program) != Some(false) {
        return None;
    }
    let installed = [
        "/usr/local/bin/",
        "/usr/bin/",
        "/root/bin/",
        "/root/.local/bin/",
    ];
    if installed
        .iter()
        .any(|folder| shell.world.files.is_file(&format!("{folder}{program}")))
    {
        return None;
    }
    Some(not_found(shell, name))
}

/// The shell's answer to a program that is not there.
pub(super) fn not_found(shell: &mut Shell<'_, '_>, name: &str) -> i32 {
    let text = if shell.world.has_bash {
        format!("bash: {name}: command not found\n")
    } else {
        format!("/bin/sh: {name}: not found\n")
    };
    let image = shell.world.tools.image.clone();
    shell
        .world
        .reason(format!("the image {image} does not carry {name}"));
    shell.world.note_facts(
        "command-not-found",
        format!("{name} is not in the job's image"),
        &[("command", name), ("image", &image)],
    );
    shell.err(&text);
    127
}

fn program_of(shell: &mut Shell<'_, '_>, program: &str, arguments: &[String]) -> Done {
    if let Some(done) = files::run(shell, program, arguments) {
        return done;
    }
    if let Some(done) = text::run(shell, program, arguments) {
        return done;
    }
    match program {
        "docker" => docker::run(shell, arguments),
        "docker-buildx" | "buildx" => {
            let with_name: Vec<String> = std::iter::once("buildx".to_owned())
                .chain(arguments.iter().cloned())
                .collect();
            docker::run(shell, &with_name)
        }
        "aws" => Ok(aws::run(shell, arguments)),
        "git" => Ok(git(shell, arguments)),
        "unzip" => Ok(fetch::unzip(shell, arguments)),
        "apk"
        | "apt-get"
        | "apt"
        | "yum"
        | "dnf"
        | "microdnf"
        | "amazon-linux-extras"
        | "pip"
        | "pip3" => Ok(packages::run(shell, program, arguments)),
        "curl" | "wget" => Ok(fetch::run(shell, program, arguments)),
        "go" | "cargo" | "gcc" | "cc" | "clang" | "make" | "mvn" | "gradle" | "npm" | "yarn"
        | "pnpm" | "rustc" | "javac" | "zig" | "dotnet" => {
            Ok(compilers::run(shell, program, arguments))
        }
        "executor" if shell.world.tools.image.contains("kaniko") => {
            Ok(daemonless::kaniko(shell, arguments))
        }
        "manifest-tool" => Ok(daemonless::manifest_tool(shell, arguments)),
        "crane" | "skopeo" | "regctl" | "buildah" | "podman" | "oras" | "cosign" | "polyarch" => {
            Ok(images::run(shell, program, arguments))
        }
        "dockerd" | "dockerd-entrypoint.sh" => {
            docker::start_daemon(shell);
            Ok(0)
        }
        "sh" | "bash" | "ash" | "dash" => subshell(shell, arguments),
        "sudo" | "env" | "time" | "nice" | "nohup" | "command" | "exec" | "timeout" | "retry" => {
            wrapped(shell, program, arguments)
        }
        _ => Ok(assume(shell, program)),
    }
}

/// The commands by which scripts name a version.
fn git(shell: &mut Shell<'_, '_>, arguments: &[String]) -> i32 {
    let has = |word: &str| arguments.iter().any(|a| a.starts_with(word));
    let text = match arguments.first().map(String::as_str) {
        Some("rev-parse") if has("--short") => "1ac460d1",
        Some("rev-parse") if has("--abbrev-ref") => "main",
        Some("rev-parse") => "1ac460d1c5f7a3b2e4d6f8091a2b3c4d5e6f7081",
        Some("describe") => "v1.0.0",
        Some("log" | "show") if has("--format=%h") || has("--pretty=format:%h") => "1ac460d1",
        Some("log" | "show") if has("--format=%ct") || has("--pretty=%ct") || has("-1") => {
            "1767225600"
        }
        Some("config" | "fetch" | "checkout" | "status" | "tag" | "submodule") => return 0,
        _ => return assume(shell, "git"),
    };
    shell.out(&format!("{text}\n"));
    0
}

/// Not modelled: assumed to succeed.
pub(super) fn assume(shell: &mut Shell<'_, '_>, program: &str) -> i32 {
    shell.world.exact = false;
    shell.world.files_are_guessed = true;
    shell.world.reason(format!(
        "{program} is not simulated; it is assumed to succeed"
    ));
    shell.world.pass(2.0);
    if shell.substituting > 0 {
        // Something stands where the real output would, so that a tag or a path stays one.
        let name = program.rsplit('/').next().unwrap_or(program);
        let stand_in: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        shell.out(&format!("{}-output\n", stand_in.to_lowercase()));
    }
    0
}

/// `sh -c TEXT`, `sh FILE`.
fn subshell(shell: &mut Shell<'_, '_>, arguments: &[String]) -> Done {
    let mut at = 0;
    let mut errexit = false;
    let mut xtrace = false;
    while let Some(flags) = arguments.get(at).filter(|a| a.starts_with('-')) {
        errexit |= flags.contains('e');
        xtrace |= flags.contains('x');
        at += 1;
        if flags.contains('c') {
            let script = arguments.get(at).cloned().unwrap_or_default();
            return shell.isolated(|inner| {
                inner.options.errexit = errexit;
                inner.options.xtrace = xtrace;
                inner.variables.positional = arguments.get(at + 2..).unwrap_or_default().to_vec();
                inner.evaluate(&script)
            });
        }
        if flags.ends_with('o') {
            at += 1;
        }
    }
    let script = match arguments.get(at) {
        Some(name) => {
            let path = shell.path(name);
            if let Some(text) = shell.world.files.text(&path) {
                text
            } else {
                shell.err(&format!(
                    "sh: can't open '{name}': No such file or directory\n"
                ));
                return Ok(2);
            }
        }
        None => shell.read_all(),
    };
    shell.isolated(|inner| {
        inner.options.errexit = errexit;
        inner.options.xtrace = xtrace;
        inner.variables.positional = arguments.get(at + 1..).unwrap_or_default().to_vec();
        inner.evaluate(&script)
    })
}

/// A program that runs another one.
fn wrapped(shell: &mut Shell<'_, '_>, program: &str, arguments: &[String]) -> Done {
    let mut at = 0;
    let mut assigned = Vec::new();
    while let Some(word) = arguments.get(at) {
        if word.starts_with('-') {
            at += if matches!(word.as_str(), "-u" | "-n" | "-s" | "-k" | "-a") && program != "env" {
                2
            } else {
                1
            };
        } else if let Some((name, value)) = word
            .split_once('=')
            .filter(|_| matches!(program, "env" | "sudo"))
        {
            assigned.push((name.to_owned(), value.to_owned()));
            at += 1;
        } else {
            break;
        }
    }
    if program == "timeout" {
        at += 1;
    }
    let Some((name, rest)) = arguments.get(at..).and_then(<[String]>::split_first) else {
        if program == "env" {
            return Ok(text::print_environment(shell));
        }
        return Ok(0);
    };
    let (name, rest) = (name.clone(), rest.to_vec());
    shell.isolated(|inner| {
        for (key, value) in &assigned {
            inner.variables.set_exported(key, value.clone());
        }
        inner.invoke(&name, &rest)
    })
}
