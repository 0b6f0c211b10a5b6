//! Tools that talk to registries without Docker: crane, skopeo, regctl, buildah, podman, polyarch.
//!
//! Copies and merges are simulated; everything else is assumed to succeed.

use super::docker::actions;
use crate::ci::shell::Shell;
use crate::ci::world::Pushed;
use crate::ci::world::registry::login_host;
use crate::digest::Digest;
use crate::environment::BUILDKIT_NEWEST;
use crate::reference::Reference;

pub(super) fn run(shell: &mut Shell<'_, '_>, program: &str, words: &[String]) -> i32 {
    let plain: Vec<&String> = words.iter().filter(|w| !w.starts_with('-')).collect();
    let plain: Vec<&str> = plain.iter().map(|w| w.as_str()).collect();
    shell.world.pass(1.5);
    if matches!(program, "buildah" | "podman")
        && let Some(status) = super::daemonless::run(shell, words)
    {
        return status;
    }
    match (program, plain.as_slice()) {
        ("crane", ["auth", "login", ..])
        | ("regctl", ["registry", "login", ..])
        | (_, ["login", ..]) => login(shell, words),
        ("crane" | "oras", ["copy" | "cp", from, to, ..])
        | ("skopeo", ["copy", from, to, ..])
        | ("regctl", ["image", "copy", from, to, ..]) => {
            let (from, to) = ((*from).to_owned(), (*to).to_owned());
            copy(shell, &from, &to)
        }
        ("crane" | "skopeo", ["delete", name, ..])
        | ("regctl", ["tag" | "manifest", "rm" | "delete", name, ..]) => {
            let name = (*name).to_owned();
            delete(shell, &name)
        }
        ("polyarch", ["verify", ..]) => {
            let at = words.iter().position(|w| w == "verify").unwrap_or(0);
            super::gate::verify(shell, &words[at + 1..]).status
        }
        ("cosign" | "polyarch", _) => super::assume(shell, program),
        ("crane", ["digest", name, ..]) => match lookup(shell, name) {
            Some(found) => {
                shell.out(&format!("{}\n", found.digest));
                0
            }
            None => super::assume(shell, program),
        },
        _ => super::assume(shell, program),
    }
}

pub(super) fn plain_name(name: &str) -> &str {
    name.strip_prefix("docker://").unwrap_or(name)
}

pub(super) fn lookup(shell: &Shell<'_, '_>, name: &str) -> Option<Pushed> {
    let reference: Reference = plain_name(name).parse().ok()?;
    shell
        .world
        .registries
        .tags
        .get(&reference.with_default_tag().to_string())
        .cloned()
}

fn login(shell: &mut Shell<'_, '_>, words: &[String]) -> i32 {
    let mut user = String::new();
    let mut host = String::new();
    let mut words = words
        .iter()
        .skip_while(|w| matches!(w.as_str(), "auth" | "registry" | "login"));
    while let Some(word) = words.next() {
        match word.as_str() {
            "-u" | "--username" | "--user" => user = words.next().cloned().unwrap_or_default(),
            "-p" | "--password" | "--pass" => {
                words.next();
            }
            flag if flag.starts_with('-') => {}
            other => other.clone_into(&mut host),
        }
    }
    let host = login_host(&host);
    actions::login(shell, &host, &user);
    shell.out("Login Succeeded!\n");
    0
}

fn copy(shell: &mut Shell<'_, '_>, from: &str, to: &str) -> i32 {
    let Ok(target) = plain_name(to).parse::<Reference>() else {
        return super::assume(shell, "copy");
    };
    let target = target.with_default_tag();
    if let Some(refusal) = shell.world.refusal(&target, BUILDKIT_NEWEST) {
        shell.err(&format!("Error: {refusal}\n"));
        return 1;
    }
    let source = lookup(shell, from);
    if source.is_none() {
        shell.world.exact = false;
    }
    let line = shell.world.mark.line;
    shell.world.push(Pushed {
        reference: target.to_string(),
        digest: source
            .as_ref()
            .map_or_else(|| Digest::sha256(from.as_bytes()), |s| s.digest.clone()),
        platforms: source
            .as_ref()
            .map(|s| s.platforms.clone())
            .unwrap_or_default(),
        is_index: source.as_ref().is_some_and(|s| s.is_index),
        oci: source.as_ref().is_some_and(|s| s.oci),
        attested: source.is_some_and(|s| s.attested),
        line,
    });
    0
}

/// Deletes a tag, and with it what an index of this job still names.
fn delete(shell: &mut Shell<'_, '_>, name: &str) -> i32 {
    let Some(gone) = lookup(shell, name) else {
        return super::assume(shell, "delete");
    };
    let is_part = |p: &Pushed| {
        p.is_index
            && p.reference != gone.reference
            && p.platforms.len() > gone.platforms.len()
            && gone
                .platforms
                .iter()
                .all(|g| p.platforms.iter().any(|own| own.is_same(g)))
    };
    if let Some(whole) = shell.world.pushed.iter().find(|p| is_part(p)).cloned() {
        shell.world.note_facts(
            "staging-tag-deleted",
            format!(
                "{} is part of {}, which goes on naming it",
                gone.reference, whole.reference
            ),
            &[("reference", &gone.reference)],
        );
    }
    shell.world.registries.tags.remove(&gone.reference);
    shell.world.change();
    0
}
