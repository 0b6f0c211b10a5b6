//! `docker buildx create`.
//!
//! Texts: docker/buildx `builder/builder.go`, `commands/create.go`, `driver/…`, 0.8 to 0.36.

use super::Client;
use super::boot::boot;
use super::build_log::Log;
use crate::ci::commands::Arguments;
use crate::ci::commands::arguments::Flag;
use crate::ci::shell::Shell;
use crate::ci::world::daemon::{self, Endpoint};
use crate::ci::world::{Builder, BuilderNode};
use crate::environment::{BUILDKIT_NEWEST, Driver, Version};

const FLAGS: &[Flag] = &[
    ("name", ' ', true),
    ("driver", ' ', true),
    ("use", ' ', false),
    ("driver-opt", ' ', true),
    ("platform", ' ', true),
    ("node", ' ', true),
    ("append", ' ', false),
    ("leave", ' ', false),
    ("bootstrap", ' ', false),
    ("config", ' ', true),
    ("buildkitd-config", ' ', true),
    ("buildkitd-flags", ' ', true),
    ("builder", ' ', true),
    ("debug", 'D', false),
    ("timeout", ' ', true),
];

/// Name of a builder that got none; buildx makes it up.
const MADE_UP_NAME: &str = "quirky_hopper";

pub(super) fn run(
    shell: &mut Shell<'_, '_>,
    client: &Client,
    version: Version,
    words: &[String],
) -> i32 {
    let arguments = Arguments::parse(words, FLAGS, true);
    if let Some(flag) = &arguments.unknown {
        let flag = flag.clone();
        return super::unknown_flag(shell, &flag, "docker buildx create");
    }
    if let Some(flag) = &arguments.incomplete {
        shell.err(&format!(
            "flag needs an argument: {flag}\nSee 'docker buildx create --help'.\n"
        ));
        return 125;
    }
    let name = arguments.get("name").unwrap_or(MADE_UP_NAME).to_owned();
    let append = arguments.is_set("append");
    let driver = match arguments.get("driver").unwrap_or("docker-container") {
        "docker-container" => Driver::DockerContainer,
        "kubernetes" => Driver::Kubernetes,
        "remote" => Driver::Remote,
        "docker" => {
            shell.err("ERROR: failed to initialize builder: docker driver: the docker driver cannot be created, it belongs to a context\n");
            shell.world.exact = false;
            return 1;
        }
        other => {
            shell.err(&format!("ERROR: failed to find driver {other:?}\n"));
            return 1;
        }
    };
    if let Some(status) = name_taken(shell, version, &name, append, &arguments) {
        return status;
    }
    let typed = arguments.rest.first().cloned();
    let endpoint = match endpoint(shell, client, version, driver, typed.as_deref()) {
        Ok(found) => found,
        Err(text) => {
            shell.err(&format!("ERROR: {text}\n"));
            return 1;
        }
    };
    let (endpoint_name, daemon) = match reach(shell, driver, &name, endpoint) {
        Ok(found) => found,
        Err(text) => {
            shell.err(&format!("ERROR: {text}\n"));
            return 1;
        }
    };
    store(
        shell,
        &arguments,
        &name,
        driver,
        endpoint_name,
        daemon,
        append,
        version,
    )
}

fn name_taken(
    shell: &mut Shell<'_, '_>,
    version: Version,
    name: &str,
    append: bool,
    arguments: &Arguments,
) -> Option<i32> {
    let exists = shell.world.builders.contains_key(name);
    if append && !exists && !arguments.has("name") {
        shell.err("ERROR: failed to find instance for append\n");
        return Some(1);
    }
    if !exists || append || arguments.has("node") {
        return None;
    }
    shell.world.note_facts(
        "builder-name-exists",
        format!("a builder named {name} exists already"),
        &[("builder", name)],
    );
    let advice = if version.at_least(0, 10) {
        "the node name"
    } else {
        "--node"
    };
    shell.err(&format!("ERROR: existing instance for {name:?} but no append mode, specify {advice} to make changes for existing instances\n"));
    Some(1)
}

/// What a builder is to be put on.
enum Place {
    /// A context: its name and address.
    Context(Endpoint),
    /// A host that was typed.
    Host(String),
    /// Kubernetes and remote builders need no Docker.
    Elsewhere(String),
}

fn endpoint(
    shell: &mut Shell<'_, '_>,
    client: &Client,
    version: Version,
    driver: Driver,
    typed: Option<&str>,
) -> Result<Place, String> {
    if driver != Driver::DockerContainer {
        return Ok(Place::Elsewhere(
            typed.unwrap_or("kubernetes:///").to_owned(),
        ));
    }
    match typed {
        None => {
            let found = daemon::endpoint(shell, client.context.as_deref()).map_err(|r| r.text)?;
            if found.context == "default" && found.tls {
                shell.world.note("tls-env-create", "the default context takes its TLS data from the environment, which a builder cannot keep");
                let with = if version.at_least(0, 13) {
                    "context set to <context-name>"
                } else {
                    "`docker buildx create <context-name>`"
                };
                return Err(format!(
                    "could not create a builder instance with TLS data loaded from environment. Please use `docker context create <context-name>` to create a context for current environment and then create a builder instance with {with}"
                ));
            }
            Ok(Place::Context(found))
        }
        Some("default") if !shell.world.contexts.contains_key("default") => {
            // buildx keeps the address only; the certificates stay behind.
            daemon::endpoint(shell, Some("default"))
                .map(|found| Place::Host(found.host))
                .map_err(|r| r.text)
        }
        Some(name) if shell.world.contexts.contains_key(name) => {
            daemon::endpoint(shell, Some(name))
                .map(Place::Context)
                .map_err(|r| r.text)
        }
        Some(host) if host.contains("://") => Ok(Place::Host(host.to_owned())),
        Some(word) => {
            shell.world.note_facts(
                "builder-endpoint-unknown",
                format!("{word} is no context of this job, so buildx takes it for a host name"),
                &[("endpoint", word)],
            );
            Ok(Place::Host(format!("tcp://{word}:2375")))
        }
    }
}

