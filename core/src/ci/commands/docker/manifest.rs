//! `docker manifest`: create, annotate, push, inspect, rm.
//!
//! Texts: docker/cli `cli/command/manifest` and `internal/registryclient`.

use super::Client;
use crate::ci::commands::Arguments;
use crate::ci::commands::arguments::Flag;
use crate::ci::shell::Shell;
use crate::ci::world::Pushed;
use crate::digest::Digest;
use crate::environment::BUILDKIT_NEWEST;
use crate::platform::Platform;
use crate::reference::Reference;

const FLAGS: &[Flag] = &[
    ("amend", 'a', false),
    ("insecure", ' ', false),
    ("purge", 'p', false),
    ("verbose", 'v', false),
    ("arch", ' ', true),
    ("os", ' ', true),
    ("variant", ' ', true),
    ("os-version", ' ', true),
    ("os-features", ' ', true),
];

pub(super) fn run(shell: &mut Shell<'_, '_>, client: &Client, words: &[String]) -> i32 {
    let arguments = Arguments::parse(words, FLAGS, true);
    let Some((verb, names)) = arguments.rest.split_first() else {
        return 0;
    };
    shell.world.pass(1.0);
    match (verb.as_str(), names) {
        ("create", [list, sources @ ..]) if !sources.is_empty() => {
            create(shell, list, sources, arguments.is_set("amend"))
        }
        ("annotate", [list, ..]) => known(shell, list).map_or(1, |_| 0),
        ("push", [list, ..]) => push(shell, list, arguments.is_set("purge")),
        ("inspect", [name, ..]) => inspect(shell, client, name),
        ("rm", lists) => {
            for list in lists {
                if shell.world.manifest_lists.remove(&normal(list)).is_some() {
                    shell.world.change();
                } else {
                    shell.err(&format!("No such manifest: {list}\n"));
                    return 1;
                }
            }
            0
        }
        _ => {
            shell.err(&format!(
                "\"docker manifest {verb}\" requires more arguments.\n"
            ));
            1
        }
    }
}

/// The full reference, or the text as it is.
fn normal(name: &str) -> String {
    name.parse::<Reference>()
        .map_or_else(|_| name.to_owned(), |r| r.with_default_tag().to_string())
}

fn known(shell: &mut Shell<'_, '_>, list: &str) -> Option<Vec<String>> {
    let found = shell.world.manifest_lists.get(&normal(list)).cloned();
    if found.is_none() {
        shell.err(&format!("manifest for image does not exist in {list}\n"));
    }
    found
}

fn create(shell: &mut Shell<'_, '_>, list: &str, sources: &[String], amend: bool) -> i32 {
    let name = normal(list);
    if shell.world.manifest_lists.contains_key(&name) && !amend {
        shell.world.note(
            "manifest-create-stale",
            "the list of an earlier run is still there",
        );
        shell.err("refusing to amend an existing manifest list with no --amend flag\n");
        return 1;
    }
    let mut members = shell
        .world
        .manifest_lists
        .get(&name)
        .cloned()
        .unwrap_or_default();
    for source in sources {
        let full = normal(source);
        match find(shell, &full) {
            Some(pushed) if pushed.is_index => {
                shell.world.note_facts(
                    "manifest-create-index",
                    format!("{source} is an index, since its build attached attestations; docker manifest takes manifests only"),
                    &[("source", source)],
                );
                // The client prints the reference as it normalises it for people.
                let familiar = source.parse::<Reference>().map_or_else(
                    |_| source.clone(),
                    |r| {
                        let r = r.with_default_tag();
                        r.to_string().strip_prefix("docker.io/").map_or_else(
                            || r.to_string(),
                            |s| s.strip_prefix("library/").unwrap_or(s).to_owned(),
                        )
                    },
                );
                shell.err(&format!("{familiar} is a manifest list\n"));
                return 1;
            }
            Some(_) => {}
            None => {
                let own = shell
                    .world
                    .pushed
                    .iter()
                    .any(|p| p.reference.split(':').next() == full.split(':').next());
                if own {
                    shell.err(&format!("no such manifest: {full}\n"));
                    return 1;
                }
                shell.world.exact = false;
                shell.world.reason(format!(
                    "{source} was not pushed by this job; it is assumed to be a manifest"
                ));
            }
        }
        if !members.contains(&full) {
            members.push(full);
        }
    }
    shell.world.manifest_lists.insert(name.clone(), members);
    shell.world.change();
    shell.out(&format!("Created manifest list {name}\n"));
    0
}

/// What a reference by tag or digest leads to.
pub(super) fn find(shell: &Shell<'_, '_>, full: &str) -> Option<Pushed> {
    let tags = &shell.world.registries.tags;
    if let Some(found) = tags.get(full) {
        return Some(found.clone());
    }
    let digest = full.split_once('@')?.1;
    tags.values().find(|p| p.digest.as_str() == digest).cloned()
}

fn push(shell: &mut Shell<'_, '_>, list: &str, purge: bool) -> i32 {
    let Some(members) = known(shell, list) else {
        return 1;
    };
    let name = normal(list);
    let Ok(reference) = name.parse::<Reference>() else {
        return 1;
    };
    if let Some(refusal) = shell.world.refusal(&reference, BUILDKIT_NEWEST) {
        let text = if refusal.contains("insufficient_scope") {
            "denied: requested access to the resource is denied".to_owned()
        } else {
            refusal
        };
        shell.err(&format!("{text}\n"));
        return 1;
    }
    let found: Vec<Pushed> = members.iter().filter_map(|m| find(shell, m)).collect();
    let mut platforms: Vec<Platform> = found.iter().flat_map(|p| p.platforms.clone()).collect();
    for member in &members {
        if find(shell, member).is_none() {
            platforms.extend(platform_in_name(member));
        }
    }
    let digest = Digest::sha256(format!("simulated list {}", members.join(" ")).as_bytes());
    shell.out(&format!("{digest}\n"));
    let line = shell.world.mark.line;
    shell.world.push(Pushed {
        reference: name.clone(),
        digest,
        platforms,
        is_index: true,
        attested: false,
        oci: false,
        line,
    });
    if purge {
        shell.world.manifest_lists.remove(&name);
    }
    0
}

/// The platform that a tag such as `1.0-arm64` promises.
pub(super) fn platform_in_name(reference: &str) -> Option<Platform> {
    [
        "arm64", "aarch64", "amd64", "x86_64", "armv7", "s390x", "ppc64le", "riscv64",
    ]
    .into_iter()
    .find(|a| reference.contains(a))
    .map(|a| {
        if a == "armv7" {
            Platform {
                variant: "v7".to_owned(),
                ..Platform::new("linux", "arm")
            }
        } else {
            Platform::new("linux", a)
        }
    })
}

fn inspect(shell: &mut Shell<'_, '_>, client: &Client, name: &str) -> i32 {
    let full = normal(name);
    super::imagetools::note_cache(shell, &full);
    let found = find(shell, &full);
    if client.version.major < 23 && found.is_some_and(|f| f.is_index && f.oci) {
        shell.world.note(
            "manifest-inspect-nosuch",
            "this Docker client does not know OCI's index",
        );
        shell.err(&format!("no such manifest: {full}\n"));
        return 1;
    }
    let Some(pushed) = find(shell, &full) else {
        if shell.world.pushed.is_empty() {
            shell.world.exact = false;
            return 0;
        }
        shell.err(&format!("no such manifest: {full}\n"));
        return 1;
    };
    let text = super::imagetools::raw(&pushed);
    shell.out(&format!("{text}\n"));
    0
}
