//! The `docker` command: its own flags, its plugins, and what stands behind each word.
//!
//! Texts: docker/cli 20.10 to 29.

pub(in crate::ci) mod actions;
pub(in crate::ci) mod bake;
mod boot;
mod build;
mod build_checks;
mod build_emulated;
mod build_flags;
mod build_log;
mod build_push;
mod buildx;
mod buildx_create;
mod compose;
mod container;
mod context;
mod image;
mod imagetools;
mod info;
mod login;
mod manifest;

pub(in crate::ci::commands) use imagetools::note_cache;

use super::Arguments;
use super::arguments::Flag;
use crate::ci::shell::{Done, Shell};
use crate::ci::world::daemon;
use crate::environment::{BUILDX_NEWEST, DOCKER_NEWEST, Version};

const GLOBAL: &[Flag] = &[
    ("context", 'c', true),
    ("host", 'H', true),
    ("config", ' ', true),
    ("debug", 'D', false),
    ("log-level", 'l', true),
    ("tls", ' ', false),
    ("tlsverify", ' ', false),
    ("tlscacert", ' ', true),
    ("tlscert", ' ', true),
    ("tlskey", ' ', true),
    ("version", 'v', false),
    ("help", 'h', false),
];

/// How a docker command was called.
pub(in crate::ci) struct Client {
    /// From `--context`.
    pub context: Option<String>,
    pub version: Version,
}

pub(super) fn run(shell: &mut Shell<'_, '_>, words: &[String]) -> Done {
    let arguments = Arguments::parse(words, GLOBAL, false);
    let client = Client {
        context: arguments.get("context").map(str::to_owned),
        version: shell.world.tools.docker.unwrap_or(DOCKER_NEWEST),
    };
    if let Some(flag) = &arguments.unknown {
        let flag = flag.clone();
        return Ok(unknown_flag(shell, &flag, "docker"));
    }
    if arguments.is_set("version") {
        shell.out(&format!(
            "Docker version {}, build 0000000\n",
            client.version
        ));
        return Ok(0);
    }
    let host = arguments.get("host").map(str::to_owned);
    match host {
        Some(host) => shell.isolated(|inner| {
            inner.variables.set_exported("DOCKER_HOST", host);
            Ok(command(inner, &client, &arguments.rest))
        }),
        None => Ok(command(shell, &client, &arguments.rest)),
    }
}

fn command(shell: &mut Shell<'_, '_>, client: &Client, words: &[String]) -> i32 {
    let Some((name, rest)) = words.split_first() else {
        return 0;
    };
    let is_offline =
        name == "--version" || (name == "buildx" && rest.first().is_some_and(|r| r == "version"));
    if !is_offline {
        note_race(shell);
        // Before 23, the client read the endpoint's certificates whatever the command.
        if client.version.major < 23
            && name != "buildx"
            && let Err(refused) = daemon::endpoint(shell, client.context.as_deref())
        {
            shell.err(&format!("{}\n", refused.text));
            return 1;
        }
    }
    match name.as_str() {
        "version" => info::version(shell, client, rest),
        "info" => info::info(shell, client),
        "system" if rest.first().is_some_and(|r| r == "info") => info::info(shell, client),
        "login" => login::login(shell, client, rest),
        "logout" => login::logout(shell, rest),
        "context" => context::run(shell, client, rest),
        "buildx" | "builder" => buildx_command(shell, client, rest),
        "build" => build::docker_build(shell, client, rest),
        "image" if rest.first().is_some_and(|r| r == "build") => {
            build::docker_build(shell, client, rest.get(1..).unwrap_or_default())
        }
        "push" | "pull" | "tag" | "images" | "rmi" | "save" | "load" | "import" => {
            image::run(shell, client, name, rest)
        }
        "image" => match rest.split_first() {
            Some((verb, rest)) => image::run(shell, client, verb, rest),
            None => 0,
        },
        "run" | "create" | "cp" | "rm" | "start" | "stop" | "exec" | "kill" | "logs" | "ps"
        | "wait" => container::run(shell, client, name, rest),
        "container" => match rest.split_first() {
            Some((verb, rest)) => container::run(shell, client, verb, rest),
            None => 0,
        },
        "manifest" => manifest::run(shell, client, rest),
        "inspect" | "system" | "volume" | "network" | "plugin" | "trust" | "scout" | "sbom"
        | "search" | "history" => match need_daemon(shell, client) {
            Ok(_) => super::assume(shell, &format!("docker {name}")),
            Err(status) => status,
        },
        "compose" => compose(shell, client, rest),
        other => unknown_command(shell, client, other, rest),
    }
}

fn note_race(shell: &mut Shell<'_, '_>) {
    if shell.world.clock < 10.0 {
        shell.world.note_unwaited();
    }
}

