//! Builders without a Docker daemon: buildah, podman, kaniko, and manifest-tool.
//!
//! What they build is answered as every build is; of emulation they know the kernel's alone.
//! Models buildah 1.33 to 1.41, podman 4 and 5, kaniko 1.23 and manifest-tool 2. The logs are in
//! outline, so a failing step is marked as not exact.

use super::Arguments;
use super::arguments::Flag;
use super::docker::actions::{self, Spec};
use crate::ci::build::{Invocation, Verdict};
use crate::ci::shell::Shell;
use crate::ci::world::{Credential, LocalImage, Pushed};
use crate::digest::Digest;
use crate::environment::{BUILDKIT_NEWEST, Driver, Environment};
use crate::platform::Platform;
use crate::reference::Reference;

const FLAGS: &[Flag] = &[
    ("platform", ' ', true),
    ("arch", ' ', true),
    ("os", ' ', true),
    ("variant", ' ', true),
    ("manifest", ' ', true),
    ("tag", 't', true),
    ("file", 'f', true),
    ("build-arg", ' ', true),
    ("target", ' ', true),
    ("format", ' ', true),
    ("layers", ' ', false),
    ("jobs", ' ', true),
    ("no-cache", ' ', false),
    ("pull", ' ', false),
    ("isolation", ' ', true),
    ("storage-driver", ' ', true),
    ("all", ' ', false),
    ("rm", ' ', false),
    ("tls-verify", ' ', false),
    ("authfile", ' ', true),
    ("creds", ' ', true),
    ("amend", 'a', false),
    ("label", ' ', true),
    ("annotation", ' ', true),
    ("digestfile", ' ', true),
    ("quiet", 'q', false),
];

const KANIKO: &[Flag] = &[
    ("context", 'c', true),
    ("dockerfile", 'f', true),
    ("destination", 'd', true),
    ("custom-platform", ' ', true),
    ("customPlatform", ' ', true),
    ("build-arg", ' ', true),
    ("target", ' ', true),
    ("no-push", ' ', false),
    ("cache", ' ', false),
    ("cache-repo", ' ', true),
    ("digest-file", ' ', true),
    ("cleanup", ' ', false),
    ("verbosity", 'v', true),
];

/// buildah and podman, as far as they build and push; `None` for their other commands.
pub(super) fn run(shell: &mut Shell<'_, '_>, words: &[String]) -> Option<i32> {
    let arguments = Arguments::parse(words, FLAGS, true);
    let rest: Vec<&str> = arguments.rest.iter().map(String::as_str).collect();
    Some(match rest.as_slice() {
        ["build" | "bud", context @ ..] | ["image", "build", context @ ..] => {
            let context = context.first().copied().unwrap_or(".").to_owned();
            build(shell, &arguments, context)
        }
        ["manifest", "create", list, members @ ..] => {
            let members: Vec<String> = members.iter().map(|m| (*m).to_owned()).collect();
            add(shell, list, &members)
        }
        ["manifest", "add", list, members @ ..] => {
            let members: Vec<String> = members.iter().map(|m| (*m).to_owned()).collect();
            add(shell, list, &members)
        }
        ["manifest", "push", list, to @ ..] => push(shell, list, to.first().copied(), true),
        ["push", image, to @ ..] | ["image", "push", image, to @ ..] => {
            push(shell, image, to.first().copied(), false)
        }
        ["tag", from, to] => {
            let found = shell.world.images.get(&full(from)).cloned();
            let Some(image) = found else {
                shell.err(&format!("Error: {from}: image not known\n"));
                return Some(125);
            };
            shell.world.images.insert(full(to), image);
            shell.world.change();
            0
        }
        _ => return None,
    })
}

/// The full reference behind a name, without a transport.
fn full(name: &str) -> String {
    let name = name.strip_prefix("docker://").unwrap_or(name);
    name.parse::<Reference>()
        .map_or_else(|_| name.to_owned(), |r| r.with_default_tag().to_string())
}

/// A machine with its kernel, and nothing of BuildKit.
fn machine(shell: &Shell<'_, '_>) -> Environment {
    Environment {
        driver: Driver::Legacy,
        docker_cli: None,
        dockerd: None,
        buildx: None,
        binfmt: shell.world.binfmt.iter().cloned().collect(),
        emulators: Vec::new(),
        nodes: vec![crate::environment::Node {
            name: "local".to_owned(),
            endpoint: "local".to_owned(),
            platforms: vec![Platform::new("linux", &shell.world.settings.arch)],
        }],
        ..Environment::newest()
    }
}