/// The name buildx keeps and the daemon behind it, or buildx's words when it cannot be reached.
fn reach(
    shell: &mut Shell<'_, '_>,
    driver: Driver,
    builder: &str,
    place: Place,
) -> Result<(String, Option<usize>), String> {
    let (name, endpoint) = match place {
        Place::Elsewhere(name) => return Ok((name, None)),
        Place::Context(endpoint) => {
            let name = if endpoint.context == "default" {
                endpoint.host.clone()
            } else {
                endpoint.context.clone()
            };
            (name, endpoint)
        }
        Place::Host(host) if host.starts_with("ssh://") => return Ok((host, None)),
        Place::Host(host) => {
            let endpoint = Endpoint {
                context: String::new(),
                host: host.clone(),
                tls: false,
            };
            (host, endpoint)
        }
    };
    debug_assert_eq!(
        driver,
        Driver::DockerContainer,
        "only containers live on a daemon"
    );
    let cli = shell
        .world
        .tools
        .docker
        .unwrap_or(crate::environment::DOCKER_NEWEST);
    let before = shell.world.incidents.len();
    match shell.world.connect(&endpoint, cli) {
        Ok(at) => Ok((name, Some(at))),
        Err(text) => {
            if shell
                .world
                .incidents
                .iter()
                .any(|i| i.cause == "builder-endpoint-unknown")
            {
                shell.world.incidents.truncate(before);
                shell.world.pass(20.0);
            }
            Err(format!(
                "failed to initialize builder {builder} ({builder}0): {text}"
            ))
        }
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "one call site; the parts of one builder"
)]
fn store(
    shell: &mut Shell<'_, '_>,
    arguments: &Arguments,
    name: &str,
    driver: Driver,
    endpoint: String,
    daemon: Option<usize>,
    append: bool,
    version: Version,
) -> i32 {
    let platforms: Vec<String> = arguments
        .all("platform")
        .iter()
        .flat_map(|p| p.split(','))
        .map(|p| p.trim().to_owned())
        .filter(|p| !p.is_empty())
        .collect();
    let option = |key: &str| {
        arguments
            .all("driver-opt")
            .iter()
            .flat_map(|o| o.split(','))
            .find_map(|o| {
                o.trim_matches('"')
                    .strip_prefix(key)?
                    .strip_prefix('=')
                    .map(str::to_owned)
            })
    };
    let image = option("image");
    let buildkit = image
        .as_deref()
        .and_then(|i| crate::ci::world::toolbox::split(i).1.parse().ok())
        .or(shell.world.settings.buildkit)
        .unwrap_or(BUILDKIT_NEWEST);
    let existing = shell.world.builders.get(name).cloned();
    let count = existing.as_ref().map_or(0, |b| b.nodes.len());
    let node = BuilderNode {
        name: arguments
            .get("node")
            .map_or_else(|| format!("{name}{count}"), str::to_owned),
        endpoint,
        platforms,
        daemon,
    };
    let configured = arguments.has("config") || arguments.has("buildkitd-config");
    let mut builder = existing.filter(|_| append).unwrap_or(Builder {
        name: name.to_owned(),
        driver,
        nodes: Vec::new(),
        booted: false,
        booted_binfmt: std::collections::BTreeSet::new(),
        buildkit,
        image,
        configured,
    });
    note_shared_socket(shell, arguments, &node);
    builder.nodes.push(node);
    shell.world.builders.insert(name.to_owned(), builder);
    shell.world.change();
    if arguments.is_set("use") {
        shell.world.current_builder = Some(name.to_owned());
    }
    shell.world.pass(0.5);
    if arguments.is_set("bootstrap") {
        let mut log = Log::new(shell.world.settings.cost);
        let done = boot(shell, name, &mut log, version);
        shell.err(&log.text);
        if let Err(status) = done {
            return status;
        }
    }
    shell
        .world
        .reason(format!("builder {name} uses the {driver} driver"));
    shell.out(&format!("{name}\n"));
    0
}

/// The host's daemon outlives the job, and so does a builder in it.
fn note_shared_socket(shell: &mut Shell<'_, '_>, arguments: &Arguments, node: &BuilderNode) {
    let daemon = node.daemon.and_then(|at| shell.world.daemons.get(at));
    let is_hosts = daemon.is_some_and(|d| d.has_socket && d.is_hosts);
    let Some(name) = arguments.get("name").filter(|_| is_hosts) else {
        return;
    };
    // A name with the job's or pipeline's number is nobody else's.
    if !name.contains("91011") && !name.contains("5678") {
        shell.world.note_facts(
            "podman-or-socket-bind",
            format!("the builder {name} lives in the host's daemon, where other jobs make one of the same name"),
            &[("builder", name)],
        );
    }
}
