//! `docker buildx` without build, bake and imagetools: use, ls, inspect, rm and the rest.
//!
//! Texts: docker/buildx `commands/`.

use std::fmt::Write as _;

use super::boot::boot;
use super::build_log::Log;
use super::{Client, bake, build, buildx_create, imagetools};
use crate::ci::commands::Arguments;
use crate::ci::commands::arguments::Flag;
use crate::ci::shell::Shell;
use crate::ci::world::{Builder, daemon};
use crate::environment::Version;

const FLAGS: &[Flag] = &[
    ("builder", ' ', true),
    ("bootstrap", ' ', false),
    ("force", 'f', false),
    ("all", 'a', false),
    ("all-inactive", ' ', false),
    ("keep-state", ' ', false),
    ("keep-daemon", ' ', false),
    ("default", ' ', false),
    ("global", ' ', false),
    ("verbose", ' ', false),
    ("filter", ' ', true),
    ("format", ' ', true),
    ("no-trunc", ' ', false),
    ("help", 'h', false),
    ("timeout", ' ', true),
    ("debug", 'D', false),
];

pub(super) fn run(
    shell: &mut Shell<'_, '_>,
    client: &Client,
    version: Version,
    words: &[String],
) -> i32 {
    // `--builder` may stand before the subcommand.
    let (builder, words) = match words {
        [flag, name, rest @ ..] if flag == "--builder" => (Some(name.clone()), rest),
        [flag, rest @ ..] if flag.starts_with("--builder=") => {
            (Some(flag["--builder=".len()..].to_owned()), rest)
        }
        other => (None, other),
    };
    let Some((name, rest)) = words.split_first() else {
        return 0;
    };
    let rest: Vec<String> = match builder {
        Some(builder) => ["--builder".to_owned(), builder]
            .into_iter()
            .chain(rest.iter().cloned())
            .collect(),
        None => rest.to_vec(),
    };
    let parsed = Arguments::parse(&rest, FLAGS, true);
    match name.as_str() {
        "version" => {
            shell.out(&format!("github.com/docker/buildx v{version} 0000000\n"));
            0
        }
        "create" => buildx_create::run(shell, client, version, &rest),
        "build" | "b" => build::buildx_build(shell, client, version, &rest),
        "bake" | "f" => bake::run(shell, client, version, &rest),
        "imagetools" => imagetools::run(shell, version, &rest),
        "use" => use_builder(shell, &parsed),
        "inspect" => inspect(shell, client, version, &parsed),
        "ls" => list(shell),
        "rm" | "remove" => remove(shell, &parsed),
        "stop" => 0,
        "install" | "uninstall" => 0,
        "du" | "prune" | "history" | "dap" | "debug" | "policy" | "dial-stdio" => {
            crate::ci::commands::assume(shell, "docker buildx")
        }
        other => {
            shell.err(&format!("docker: unknown command: docker buildx {other}\n\nRun 'docker buildx --help' for more information\n"));
            1
        }
    }
}

fn wanted(shell: &Shell<'_, '_>, arguments: &Arguments) -> Option<String> {
    arguments
        .rest
        .first()
        .cloned()
        .or_else(|| arguments.get("builder").map(str::to_owned))
        .or_else(|| chosen(shell, None))
}

/// `--builder`, `$BUILDX_BUILDER`, or what `use` chose.
pub(super) fn chosen(shell: &Shell<'_, '_>, flag: Option<&str>) -> Option<String> {
    flag.map(str::to_owned)
        .or_else(|| {
            shell
                .variables
                .exported("BUILDX_BUILDER")
                .filter(|v| !v.is_empty())
                .map(str::to_owned)
        })
        .or_else(|| shell.world.current_builder.clone())
}

fn use_builder(shell: &mut Shell<'_, '_>, arguments: &Arguments) -> i32 {
    let Some(name) = arguments
        .rest
        .first()
        .cloned()
        .or_else(|| arguments.get("builder").map(str::to_owned))
    else {
        return 0;
    };
    if name == "default" {
        if shell.world.current_builder.take().is_some() {
            shell.world.change();
        }
        return 0;
    }
    if shell.world.builders.contains_key(&name) {
        if shell.world.current_builder.as_ref() != Some(&name) {
            shell.world.current_builder = Some(name);
            shell.world.change();
        }
        return 0;
    }
    if shell.world.contexts.contains_key(&name) {
        shell.err(&format!(
            "ERROR: run `docker context use {name}` to switch to context {name}\n"
        ));
        return 1;
    }
    note_missing(shell, &name);
    shell.err(&format!(
        "ERROR: failed to find instance {name:?}: no builder {name:?} found\n"
    ));
    1
}

fn note_missing(shell: &mut Shell<'_, '_>, name: &str) {
    shell.world.note_facts(
        "builder-not-found",
        format!("no builder named {name} exists in this job"),
        &[("builder", name)],
    );
    let names: Vec<String> = shell.world.builders.keys().cloned().collect();
    shell.world.reason(format!(
        "the builders of this job are: default {}",
        names.join(" ")
    ));
}