fn build(shell: &mut Shell<'_, '_>, arguments: &Arguments, context: String) -> i32 {
    let mut platforms: Vec<String> = arguments
        .all("platform")
        .iter()
        .flat_map(|p| p.split(','))
        .map(|p| p.trim().to_owned())
        .collect();
    if let Some(arch) = arguments.get("arch").filter(|_| platforms.is_empty()) {
        let variant = arguments.get("variant").map(|v| format!("/{v}"));
        platforms.push(format!("linux/{arch}{}", variant.unwrap_or_default()));
    }
    let pairs = arguments.all("build-arg").iter();
    let spec = Spec {
        invocation: Invocation {
            platforms,
            tags: arguments.all("tag").to_vec(),
            build_args: pairs
                .filter_map(|p| p.split_once('='))
                .map(|(k, v)| (k.to_owned(), v.to_owned()))
                .collect(),
            target: arguments.get("target").map(str::to_owned),
            line: shell.world.mark.line,
            ..Invocation::default()
        },
        context,
        file: arguments.get("file").map(str::to_owned),
        ..Spec::default()
    };
    let verdict = match answered(shell, spec) {
        Ok(verdict) => verdict,
        Err(status) => return status,
    };
    let image = LocalImage {
        platforms: verdict.images.iter().map(|i| i.platform.clone()).collect(),
        digest: verdict.root().cloned(),
        attested: false,
    };
    if let Some(list) = arguments.get("manifest") {
        let name = full(list);
        let mut all = shell
            .world
            .images
            .get(&name)
            .cloned()
            .unwrap_or(LocalImage {
                platforms: Vec::new(),
                ..image.clone()
            });
        all.platforms.extend(image.platforms);
        shell.world.images.insert(name, all);
    } else {
        // A tag is one image: of several platforms the last one keeps it.
        let last = image.platforms.last().cloned();
        for tag in arguments.all("tag") {
            let own = LocalImage {
                platforms: last.iter().cloned().collect(),
                ..image.clone()
            };
            shell.world.images.insert(full(tag), own);
        }
        if image.platforms.len() > 1 {
            shell.world.note(
                "last-push-wins",
                "without --manifest the tag keeps the last platform only",
            );
            shell
                .world
                .reason("--tag names one image; --manifest collects those of all platforms");
        }
    }
    shell.world.change();
    0
}

/// A build's answer, or the exit status after what it prints.
fn answered(shell: &mut Shell<'_, '_>, mut spec: Spec) -> Result<Verdict, i32> {
    if let Err(text) = actions::load_context(shell, &mut spec) {
        shell.world.exact = false;
        shell.err(&format!("Error: {text}\n"));
        return Err(125);
    }
    spec.invocation.context_is_known &= !shell.world.files_are_guessed;
    let environment = machine(shell);
    shell.world.attempts.push(crate::ci::world::Attempt {
        invocation: spec.invocation.clone(),
        environment: environment.clone(),
    });
    let verdict = shell
        .world
        .build(spec.invocation.clone(), environment)
        .completed(&spec.invocation);
    for (number, step) in verdict.steps.iter().enumerate() {
        shell.out(&format!("STEP {}: {}\n", number + 1, step.name));
    }
    shell.world.pass(10.0);
    let Some(failure) = &verdict.failure else {
        return Ok(verdict);
    };
    if failure.no_emulator {
        shell.world.note(
            "emu-none",
            "a RUN for another CPU has nothing to run it: the kernel has no binfmt entry for it",
        );
    }
    shell.world.exact = false;
    let mut text = String::new();
    for line in &failure.output {
        text.push_str(line);
        text.push('\n');
    }
    shell.err(&format!(
        "{text}Error: building at STEP: {}\n",
        failure.text
    ));
    Err(1)
}

/// Puts images of this job into a list.
fn add(shell: &mut Shell<'_, '_>, list: &str, members: &[String]) -> i32 {
    let name = full(list);
    let mut all = shell
        .world
        .images
        .get(&name)
        .cloned()
        .unwrap_or(LocalImage {
            platforms: Vec::new(),
            digest: None,
            attested: false,
        });
    for member in members {
        let member = full(member);
        let tags = &shell.world.registries.tags;
        let local = shell.world.images.get(&member).map(|i| &i.platforms);
        let Some(platforms) = local.or(tags.get(&member).map(|p| &p.platforms)) else {
            shell.world.exact = false;
            shell.world.reason(format!(
                "{member} was not made by this job; it is assumed to exist"
            ));
            continue;
        };
        all.platforms.extend(platforms.iter().cloned());
    }
    shell.world.images.insert(name, all);
    shell.world.change();
    0
}

fn push(shell: &mut Shell<'_, '_>, image: &str, to: Option<&str>, is_list: bool) -> i32 {
    let Some(local) = shell.world.images.get(&full(image)).cloned() else {
        shell.err(&format!("Error: {image}: image not known\n"));
        return 125;
    };
    let target = to.unwrap_or(image);
    let Ok(reference) = full(target).parse::<Reference>() else {
        return super::assume(shell, "push");
    };
    publish(
        shell,
        &reference,
        &local.platforms,
        is_list || local.platforms.len() > 1,
    )
}

