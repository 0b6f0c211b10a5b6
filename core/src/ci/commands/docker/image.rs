//! `docker push`, `pull`, `tag`, `images`, `rmi`, `save`, `load`.
//!
//! Texts: docker/cli and moby `daemon/` as of 20.10 to 29.

use super::Client;
use crate::ci::shell::Shell;
use crate::ci::world::registry::Kind;
use crate::ci::world::{LocalImage, Pushed};
use crate::environment::ImageStore;
use crate::platform::Platform;
use crate::reference::Reference;

pub(super) fn run(shell: &mut Shell<'_, '_>, client: &Client, verb: &str, words: &[String]) -> i32 {
    let at = match super::need_daemon(shell, client) {
        Ok(at) => at,
        Err(status) => return status,
    };
    let names: Vec<String> = words
        .iter()
        .filter(|w| !w.starts_with('-'))
        .cloned()
        .collect();
    match verb {
        "push" => push(shell, at, &names, words),
        "pull" => pull(shell, &names, words),
        "tag" => tag(shell, &names),
        "rmi" | "rm" | "prune" | "images" | "ls" => 0,
        "save" => {
            if let Some(position) = words.iter().position(|w| w == "-o" || w == "--output")
                && let Some(name) = words.get(position + 1)
            {
                let path = shell.path(name);
                shell
                    .world
                    .files
                    .insert(&path, crate::ci::world::File::default());
            }
            0
        }
        _ => crate::ci::commands::assume(shell, &format!("docker image {verb}")),
    }
}

fn full(name: &str) -> Option<Reference> {
    name.parse::<Reference>()
        .ok()
        .map(Reference::with_default_tag)
}

fn push(shell: &mut Shell<'_, '_>, at: usize, names: &[String], words: &[String]) -> i32 {
    let Some(reference) = names.first().and_then(|n| full(n)) else {
        shell.err("invalid reference format\n");
        return 1;
    };
    let name = reference.to_string();
    let familiar = reference.familiar_name();
    let tag = reference.tag.clone().unwrap_or_default();
    shell.out(&format!(
        "The push refers to repository [{}]\n",
        reference.name()
    ));
    let all_tags = words.iter().any(|w| w == "-a" || w == "--all-tags");
    let Some(image) = shell
        .world
        .images
        .get(&name)
        .cloned()
        .or_else(|| all_tags.then(|| first_of(shell, &reference)).flatten())
    else {
        let text = if all_tags {
            format!("An image does not exist locally with the tag: {familiar}")
        } else {
            format!("tag does not exist: {familiar}:{tag}")
        };
        shell.world.reason("the image is not in this daemon's store; a docker-container build keeps its result in the builder's cache");
        shell.err(&format!("{text}\n"));
        return 1;
    };
    let kind = shell.world.registry_kind(&reference.host);
    let buildkit = shell.world.daemons[at].buildkit;
    if let Some(refusal) = shell.world.refusal(&reference, buildkit) {
        let text = match kind {
            Kind::Ecr if refusal.contains("no basic auth") => {
                "no basic auth credentials".to_owned()
            }
            Kind::Ecr => refusal.rsplit('\n').next().unwrap_or_default().to_owned(),
            Kind::Ghcr => refusal,
            Kind::DockerHub | Kind::GitLab | Kind::ArtifactRegistry | Kind::Other => {
                "denied: requested access to the resource is denied".to_owned()
            }
        };
        shell.err(&format!("{text}\n"));
        return 1;
    }
    if let Some(text) = shell.world.immutable(&reference, false) {
        shell.err(&format!("{text}\n"));
        return 1;
    }
    let digest = image
        .digest
        .clone()
        .unwrap_or_else(|| crate::digest::Digest::sha256(name.as_bytes()));
    shell.out(&format!("{tag}: digest: {digest} size: 1570\n"));
    shell.world.pass(4.0);
    let line = shell.world.mark.line;
    let containerd = shell.world.daemons[at].store == ImageStore::Containerd;
    shell.world.push(Pushed {
        reference: name,
        digest,
        is_index: image.platforms.len() > 1 || (containerd && image.attested),
        platforms: image.platforms,
        attested: containerd && image.attested,
        oci: containerd && (image.attested || buildkit.at_least(0, 31)),
        line,
    });
    0
}

fn first_of(shell: &Shell<'_, '_>, reference: &Reference) -> Option<LocalImage> {
    let prefix = format!("{}:", reference.name());
    shell
        .world
        .images
        .iter()
        .find(|(name, _)| name.starts_with(&prefix))
        .map(|(_, image)| image.clone())
}

fn pull(shell: &mut Shell<'_, '_>, names: &[String], words: &[String]) -> i32 {
    let wanted = words
        .iter()
        .find_map(|w| w.strip_prefix("--platform=").map(str::to_owned))
        .or_else(|| {
            let at = words.iter().position(|w| w == "--platform")?;
            words.get(at + 1).cloned()
        });
    let Some(name) = names.iter().rfind(|n| Some(*n) != wanted.as_ref()).cloned() else {
        return 1;
    };
    let Some(reference) = full(&name) else {
        shell.err("invalid reference format\n");
        return 1;
    };
    let platform = wanted
        .and_then(|p| p.parse::<Platform>().ok())
        .unwrap_or_else(|| Platform::new("linux", &shell.world.settings.arch));
    shell.world.pass(3.0);
    let pushed = shell
        .world
        .registries
        .tags
        .get(&reference.to_string())
        .cloned();
    super::imagetools::note_cache(shell, &reference.to_string());
    if pushed.is_some() {
        shell.world.note(
            "verify-pull-runs-native",
            "docker pull checks one platform of the tag only",
        );
    }
    if let Some(pushed) = &pushed
        && pushed.is_index
        && !pushed.platforms.iter().any(|p| p.is_same(&platform))
    {
        shell.err(&format!(
            "no matching manifest for {} in the manifest list entries\n",
            platform.specifier()
        ));
        return 1;
    }
    let image = LocalImage {
        platforms: vec![platform],
        digest: pushed.map(|p| p.digest),
        attested: false,
    };
    shell.world.images.insert(reference.to_string(), image);
    shell.world.change();
    shell.out(&format!(
        "Status: Downloaded newer image for {name}\n{reference}\n"
    ));
    0
}

fn tag(shell: &mut Shell<'_, '_>, names: &[String]) -> i32 {
    let [from, to, ..] = names else {
        shell.err("\"docker tag\" requires exactly 2 arguments.\n");
        return 1;
    };
    let (Some(source), Some(target)) = (full(from), full(to)) else {
        shell.err("Error parsing reference: invalid reference format\n");
        return 1;
    };
    if let Some(image) = shell.world.images.get(&source.to_string()).cloned() {
        shell.world.images.insert(target.to_string(), image);
        shell.world.change();
        0
    } else {
        shell.err(&format!(
            "Error response from daemon: No such image: {}:{}\n",
            source.familiar_name(),
            source.tag.unwrap_or_default()
        ));
        1
    }
}
