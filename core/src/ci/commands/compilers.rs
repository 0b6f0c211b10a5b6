//! Compilers and build tools: which file they write, and for which CPU.

use crate::ci::build::Made;
use crate::ci::shell::Shell;
use crate::ci::world::File;
use crate::platform::Platform;

pub(super) fn run(shell: &mut Shell<'_, '_>, program: &str, arguments: &[String]) -> i32 {
    shell.world.pass(20.0);
    let command = std::iter::once(program)
        .chain(arguments.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join(" ");
    let verb = arguments
        .iter()
        .find(|a| !a.starts_with('-'))
        .map_or("", String::as_str);
    let outputs: Vec<(String, Option<Platform>)> = match (program, verb) {
        ("go", "build") => go(shell, arguments).into_iter().collect(),
        ("go", "install") => Vec::new(),
        ("cargo", "build" | "b") => cargo(shell, arguments),
        ("gcc" | "cc" | "clang", _) => {
            let name = value(arguments, "-o").unwrap_or_else(|| "a.out".to_owned());
            vec![(name, Some(host(shell)))]
        }
        ("mvn", _) => vec![("target/app.jar".to_owned(), None)],
        ("gradle", _) => vec![("build/libs/app.jar".to_owned(), None)],
        ("npm" | "yarn" | "pnpm", "ci" | "install" | "i" | "") => {
            vec![("node_modules/.package-lock.json".to_owned(), None)]
        }
        ("npm" | "yarn" | "pnpm", "run" | "build") => vec![("dist/index.js".to_owned(), None)],
        _ => Vec::new(),
    };
    if outputs.is_empty() && !matches!((program, verb), ("go" | "cargo", _)) {
        shell.world.exact = false;
    }
    shell.world.files_are_guessed = true;
    shell.world.reason(format!(
        "{program} is assumed to succeed; what it writes is noted with its CPU"
    ));
    for (name, machine) in outputs {
        write(shell, &command, &name, machine);
    }
    0
}

fn write(shell: &mut Shell<'_, '_>, command: &str, name: &str, machine: Option<Platform>) {
    let path = shell.path(name);
    if machine.is_none() && shell.world.files.is_file(&path) {
        return;
    }
    let made = Made {
        by: command.to_owned(),
        machine,
        line: shell.world.mark.line,
    };
    let file = File {
        bytes: None,
        executable: true,
        made: Some(made),
    };
    shell.world.files.insert(&path, file);
}

fn host(shell: &Shell<'_, '_>) -> Platform {
    Platform::new("linux", &shell.world.settings.arch)
}

fn value(arguments: &[String], flag: &str) -> Option<String> {
    let at = arguments.iter().position(|a| a == flag);
    if let Some(at) = at {
        return arguments.get(at + 1).cloned();
    }
    arguments
        .iter()
        .find_map(|a| a.strip_prefix(&format!("{flag}=")).map(str::to_owned))
}

/// `go build -o FILE`, or the folder's name; `GOOS`, `GOARCH` and `GOARM` decide the CPU.
fn go(shell: &Shell<'_, '_>, arguments: &[String]) -> Option<(String, Option<Platform>)> {
    let own = host(shell);
    let variable = |name: &str| {
        shell
            .variables
            .exported(name)
            .filter(|v| !v.is_empty())
            .map(str::to_owned)
    };
    let mut platform = Platform::new(
        &variable("GOOS").unwrap_or(own.os),
        &variable("GOARCH").unwrap_or(own.architecture),
    );
    if let Some(arm) = variable("GOARM").filter(|_| platform.architecture == "arm") {
        platform.variant = format!("v{arm}");
    }
    let name = value(arguments, "-o").or_else(|| module_name(shell))?;
    let name = if name.ends_with('/') {
        let last = arguments
            .last()
            .map_or("", |a| a.rsplit('/').next().unwrap_or(""));
        format!("{name}{last}")
    } else {
        name
    };
    Some((name, Some(platform)))
}

fn module_name(shell: &Shell<'_, '_>) -> Option<String> {
    let text = shell.world.files.text(&shell.path("go.mod"))?;
    let line = text.lines().find_map(|l| l.strip_prefix("module "))?;
    line.trim().rsplit('/').next().map(str::to_owned)
}

fn cargo(shell: &Shell<'_, '_>, arguments: &[String]) -> Vec<(String, Option<Platform>)> {
    let profile = if arguments.iter().any(|a| a == "--release" || a == "-r") {
        "release"
    } else {
        "debug"
    };
    let target = value(arguments, "--target");
    let machine = match target.as_deref().and_then(|t| t.split('-').next()) {
        Some("x86_64") => Platform::new("linux", "amd64"),
        Some("aarch64") => Platform::new("linux", "arm64"),
        Some(other) => Platform::new("linux", other),
        None => host(shell),
    };
    let folder = target.map_or(String::new(), |t| format!("{t}/"));
    let manifest = shell
        .world
        .files
        .text(&shell.path("Cargo.toml"))
        .unwrap_or_default();
    let name = manifest
        .lines()
        .find_map(|l| {
            l.trim()
                .strip_prefix("name")?
                .trim_start()
                .strip_prefix('=')
        })
        .map_or("app", |v| v.trim().trim_matches('"'))
        .to_owned();
    vec![(format!("target/{folder}{profile}/{name}"), Some(machine))]
}