fn publish(
    shell: &mut Shell<'_, '_>,
    reference: &Reference,
    platforms: &[Platform],
    is_index: bool,
) -> i32 {
    shell.world.pass(5.0);
    let refusal = shell.world.refusal(reference, BUILDKIT_NEWEST);
    if let Some(text) = refusal.or_else(|| shell.world.immutable(reference, false)) {
        shell.world.exact = false;
        shell.err(&format!("Error: writing manifest to {reference}: {text}\n"));
        return 125;
    }
    let list: Vec<String> = platforms.iter().map(ToString::to_string).collect();
    let text = format!("simulated push {reference} {}", list.join(","));
    let line = shell.world.mark.line;
    shell.world.push(Pushed {
        reference: reference.to_string(),
        digest: Digest::sha256(text.as_bytes()),
        platforms: platforms.to_vec(),
        is_index,
        attested: false,
        oci: true,
        line,
    });
    shell.out("Writing manifest to image destination\n");
    0
}

/// `/kaniko/executor`: one platform, built and pushed at once.
pub(super) fn kaniko(shell: &mut Shell<'_, '_>, words: &[String]) -> i32 {
    let arguments = Arguments::parse(words, KANIKO, true);
    let platform = arguments
        .get("custom-platform")
        .or(arguments.get("customPlatform"));
    let context = arguments.get("context").unwrap_or(".");
    let spec = Spec {
        invocation: Invocation {
            platforms: platform.map(str::to_owned).into_iter().collect(),
            tags: arguments.all("destination").to_vec(),
            target: arguments.get("target").map(str::to_owned),
            line: shell.world.mark.line,
            ..Invocation::default()
        },
        context: context.strip_prefix("dir://").unwrap_or(context).to_owned(),
        file: arguments.get("dockerfile").map(str::to_owned),
        ..Spec::default()
    };
    let verdict = match answered(shell, spec) {
        Ok(verdict) => verdict,
        Err(status) => return status,
    };
    if arguments.is_set("no-push") {
        return 0;
    }
    let platforms: Vec<Platform> = verdict.images.iter().map(|i| i.platform.clone()).collect();
    for destination in arguments.all("destination").to_vec() {
        let Ok(reference) = full(&destination).parse::<Reference>() else {
            continue;
        };
        read_credentials(shell, &reference.host);
        let status = publish(shell, &reference, &platforms, false);
        if status != 0 {
            return status;
        }
    }
    0
}

/// kaniko has no login: the job writes the file that one would write.
fn read_credentials(shell: &mut Shell<'_, '_>, host: &str) {
    let names = ["/kaniko/.docker/config.json", "/root/.docker/config.json"];
    let text = names.iter().find_map(|name| shell.world.files.text(name));
    let hub = host == crate::reference::DOCKER_HUB;
    let mentions = |text: String| text.contains(host) || (hub && text.contains("index.docker.io"));
    // The credential helpers of clouds need no entry.
    let by_helper = host.contains(".dkr.ecr.") || host.ends_with("-docker.pkg.dev");
    if by_helper || text.is_some_and(mentions) {
        let user = "config.json".to_owned();
        shell
            .world
            .credentials
            .entry(host.to_owned())
            .or_insert(Credential { user });
    }
}

/// `manifest-tool push from-args --platforms A,B --template REF-ARCH --target REF`.
pub(super) fn manifest_tool(shell: &mut Shell<'_, '_>, words: &[String]) -> i32 {
    let value = |flag: &str| {
        let at = words.iter().position(|w| w == flag);
        let next = at.and_then(|at| words.get(at + 1)).cloned();
        let prefix = format!("{flag}=");
        next.or_else(|| {
            words
                .iter()
                .find_map(|w| w.strip_prefix(&prefix).map(str::to_owned))
        })
    };
    let (Some(list), Some(template), Some(target)) =
        (value("--platforms"), value("--template"), value("--target"))
    else {
        return super::assume(shell, "manifest-tool");
    };
    let mut platforms = Vec::new();
    for platform in list
        .split(',')
        .filter_map(|p| p.trim().parse::<Platform>().ok())
    {
        let source = template
            .replace("OS", &platform.os)
            .replace("ARCH", &platform.architecture)
            .replace("VARIANT", &platform.variant);
        let name = full(&source);
        let found = shell.world.registries.tags.get(&name).cloned();
        match found {
            Some(pushed) => platforms.extend(pushed.platforms),
            None if shell.world.pushed.is_empty() => {
                shell.world.exact = false;
                platforms.push(platform);
            }
            None => {
                shell.world.exact = false;
                shell.err(&format!("(manifest-tool finds no image {name})\n"));
                return 1;
            }
        }
    }
    let Ok(reference) = full(&target).parse::<Reference>() else {
        return super::assume(shell, "manifest-tool");
    };
    publish(shell, &reference, &platforms, true)
}