/// The builder by name, or the exit status after buildx's message.
pub(super) fn find(shell: &mut Shell<'_, '_>, name: &str) -> Result<Builder, i32> {
    if let Some(builder) = shell.world.builders.get(name) {
        return Ok(builder.clone());
    }
    note_missing(shell, name);
    shell.err(&format!("ERROR: no builder {name:?} found\n"));
    Err(1)
}

fn inspect(
    shell: &mut Shell<'_, '_>,
    client: &Client,
    version: Version,
    arguments: &Arguments,
) -> i32 {
    let name = wanted(shell, arguments);
    match name.filter(|n| n != "default") {
        Some(name) => {
            let builder = match find(shell, &name) {
                Ok(builder) => builder,
                Err(status) => return status,
            };
            if arguments.is_set("bootstrap") {
                let mut log = Log::new(shell.world.settings.cost);
                let done = boot(shell, &name, &mut log, version);
                shell.err(&log.text);
                if let Err(status) = done {
                    return status;
                }
            }
            describe(shell, &builder);
            0
        }
        None => match daemon::reach(shell, client.context.as_deref()) {
            Ok(at) => {
                let platforms = platforms_of(shell, &[]);
                let version = shell.world.daemons[at].buildkit;
                shell.out(&format!("Name:   default\nDriver: docker\n\nNodes:\nName:             default\nEndpoint:         default\nStatus:           running\nBuildKit version: v{version}\nPlatforms:        {platforms}\n"));
                0
            }
            Err(refused) => {
                let _ = version;
                shell.err(&format!("ERROR: {}\n", refused.text));
                1
            }
        },
    }
}

fn platforms_of(shell: &Shell<'_, '_>, fixed: &[String]) -> String {
    let mut all: Vec<String> = fixed.iter().map(|p| format!("{p}*")).collect();
    all.push(format!("linux/{}", shell.world.settings.arch));
    if shell.world.settings.arch == "amd64" {
        all.push("linux/386".to_owned());
    }
    all.extend(shell.world.binfmt.iter().map(|a| match a.as_str() {
        "arm" => "linux/arm/v7".to_owned(),
        other => format!("linux/{other}"),
    }));
    all.dedup();
    all.join(", ")
}

fn describe(shell: &mut Shell<'_, '_>, builder: &Builder) {
    let booted = shell
        .world
        .builders
        .get(&builder.name)
        .is_some_and(|b| b.booted);
    let mut text = format!(
        "Name:          {}\nDriver:        {}\n\nNodes:\n",
        builder.name, builder.driver
    );
    for node in &builder.nodes {
        let status = if booted { "running" } else { "inactive" };
        let _ = write!(
            text,
            "Name:      {}\nEndpoint:  {}\nStatus:    {status}\n",
            node.name, node.endpoint
        );
        if booted {
            let _ = writeln!(text, "BuildKit version: v{}", builder.buildkit);
        }
        let _ = writeln!(text, "Platforms: {}", platforms_of(shell, &node.platforms));
    }
    shell.out(&text);
}

fn list(shell: &mut Shell<'_, '_>) -> i32 {
    let current = shell.world.current_builder.clone();
    let mut text =
        String::from("NAME/NODE       DRIVER/ENDPOINT   STATUS     BUILDKIT   PLATFORMS\n");
    let builders: Vec<Builder> = shell.world.builders.values().cloned().collect();
    for builder in builders {
        let mark = if current.as_ref() == Some(&builder.name) {
            "*"
        } else {
            ""
        };
        let _ = writeln!(text, "{}{mark}   {}", builder.name, builder.driver);
        for node in &builder.nodes {
            let status = if builder.booted {
                "running"
            } else {
                "inactive"
            };
            let platforms = platforms_of(shell, &node.platforms);
            let _ = writeln!(
                text,
                " \\_ {}   \\_ {}   {status}   v{}   {platforms}",
                node.name, node.endpoint, builder.buildkit
            );
        }
    }
    let mark = if current.is_none() { "*" } else { "" };
    let _ = write!(
        text,
        "default{mark}   docker\n \\_ default   \\_ default   running\n"
    );
    shell.out(&text);
    0
}

fn remove(shell: &mut Shell<'_, '_>, arguments: &Arguments) -> i32 {
    let names: Vec<String> = if arguments.is_set("all-inactive") {
        shell
            .world
            .builders
            .values()
            .filter(|b| !b.booted)
            .map(|b| b.name.clone())
            .collect()
    } else {
        match wanted(shell, arguments) {
            Some(first) => std::iter::once(first)
                .chain(arguments.rest.iter().skip(1).cloned())
                .collect(),
            None => return 0,
        }
    };
    for name in names {
        if let Err(status) = find(shell, &name) {
            return status;
        }
        shell.world.builders.remove(&name);
        if shell.world.current_builder.as_ref() == Some(&name) {
            shell.world.current_builder = None;
        }
        shell.world.change();
        shell.err(&format!("{name} removed\n"));
    }
    0
}
