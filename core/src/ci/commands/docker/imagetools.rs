//! `docker buildx imagetools`: create and inspect.
//!
//! Texts: docker/buildx `commands/imagetools`.

use std::fmt::Write as _;

use crate::ci::commands::Arguments;
use crate::ci::commands::arguments::Flag;
use crate::ci::shell::Shell;
use crate::ci::world::Pushed;
use crate::digest::Digest;
use crate::environment::{BUILDKIT_NEWEST, Version};
use crate::platform::Platform;
use crate::reference::Reference;

const FLAGS: &[Flag] = &[
    ("tag", 't', true),
    ("append", ' ', false),
    ("dry-run", ' ', false),
    ("file", 'f', true),
    ("annotation", ' ', true),
    ("progress", ' ', true),
    ("prefer-index", ' ', false),
    ("builder", ' ', true),
    ("raw", ' ', false),
    ("format", ' ', true),
    ("metadata-file", ' ', true),
    ("platform", 'p', true),
];

pub(super) fn run(shell: &mut Shell<'_, '_>, version: Version, words: &[String]) -> i32 {
    let arguments = Arguments::parse(words, FLAGS, true);
    shell.world.pass(1.5);
    match arguments.rest.split_first() {
        Some((verb, sources)) if verb == "create" => create(shell, version, &arguments, sources),
        Some((verb, names)) if verb == "inspect" => inspect(shell, &arguments, names),
        _ => 0,
    }
}

fn full(name: &str) -> String {
    name.parse::<Reference>()
        .map_or_else(|_| name.to_owned(), |r| r.with_default_tag().to_string())
}

fn create(
    shell: &mut Shell<'_, '_>,
    version: Version,
    arguments: &Arguments,
    sources: &[String],
) -> i32 {
    if sources.is_empty() && arguments.all("file").is_empty() {
        shell.err("ERROR: no sources specified\n");
        return 1;
    }
    let mut platforms: Vec<Platform> = Vec::new();
    let mut digests = Vec::new();
    let mut attested = false;
    let mut oci = true;
    for source in sources {
        if let Err(error) = source.parse::<Reference>() {
            shell.err(&format!("ERROR: failed to parse source {source:?}, valid sources are digests, references and descriptors: {error}\n"));
            return 1;
        }
        let name = full(source);
        if let Some(found) = super::manifest::find(shell, &name) {
            attested |= found.attested;
            oci &= found.oci;
            digests.push(found.digest.to_string());
            platforms.extend(found.platforms);
        } else {
            let is_own = shell
                .world
                .pushed
                .iter()
                .any(|p| same_repository(&p.reference, &name));
            if is_own && !name.contains('@') {
                shell.err(&format!("ERROR: {name}: not found\n"));
                return 1;
            }
            shell.world.exact = false;
            shell.world.reason(format!(
                "{source} was not pushed by this job; it is assumed to exist"
            ));
            platforms.extend(super::manifest::platform_in_name(&name));
            digests.push(name);
        }
    }
    if arguments.is_set("dry-run") {
        return 0;
    }
    let tags = arguments.all("tag").to_vec();
    if tags.is_empty() {
        shell.err("ERROR: can't push without destination tag\n");
        shell.world.exact = false;
        return 1;
    }
    if sources.len() == 1 {
        shell.world.note(
            "imagetools-single-source",
            "there is one source, so nothing is merged",
        );
    }
    oci &= version.at_least(0, 10);
    if sources.len() > 1 {
        note_versions(shell, version, oci);
    }
    let index = match digests.as_slice() {
        [only] if only.starts_with("sha256:") => only.parse().ok(),
        _ => None,
    };
    let digest = index.unwrap_or_else(|| {
        Digest::sha256(format!("simulated merge {}", digests.join(" ")).as_bytes())
    });
    for tag in &tags {
        let Ok(reference) = tag.parse::<Reference>() else {
            shell.err(&format!(
                "ERROR: failed to parse tag {tag:?}: invalid reference format\n"
            ));
            return 1;
        };
        let reference = reference.with_default_tag();
        if let Some(refusal) = shell.world.refusal(&reference, BUILDKIT_NEWEST) {
            shell.err(&format!("ERROR: failed to push {reference}: {refusal}\n"));
            return 1;
        }
        let by_tag = sources.len() > 1 && !version.at_least(0, 22);
        if let Some(text) = shell.world.immutable(&reference, by_tag) {
            shell.err(&format!("ERROR: {text}\n"));
            return 1;
        }
        if version.at_least(0, 11) {
            shell.err(&format!("#1 [internal] pushing {reference}\n#1 0.000 pushing {digest} to {reference}\n#1 DONE 0.8s\n"));
        } else {
            shell.err(&format!("{digest}\n"));
        }
        let line = shell.world.mark.line;
        shell.world.push(Pushed {
            reference: reference.to_string(),
            digest: digest.clone(),
            platforms: platforms.clone(),
            is_index: true,
            attested,
            oci,
            line,
        });
    }
    0
}

