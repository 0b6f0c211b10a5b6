//! `docker compose build` and `push`, as far as they build and push images.
//!
//! Compose hands its builds to bake, so they are bake's here. What starts containers is assumed.

use super::{Client, bake, image};
use crate::ci::commands::Arguments;
use crate::ci::commands::arguments::Flag;
use crate::ci::shell::Shell;

const FLAGS: &[Flag] = &[
    ("file", 'f', true),
    ("push", ' ', false),
    ("project-name", 'p', true),
    ("profile", ' ', true),
    ("env-file", ' ', true),
    ("build-arg", ' ', true),
    ("builder", ' ', true),
    ("pull", ' ', false),
    ("no-cache", ' ', false),
    ("quiet", 'q', false),
    ("progress", ' ', true),
    ("with-dependencies", ' ', false),
    ("project-directory", ' ', true),
];

/// Names looked for, in the order of Compose.
const FILES: [&str; 4] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yaml",
    "docker-compose.yml",
];

pub(super) fn run(shell: &mut Shell<'_, '_>, client: &Client, words: &[String]) -> i32 {
    if let Err(status) = super::need_daemon(shell, client) {
        return status;
    }
    let arguments = Arguments::parse(words, FLAGS, true);
    let mut files = arguments.all("file").to_vec();
    if files.is_empty() {
        let found = FILES
            .iter()
            .find(|name| shell.world.files.is_file(&shell.path(name)));
        files.extend(found.map(|name| (*name).to_owned()));
    }
    let Some((verb, services)) = arguments.rest.split_first() else {
        return 0;
    };
    if files.is_empty() {
        shell.err("no configuration file provided: not found\n");
        return 1;
    }
    match (verb.as_str(), super::buildx_version(shell)) {
        ("build", Some(version)) => {
            let mut given: Vec<String> = Vec::new();
            for file in files {
                given.extend(["-f".to_owned(), file]);
            }
            for pair in arguments.all("build-arg") {
                given.extend(["--set".to_owned(), format!("*.args.{pair}")]);
            }
            if let Some(builder) = arguments.get("builder") {
                given.extend(["--builder".to_owned(), builder.to_owned()]);
            }
            let out = if arguments.is_set("push") {
                "--push"
            } else {
                "--load"
            };
            given.push(out.to_owned());
            given.extend(services.iter().cloned());
            bake::run(shell, client, version, &given)
        }
        ("push", _) => {
            let own: Vec<String> = shell.world.images.keys().cloned().collect();
            for name in own {
                let status = image::run(shell, client, "push", &[name]);
                if status != 0 {
                    return status;
                }
            }
            0
        }
        _ => crate::ci::commands::assume(shell, "docker compose"),
    }
}
