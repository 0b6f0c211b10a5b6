//! `docker run`, `create`, `cp` and their like: the images that CI jobs use as tools.

use super::Client;
use crate::ci::build::Made;
use crate::ci::commands::Arguments;
use crate::ci::commands::arguments::Flag;
use crate::ci::settings::architectures;
use crate::ci::shell::Shell;
use crate::ci::world::{Emulators, File};
use crate::environment::Version;

const FLAGS: &[Flag] = &[
    ("privileged", ' ', false),
    ("rm", ' ', false),
    ("name", ' ', true),
    ("volume", 'v', true),
    ("env", 'e', true),
    ("entrypoint", ' ', true),
    ("platform", ' ', true),
    ("detach", 'd', false),
    ("interactive", 'i', false),
    ("tty", 't', false),
    ("network", ' ', true),
    ("publish", 'p', true),
    ("workdir", 'w', true),
    ("user", 'u', true),
    ("mount", ' ', true),
    ("pull", ' ', true),
    ("force", 'f', false),
    ("quiet", 'q', false),
    ("env-file", ' ', true),
    ("restart", ' ', true),
    ("all", 'a', false),
    ("label", 'l', true),
    ("hostname", 'h', true),
    ("cap-add", ' ', true),
    ("security-opt", ' ', true),
    ("init", ' ', false),
    ("net", ' ', true),
];

pub(super) fn run(shell: &mut Shell<'_, '_>, client: &Client, verb: &str, words: &[String]) -> i32 {
    if let Err(status) = super::need_daemon(shell, client) {
        return status;
    }
    let arguments = Arguments::parse(words, FLAGS, matches!(verb, "cp" | "rm"));
    shell.world.pass(1.0);
    match verb {
        "run" => start(shell, &arguments),
        "create" => create(shell, &arguments),
        "cp" => copy(shell, &arguments),
        "rm" => {
            for name in &arguments.rest {
                if shell.world.containers.remove(name).is_some() {
                    shell.world.change();
                    shell.out(&format!("{name}\n"));
                } else if !arguments.is_set("force") {
                    shell.err(&format!(
                        "Error response from daemon: No such container: {name}\n"
                    ));
                    return 1;
                }
            }
            0
        }
        _ => crate::ci::commands::assume(shell, &format!("docker {verb}")),
    }
}

fn start(shell: &mut Shell<'_, '_>, arguments: &Arguments) -> i32 {
    let Some((image, command)) = arguments.rest.split_first() else {
        shell.err("docker: 'docker run' requires at least 1 argument\n");
        return 125;
    };
    let (name, _) = crate::ci::world::toolbox::split(image);
    let command: Vec<String> = command.to_vec();
    if name.ends_with("tonistiigi/binfmt")
        || name.ends_with("multiarch/qemu-user-static")
        || name.ends_with("docker/binfmt")
    {
        return binfmt(shell, arguments, &name, &command);
    }
    let shared = arguments
        .all("volume")
        .iter()
        .any(|v| v.contains("cli-plugins"));
    if name.contains("buildx-bin") && shared {
        let home = shell.variables.get("HOME").unwrap_or("/root").to_owned();
        put_plugin(
            shell,
            image,
            &format!("{home}/.docker/cli-plugins/docker-buildx"),
        );
        return 0;
    }
    if let Some(name) = arguments.get("name") {
        shell
            .world
            .containers
            .insert(name.to_owned(), image.clone());
        shell.world.change();
    }
    shell.world.exact = false;
    shell.world.files_are_guessed = true;
    shell.world.reason(format!(
        "what runs in a container of {image} is not simulated"
    ));
    0
}

/// Registers emulators with the kernel, which all containers of the machine share.
fn binfmt(shell: &mut Shell<'_, '_>, arguments: &Arguments, name: &str, command: &[String]) -> i32 {
    if !arguments.is_set("privileged") {
        shell.err("error: mount binfmt_misc: (it needs --privileged)\n");
        shell.world.exact = false;
        return 1;
    }
    let value = |flag: &str| {
        let at = command.iter().position(|w| w == flag)?;
        Some(
            command
                .get(at + 1)
                .cloned()
                .unwrap_or_else(|| "all".to_owned()),
        )
    };
    if !shell.world.settings.privileged_containers {
        shell.world.note(
            "bitbucket-no-privileged",
            "the daemon starts no privileged containers, so no emulator can be registered",
        );
        shell.err("docker: Error response from daemon: authorization denied by plugin pipelines: --privileged=true is not allowed.\n");
        return 125;
    }
    if value("--uninstall").is_some() {
        shell.world.binfmt.clear();
        shell.world.emulators = Emulators::default();
        shell.world.change();
        return 0;
    }
    let wanted = if name.ends_with("binfmt") {
        value("--install")
    } else {
        Some("all".to_owned())
    };
    let Some(wanted) = wanted else {
        return 0;
    };
    let native = shell.world.settings.arch.clone();
    let list: Vec<String> = architectures(&wanted)
        .into_iter()
        .filter(|a| *a != native)
        .collect();
    for architecture in &list {
        shell.out(&format!("installing: {architecture} OK\n"));
    }
    let booted: Vec<String> = shell
        .world
        .builders
        .values()
        .filter(|b| b.booted)
        .map(|b| b.name.clone())
        .collect();
    if let Some(builder) = booted.first() {
        shell.world.note_facts(
            "emu-after-boot",
            format!("the builder {builder} was started before, and looks for emulators only once"),
            &[("builder", builder)],
        );
    }
    register(shell, arguments, name, command, list);
    shell.world.change();
    shell
        .world
        .reason("the kernel of the runner now runs foreign programs through QEMU");
    0
}