/// What a merge depends on besides its sources.
fn note_versions(shell: &mut Shell<'_, '_>, version: Version, oci: bool) {
    let kind = if oci {
        "an OCI index"
    } else {
        "a Docker manifest list"
    };
    shell.world.note(
        "imagetools-docker-mediatype",
        format!("buildx {version} makes {kind} of these sources; other versions may not"),
    );
    if !version.at_least(0, 22) {
        shell.world.note(
            "child-by-tag-race",
            format!("buildx {version} pushes each source under the tag before the index"),
        );
    }
}

/// Tells that a reference is a build cache, which has no platforms.
pub(in crate::ci::commands) fn note_cache(shell: &mut Shell<'_, '_>, name: &str) {
    if shell.world.registries.caches.contains(name) {
        shell.world.note_facts(
            "verify-cache-ref",
            format!("{name} holds a build cache, not an image"),
            &[("reference", name)],
        );
    }
}

fn same_repository(left: &str, right: &str) -> bool {
    let repository = |name: &str| name.parse::<Reference>().map(|r| r.name());
    matches!((repository(left), repository(right)), (Ok(l), Ok(r)) if l == r)
}

fn inspect(shell: &mut Shell<'_, '_>, arguments: &Arguments, names: &[String]) -> i32 {
    let Some(name) = names.first() else {
        return 1;
    };
    let name = full(name);
    note_cache(shell, &name);
    if shell.world.sees_old(&name) {
        shell.err(&format!("ERROR: {name}: not found\n"));
        return 1;
    }
    let Some(pushed) = super::manifest::find(shell, &name) else {
        let is_own = shell
            .world
            .pushed
            .iter()
            .any(|p| same_repository(&p.reference, &name));
        if is_own || name.starts_with("registry.invalid") {
            shell.err(&format!("ERROR: {name}: not found\n"));
            return 1;
        }
        shell.world.exact = false;
        shell.world.reason(format!(
            "{name} was not pushed by this job; what it holds is not known"
        ));
        return 0;
    };
    if arguments.is_set("raw") {
        let text = raw(&pushed);
        shell.out(&text);
        return 0;
    }
    if let Some(format) = arguments.get("format") {
        if format.contains("Digest") && !format.contains("json") {
            shell.out(&format!("{}\n", pushed.digest));
        } else {
            let text = raw(&pushed);
            shell.world.exact = false;
            shell.out(&format!("{text}\n"));
        }
        return 0;
    }
    let media_type = if pushed.is_index {
        "application/vnd.oci.image.index.v1+json"
    } else {
        "application/vnd.oci.image.manifest.v1+json"
    };
    let mut text = format!(
        "Name:      {name}\nMediaType: {media_type}\nDigest:    {}\n",
        pushed.digest
    );
    if pushed.is_index {
        text.push_str("\nManifests:\n");
        for platform in &pushed.platforms {
            let _ = write!(
                text,
                "  Name:        {name}\n  MediaType:   application/vnd.oci.image.manifest.v1+json\n  Platform:    {}\n\n",
                platform.specifier()
            );
        }
    }
    shell.out(&text);
    0
}

/// An index in outline: its entries' platforms, attestations included.
pub(super) fn raw(pushed: &Pushed) -> String {
    let entry = |os: &str, architecture: &str| {
        format!(
            "{{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"platform\":{{\"architecture\":\"{architecture}\",\"os\":\"{os}\"}}}}"
        )
    };
    let mut entries: Vec<String> = pushed
        .platforms
        .iter()
        .map(|p| entry(&p.os, &p.architecture))
        .collect();
    if pushed.attested {
        entries.extend(pushed.platforms.iter().map(|_| entry("unknown", "unknown")));
    }
    format!(
        "{{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[{}]}}",
        entries.join(",")
    )
}