/// The daemon, or the exit status after the client's message.
pub(super) fn need_daemon(shell: &mut Shell<'_, '_>, client: &Client) -> Result<usize, i32> {
    match daemon::reach(shell, client.context.as_deref()) {
        Ok(at) => Ok(at),
        Err(refused) => {
            shell.err(&format!("{}\n", refused.text));
            Err(1)
        }
    }
}

/// The plugin's version: bundled, or put into a plugin folder by the job.
pub(super) fn buildx_version(shell: &Shell<'_, '_>) -> Option<Version> {
    let home = shell.variables.get("HOME").unwrap_or("/root");
    let config = shell
        .variables
        .get("DOCKER_CONFIG")
        .map_or_else(|| format!("{home}/.docker"), str::to_owned);
    let folders = [
        config.as_str(),
        "/usr/local/lib/docker",
        "/usr/local/libexec/docker",
        "/usr/lib/docker",
        "/usr/libexec/docker",
    ];
    let found = folders.iter().find_map(|folder| {
        shell
            .world
            .files
            .get(&format!("{folder}/cli-plugins/docker-buildx"))
            .filter(|f| f.executable)
    });
    match found {
        Some(file) => {
            let by = file.made.as_ref().map_or("", |m| m.by.as_str());
            let tag = by
                .rsplit(['/', ':'])
                .find_map(|part| part.trim_start_matches("buildx-").parse::<Version>().ok());
            tag.filter(|v| v.major == 0)
                .or(shell.world.settings.buildx)
                .or(Some(BUILDX_NEWEST))
        }
        None => shell.world.tools.buildx,
    }
}

fn buildx_command(shell: &mut Shell<'_, '_>, client: &Client, words: &[String]) -> i32 {
    let Some(version) = buildx_version(shell) else {
        let known = if shell.world.tools.known {
            "does not carry"
        } else {
            "may not carry"
        };
        let cause = if shell.world.tools.image.ends_with("aws-cli") {
            "awscli-image-no-docker"
        } else {
            "buildx-plugin-missing"
        };
        shell.world.note(
            cause,
            format!("the job's Docker CLI {known} the buildx plugin"),
        );
        shell
            .world
            .reason("no buildx plugin is in any of the CLI's plugin folders");
        return unknown_command(shell, client, "buildx", words);
    };
    shell.world.tools.buildx = Some(version);
    buildx::run(shell, client, version, words)
}

/// The text depends on the first flag: the root command's flag parser runs first.
fn unknown_command(
    shell: &mut Shell<'_, '_>,
    client: &Client,
    name: &str,
    words: &[String],
) -> i32 {
    if client.version.major < 28 {
        let known = Arguments::parse(words, GLOBAL, true);
        if let Some(flag) = known.unknown {
            return unknown_flag(shell, &flag, "docker");
        }
        shell.err(&format!(
            "docker: '{name}' is not a docker command.\nSee 'docker --help'\n"
        ));
        return 1;
    }
    shell.err(&format!(
        "docker: unknown command: docker {name}\n\nRun 'docker --help' for more information\n"
    ));
    1
}

fn unknown_flag(shell: &mut Shell<'_, '_>, flag: &str, command: &str) -> i32 {
    let text = if flag.starts_with("--") {
        format!("unknown flag: {flag}")
    } else {
        let letter = flag.trim_start_matches('-');
        format!("unknown shorthand flag: '{letter}' in {flag}")
    };
    shell.err(&format!("{text}\nSee '{command} --help'.\n"));
    125
}

fn compose(shell: &mut Shell<'_, '_>, client: &Client, words: &[String]) -> i32 {
    if !shell.world.tools.compose {
        return unknown_command(shell, client, "compose", words);
    }
    compose::run(shell, client, words)
}

/// A daemon started by the job itself, as `dockerd &` does.
pub(super) fn start_daemon(shell: &mut Shell<'_, '_>) {
    let version = shell.world.tools.docker.unwrap_or(DOCKER_NEWEST);
    let privileged = shell.world.settings.privileged;
    if !privileged {
        shell.world.note(
            "dind-not-privileged",
            "the job's container is not privileged, so dockerd ends at once",
        );
    }
    let clock = shell.world.clock;
    shell.world.change();
    shell.world.daemons.push(daemon::Daemon {
        names: vec!["localhost".to_owned()],
        has_socket: true,
        version,
        buildkit: crate::environment::embedded_buildkit(version),
        store: crate::environment::ImageStore::GraphDriver,
        tls: false,
        certificates: None,
        ready_at: privileged.then_some(clock + 3.0),
        is_dind: false,
        is_hosts: false,
        privileged,
        store_by_driver_variable: false,
    });
}
