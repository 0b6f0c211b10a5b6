//! `docker context`: create, use, ls, rm, show, inspect.
//!
//! Texts: docker/cli `cli/command/context`.

use std::fmt::Write as _;

use super::Client;
use crate::ci::commands::Arguments;
use crate::ci::commands::arguments::Flag;
use crate::ci::shell::Shell;
use crate::ci::world::{Context, daemon};

const FLAGS: &[Flag] = &[
    ("docker", ' ', true),
    ("description", ' ', true),
    ("from", ' ', true),
    ("default-stack-orchestrator", ' ', true),
    ("force", 'f', false),
    ("format", ' ', true),
    ("quiet", 'q', false),
];

pub(super) fn run(shell: &mut Shell<'_, '_>, client: &Client, words: &[String]) -> i32 {
    let arguments = Arguments::parse(words, FLAGS, true);
    let name = arguments.rest.get(1).cloned().unwrap_or_default();
    match arguments.rest.first().map(String::as_str) {
        Some("create") => create(shell, client, &arguments, &name),
        Some("use") => {
            if name != "default" && !shell.world.contexts.contains_key(&name) {
                return missing(shell, &name);
            }
            if shell
                .variables
                .exported("DOCKER_HOST")
                .is_some_and(|h| !h.is_empty())
            {
                shell.err(&format!("{name}\nWarning: DOCKER_HOST environment variable overrides the active context. To use \"{name}\", either set the global --context flag, or unset DOCKER_HOST environment variable.\n"));
            } else {
                shell.out(&format!("{name}\n"));
            }
            if shell.world.current_context != name {
                shell.world.current_context.clone_from(&name);
                shell.world.change();
            }
            shell.err(&format!("Current context is now \"{name}\"\n"));
            0
        }
        Some("rm" | "remove") => {
            for name in arguments.rest.get(1..).unwrap_or_default() {
                if shell.world.contexts.remove(name).is_some() {
                    shell.world.change();
                    shell.out(&format!("{name}\n"));
                } else if !arguments.is_set("force") {
                    return missing(shell, name);
                }
            }
            0
        }
        Some("ls" | "list") => {
            let current = shell.world.current_context.clone();
            let mut text = String::from("NAME        DESCRIPTION   DOCKER ENDPOINT   ERROR\n");
            let names: Vec<(String, String)> =
                std::iter::once(("default".to_owned(), daemon::SOCKET.to_owned()))
                    .chain(
                        shell
                            .world
                            .contexts
                            .iter()
                            .map(|(n, c)| (n.clone(), c.host.clone())),
                    )
                    .collect();
            for (name, host) in names {
                let mark = if name == current { " *" } else { "" };
                let _ = writeln!(text, "{name}{mark}   {host}");
            }
            shell.out(&text);
            0
        }
        Some("show") => {
            let current = shell.world.current_context.clone();
            shell.out(&format!("{current}\n"));
            0
        }
        Some("inspect")
            if name.is_empty() || name == "default" || shell.world.contexts.contains_key(&name) =>
        {
            0
        }
        Some("inspect") => missing(shell, &name),
        _ => crate::ci::commands::assume(shell, "docker context"),
    }
}

fn missing(shell: &mut Shell<'_, '_>, name: &str) -> i32 {
    shell.err(&format!("context {name:?}: context not found\n"));
    1
}

/// Without `--docker` the context takes the address and the certificates in force.
fn create(shell: &mut Shell<'_, '_>, client: &Client, arguments: &Arguments, name: &str) -> i32 {
    if name.is_empty() {
        shell.err("\"docker context create\" requires exactly 1 argument.\nSee 'docker context create --help'.\n");
        return 1;
    }
    if shell.world.contexts.contains_key(name) || name == "default" {
        let text = if name == "default" {
            "\"default\" is a reserved context name".to_owned()
        } else {
            format!("context \"{name}\" already exists")
        };
        shell.err(&format!("{text}\n"));
        return 1;
    }
    let context = match arguments.get("docker") {
        Some(options) => {
            let option = |key: &str| {
                options
                    .split(',')
                    .find_map(|o| o.strip_prefix(key)?.strip_prefix('='))
                    .map(str::to_owned)
            };
            let host = option("host").unwrap_or_else(|| daemon::SOCKET.to_owned());
            let tls = option("ca").or_else(|| option("cert")).is_some();
            if let Some(ca) = option("ca") {
                let path = shell.path(&ca);
                let folder = path.rsplit_once('/').map_or("/", |(f, _)| f).to_owned();
                if !shell.world.has_certificates(&folder) {
                    shell.err(&format!("unable to create docker endpoint config: open {ca}: no such file or directory\n"));
                    return 1;
                }
            }
            Context { host, tls }
        }
        None => match daemon::endpoint(shell, client.context.as_deref()) {
            Ok(endpoint) => Context {
                host: endpoint.host,
                tls: endpoint.tls,
            },
            Err(refused) => {
                shell.err(&format!("{}\n", refused.text));
                return 1;
            }
        },
    };
    shell.world.contexts.insert(name.to_owned(), context);
    shell.world.change();
    shell.out(&format!("{name}\n"));
    shell.err(&format!("Successfully created context \"{name}\"\n"));
    0
}