/// Puts the entries into the kernel, with the flags that the image gives them.
fn register(
    shell: &mut Shell<'_, '_>,
    arguments: &Arguments,
    name: &str,
    command: &[String],
    list: Vec<String>,
) {
    let image = arguments.rest.first().map_or("", String::as_str);
    let (_, tag) = crate::ci::world::toolbox::split(image);
    shell.world.emulators.qemu = qemu_of(&tag);
    if shell.world.daemons.iter().any(|d| d.is_hosts) {
        shell.world.note(
            "podman-or-socket-bind",
            "the emulators are registered with the host's kernel and stay there for other jobs",
        );
    }
    if !name.ends_with("qemu-user-static") {
        shell.world.emulators.drops_credentials = false;
        shell.world.emulators.unfixed.clear();
        shell.world.binfmt.extend(list);
        return;
    }
    let says = |short: &str, long: &str| {
        let at = command.iter().position(|w| w == short || w == long);
        at.and_then(|at| command.get(at + 1))
            .is_some_and(|w| w == "yes")
            || command.iter().any(|w| *w == format!("{long}=yes"))
    };
    shell.world.emulators.drops_credentials = !says("-c", "--credential");
    if says("-p", "--persistent") {
        shell.world.emulators.unfixed.clear();
        shell.world.binfmt.extend(list);
    } else {
        // Found in no container, so nothing runs through them.
        shell.world.emulators.unfixed.extend(list);
    }
}

/// QEMU's version in a tag such as `qemu-v9.2.0-51` or `7.2.0-1`.
pub(in crate::ci) fn qemu_of(tag: &str) -> Option<Version> {
    let text = tag.trim_start_matches("qemu-").trim_start_matches('v');
    let number = text.split('-').next().unwrap_or_default();
    number.parse().ok().filter(|v: &Version| v.major > 3)
}

fn create(shell: &mut Shell<'_, '_>, arguments: &Arguments) -> i32 {
    let Some(image) = arguments.rest.first().cloned() else {
        shell.err("\"docker create\" requires at least 1 argument.\n");
        return 1;
    };
    let name = arguments
        .get("name")
        .map_or_else(|| "4f1d2a90c1b7".to_owned(), str::to_owned);
    if shell.world.containers.contains_key(&name) {
        shell.err(&format!("Error response from daemon: Conflict. The container name \"/{name}\" is already in use by container \"4f1d2a90c1b7\". You have to remove (or rename) that container to be able to reuse that name.\n"));
        return 1;
    }
    let base = image.rsplit('/').next().unwrap_or_default();
    let tag = if base.contains([':', '@']) {
        ""
    } else {
        ":latest"
    };
    shell.err(&format!("Unable to find image '{image}{tag}' locally\n"));
    shell.world.containers.insert(name, image);
    shell.world.change();
    let id = crate::digest::Digest::sha256(b"simulated container");
    shell.out(&format!("{}\n", id.encoded()));
    0
}

fn copy(shell: &mut Shell<'_, '_>, arguments: &Arguments) -> i32 {
    let [from, to, ..] = arguments.rest.as_slice() else {
        shell.err("\"docker cp\" requires exactly 2 arguments.\n");
        return 1;
    };
    let Some((container, inside)) = from.split_once(':') else {
        return 0;
    };
    let Some(image) = shell.world.containers.get(container).cloned() else {
        shell.err(&format!(
            "Error response from daemon: No such container: {container}\n"
        ));
        return 1;
    };
    let mut path = shell.path(to);
    let folder = path
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder)
        .to_owned();
    if !shell.world.files.is_directory(&folder) {
        shell.err(&format!(
            "invalid output path: directory {folder:?} does not exist\n"
        ));
        return 1;
    }
    if shell.world.files.is_directory(&path) {
        let name = inside.rsplit('/').next().unwrap_or_default();
        path = format!("{path}/{name}");
    }
    if image.contains("buildx-bin") {
        put_plugin(shell, &image, &path);
        return 0;
    }
    let made = Made {
        by: format!("docker cp {from}"),
        machine: None,
        line: shell.world.mark.line,
    };
    shell.world.files.insert(
        &path,
        File {
            bytes: None,
            executable: true,
            made: Some(made),
        },
    );
    0
}

/// The plugin out of `docker/buildx-bin`, executable as it is there.
fn put_plugin(shell: &mut Shell<'_, '_>, image: &str, path: &str) {
    let made = Made {
        by: format!("copy of {image}"),
        machine: Some(crate::platform::Platform::new(
            "linux",
            &shell.world.settings.arch,
        )),
        line: shell.world.mark.line,
    };
    shell.world.files.insert(
        path,
        File {
            bytes: None,
            executable: true,
            made: Some(made),
        },
    );
    shell
        .world
        .reason("the buildx plugin now lies where the CLI looks for plugins");
}
