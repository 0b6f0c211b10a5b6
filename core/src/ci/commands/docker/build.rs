//! `docker buildx build`, `docker build`, and what bake targets and actions share with them.

use std::fmt::Write as _;

use super::build_checks::{failed, failed_to_solve, refused};
use super::build_flags::{FLAGS, Spec};
use super::build_log::Log;
use super::{Client, buildx, buildx_version};
use crate::ci::build::{Invocation, Verdict};
use crate::ci::commands::Arguments;
use crate::ci::shell::Shell;
use crate::ci::world::registry::Kind;
use crate::ci::world::{Attempt, LocalImage, Pushed, daemon};
use crate::environment::{Driver, Environment, ImageStore, Version};
use crate::platform::Platform;
use crate::reference::{DOCKER_HUB, Reference};

pub(super) fn buildx_build(
    shell: &mut Shell<'_, '_>,
    client: &Client,
    version: Version,
    words: &[String],
) -> i32 {
    let arguments = Arguments::parse(words, FLAGS, true);
    if let Some(flag) = &arguments.unknown {
        let flag = flag.clone();
        return super::unknown_flag(shell, &flag, "docker buildx build");
    }
    if let Some(flag) = &arguments.incomplete {
        shell.err(&format!("ERROR: flag needs an argument: {flag}\n"));
        return 1;
    }
    if arguments.rest.len() != 1 {
        let text = if version.at_least(0, 20) {
            "docker buildx build"
        } else {
            "\"docker buildx build\""
        };
        shell.err(&format!(
            "ERROR: {text} requires {} argument\n",
            if version.at_least(0, 20) {
                "1"
            } else {
                "exactly 1"
            }
        ));
        shell.world.exact = false;
        return 1;
    }
    let spec = Spec::from_arguments(shell, &arguments);
    execute(shell, client, version, spec)
}

pub(super) fn docker_build(shell: &mut Shell<'_, '_>, client: &Client, words: &[String]) -> i32 {
    let wants = shell
        .variables
        .exported("DOCKER_BUILDKIT")
        .map(str::to_owned);
    let plugin = buildx_version(shell);
    let uses_buildkit = match wants.as_deref() {
        Some("0" | "false") => false,
        Some(_) => true,
        None => client.version.major >= 23,
    };
    match plugin {
        Some(version) if uses_buildkit => {
            shell.world.tools.buildx = Some(version);
            buildx_build(shell, client, version, words)
        }
        None if client.version.major >= 23 && wants.as_deref() == Some("1") => {
            shell.world.note(
                "buildkit-no-buildx",
                "DOCKER_BUILDKIT=1 asks for BuildKit, but the CLI has no buildx plugin",
            );
            shell.err("ERROR: BuildKit is enabled but the buildx component is missing or broken.\n       Install the buildx component to build images with BuildKit:\n       https://docs.docker.com/go/buildx/\n");
            1
        }
        None if client.version.major >= 23 => {
            shell.world.note("legacy-builder-fallback", "without the buildx plugin, docker build uses the legacy builder: one platform, no automatic platform arguments");
            shell.err("DEPRECATED: The legacy builder is deprecated and will be removed in a future release.\n            Install the buildx component to build images with BuildKit:\n            https://docs.docker.com/go/buildx/\n\n");
            legacy(shell, client, words)
        }
        // BuildKit in the daemon, driven by the CLI itself.
        None if uses_buildkit => buildx_build(shell, client, Version::new(0, 8, 0), words),
        Some(_) | None => legacy(shell, client, words),
    }
}

/// The builder before BuildKit: one platform, into the daemon's store.
fn legacy(shell: &mut Shell<'_, '_>, client: &Client, words: &[String]) -> i32 {
    let arguments = Arguments::parse(words, FLAGS, true);
    let at = match super::need_daemon(shell, client) {
        Ok(at) => at,
        Err(status) => return status,
    };
    let mut spec = Spec::from_arguments(shell, &arguments);
    let Some(mut environment) = shell.world.environment_of_daemon(at, "default") else {
        return 1;
    };
    environment.driver = Driver::Legacy;
    environment.buildx = None;
    if spec.invocation.platforms.len() > 1 {
        shell.err(&format!(
            "{:?}: unknown operating system or architecture: invalid argument\n",
            spec.invocation.platforms.join(",")
        ));
        return 1;
    }
    if let Err(text) = load_context(shell, &mut spec) {
        shell.err(&format!("{text}\n"));
        return 1;
    }
    let verdict = shell.world.build(spec.invocation.clone(), environment);
    shell.out("Sending build context to Docker daemon  2.048kB\n");
    if let Some(failure) = &verdict.failure {
        shell.err(&format!("{}\n", failure.text));
        return 1;
    }
    keep_locally(shell, &spec.invocation, &verdict);
    for tag in &spec.invocation.tags {
        shell.out(&format!("Successfully tagged {tag}\n"));
    }
    0
}

/// Runs a build from the choice of the builder to the push.
pub(in crate::ci) fn execute(
    shell: &mut Shell<'_, '_>,
    client: &Client,
    version: Version,
    mut spec: Spec,
) -> i32 {
    let mut log = Log::new();
    let environment = match environment(shell, client, &spec) {
        Ok(environment) => environment,
        Err(status) => return status,
    };
    spec.invocation.attests = attests(shell, &spec.invocation, &environment, version);
    let loaded = load_context(shell, &mut spec);
    shell.world.attempts.push(Attempt {
        invocation: spec.invocation.clone(),
        environment: environment.clone(),
    });
    if let Some(text) = refused(shell, &spec, &environment, version) {
        shell.err(&text);
        return 1;
    }
    if let Err(text) = &loaded
        && text.starts_with("unable")
    {
        shell.err(&failed(version, text));
        return 1;
    }
    warn_no_output(shell, &spec.invocation, &environment, version);
    log.head(&environment, version);
    if environment.driver != Driver::Docker {
        let name = environment.builder.clone();
        let done = boot(shell, &name, &mut log.vertex, &mut log.text);
        if let Err(status) = done {
            shell.err(&log.text);
            return status;
        }
    }
    if let Err(text) = loaded {
        let name = format!(
            "[internal] load build definition from {}",
            spec.invocation.dockerfile_name
        );
        shell.world.note(
            "dockerfile-missing",
            format!(
                "there is no {} in the build context",
                spec.invocation.dockerfile_name
            ),
        );
        log.vertex(&name, &["transferring dockerfile: 2B done".to_owned()], 0.0);
        shell.err(&log.text);
        shell.err(&failed_to_solve(version, &text));
        return 1;
    }
    let environment = current_environment(shell, environment);
    spec.invocation.context_is_known &= !shell.world.files_are_guessed;
    if let Some(last) = shell.world.attempts.last_mut() {
        last.environment = environment.clone();
    }
    let verdict = shell
        .world
        .build(spec.invocation.clone(), environment.clone());
    if spec.only_checks {
        return checked(shell, &verdict);
    }
    let verdict = verdict.completed(&spec.invocation);
    let hub = shell.world.credentials.contains_key(DOCKER_HUB);
    log.definition(&spec.invocation, environment.buildkit, hub, &verdict);
    log.steps(&verdict);
    if verdict.failure.is_some() {
        if verdict.failure.as_ref().is_some_and(|f| f.no_emulator) {
            explain_no_emulator(shell, &environment);
        }
        log.failure(&spec.invocation, &verdict, version);
        shell.err(&log.text);
        pass(shell, log);
        return 1;
    }
    let status = finish(shell, &spec, &environment, &verdict, version, &mut log);
    shell.err(&log.text);
    warn_lint(shell, &verdict);
    pass(shell, log);
    status
}

/// Lets the time of a build pass and keeps its parts for the timeline.
fn pass(shell: &mut Shell<'_, '_>, log: Log) {
    let began = shell.world.clock;
    for mut activity in log.activities {
        activity.start += began;
        shell.world.activities.push(activity);
    }
    shell.world.pass(log.seconds);
}

/// `--check`: nothing is exported; warnings make the exit status.
fn checked(shell: &mut Shell<'_, '_>, verdict: &Verdict) -> i32 {
    if verdict.warnings.is_empty() {
        shell.out("Check complete, no warnings found.\n");
        return 0;
    }
    shell.world.exact = false;
    warn_lint(shell, verdict);
    1
}

fn explain_no_emulator(shell: &mut Shell<'_, '_>, environment: &Environment) {
    let who = match environment.driver {
        Driver::Docker => "dockerd carries no emulator of its own",
        Driver::DockerContainer | Driver::Kubernetes | Driver::Remote | Driver::Legacy => {
            "this buildkitd carries no emulator for the platform"
        }
    };
    shell.world.note(
        "emu-none",
        format!(
            "a RUN for another CPU has nothing to run it: {who}, and the kernel has no binfmt entry"
        ),
    );
    shell.world.reason(format!(
        "binfmt: {}; {who}",
        if environment.binfmt.is_empty() {
            "none".to_owned()
        } else {
            environment.binfmt.join(", ")
        }
    ));
}

/// BuildKit's lint, as buildx prints it behind the log.
fn warn_lint(shell: &mut Shell<'_, '_>, verdict: &Verdict) {
    let count = verdict.warnings.len();
    if count == 0 {
        return;
    }
    let head = if count == 1 {
        "\n 1 warning found (use docker --debug to expand):\n".to_owned()
    } else {
        format!("\n {count} warnings found (use docker --debug to expand):\n")
    };
    let mut lines = String::new();
    for (line, rule, message) in &verdict.warnings {
        let _ = writeln!(lines, " - {rule}: {message} (line {line})");
    }
    shell.err(&format!("{head}{lines}"));
}

/// The builder in force, or the exit status after buildx's message.
fn environment(
    shell: &mut Shell<'_, '_>,
    client: &Client,
    spec: &Spec,
) -> Result<Environment, i32> {
    match buildx::chosen(shell, spec.builder.as_deref()).filter(|name| name != "default") {
        Some(name) if shell.world.builders.contains_key(&name) => {
            let builder = buildx::find(shell, &name)?;
            Ok(shell.world.environment_of(&builder))
        }
        Some(name) if shell.world.contexts.contains_key(&name) => docker_driver(shell, Some(name)),
        Some(name) => {
            buildx::find(shell, &name)?;
            Err(1)
        }
        None => docker_driver(shell, client.context.clone()),
    }
}

fn docker_driver(shell: &mut Shell<'_, '_>, context: Option<String>) -> Result<Environment, i32> {
    match daemon::reach(shell, context.as_deref()) {
        Ok(at) => {
            let name = context.unwrap_or_else(|| shell.world.current_context.clone());
            shell.world.environment_of_daemon(at, &name).ok_or(1)
        }
        Err(refused) => {
            shell.err(&format!("ERROR: {}\n", refused.text));
            Err(1)
        }
    }
}

fn current_environment(shell: &Shell<'_, '_>, environment: Environment) -> Environment {
    match shell.world.builders.get(&environment.builder) {
        Some(builder) if environment.driver != Driver::Docker => {
            shell.world.environment_of(builder)
        }
        _ => environment,
    }
}

/// Starts a builder's container if it does not run yet.
pub(super) fn boot(
    shell: &mut Shell<'_, '_>,
    name: &str,
    vertex: &mut usize,
    text: &mut String,
) -> Result<(), i32> {
    let Some(builder) = shell.world.builders.get(name).cloned() else {
        return Err(1);
    };
    if builder.booted {
        return Ok(());
    }
    if builder.driver == Driver::DockerContainer {
        let mut log = Log::new();
        log.text = std::mem::take(text);
        log.vertex = *vertex;
        let image = builder
            .image
            .as_deref()
            .unwrap_or("moby/buildkit:buildx-stable-1");
        let container = format!(
            "buildx_buildkit_{}",
            builder.nodes.first().map_or(name, |n| n.name.as_str())
        );
        log.vertex(
            "[internal] booting buildkit",
            &[
                format!("pulling image {image}"),
                format!("pulling image {image} 2.4s done"),
                format!("creating container {container}"),
                format!("creating container {container} 0.5s done"),
            ],
            2.9,
        );
        *vertex = log.vertex;
        *text = std::mem::take(&mut log.text);
        pass(shell, log);
    }
    let binfmt = shell.world.binfmt.clone();
    if let Some(builder) = shell.world.builders.get_mut(name) {
        builder.booted = true;
        builder.booted_binfmt = binfmt;
    }
    shell.world.change();
    Ok(())
}

/// Whether attestations are attached: asked for, or by default where the versions do so.
fn attests(
    shell: &Shell<'_, '_>,
    build: &Invocation,
    environment: &Environment,
    version: Version,
) -> bool {
    let off = |value: &Option<String>| value.as_deref() == Some("false");
    let on = |value: &Option<String>| value.is_some() && !off(value);
    if on(&build.sbom) || on(&build.provenance) {
        return true;
    }
    let by_default = version.at_least(0, 10)
        && environment.buildkit.at_least(0, 11)
        && (environment.driver != Driver::Docker || environment.store == ImageStore::Containerd)
        && shell
            .variables
            .exported("BUILDX_NO_DEFAULT_ATTESTATIONS")
            .is_none_or(|v| v.is_empty() || v == "0" || v == "false");
    let loads_plainly = build.load && environment.store != ImageStore::Containerd;
    by_default && !off(&build.provenance) && !loads_plainly
}

fn warn_no_output(
    shell: &mut Shell<'_, '_>,
    build: &Invocation,
    environment: &Environment,
    version: Version,
) {
    let has_output = build.push || build.load || !build.outputs.is_empty();
    if environment.driver == Driver::Docker || has_output {
        return;
    }
    shell.world.note(
        "no-output",
        "the result stays in the builder's cache: nothing is pushed or loaded",
    );
    let word = if version.at_least(0, 9) {
        "with"
    } else {
        "for"
    };
    let prefix = if version.at_least(0, 11) {
        "WARNING: "
    } else {
        "WARN[0000] "
    };
    shell.err(&format!(
        "{prefix}No output specified {word} {} driver. Build result will only remain in the build cache. To push result image into registry use --push or to load image into docker use --load\n",
        environment.driver
    ));
}

/// Reads the context and the Dockerfile; the error is buildx's or BuildKit's text.
fn load_context(shell: &mut Shell<'_, '_>, spec: &mut Spec) -> Result<(), String> {
    let typed = spec.context.clone();
    let is_remote =
        typed.contains("://") || typed.starts_with("git@") || typed.starts_with("github.com/");
    let folder = shell.path(&typed);
    if typed == "-" {
        spec.invocation.dockerfile = shell.read_all();
        "Dockerfile".clone_into(&mut spec.invocation.dockerfile_name);
        return Ok(());
    }
    if is_remote {
        shell.world.exact = false;
        shell.world.reason(format!(
            "the context {typed} is not fetched; the project's own files stand in"
        ));
    } else if !shell.world.files.is_directory(&folder) && folder != shell.directory() {
        return Err(format!(
            "unable to prepare context: path {typed:?} not found"
        ));
    }
    let root = if is_remote {
        shell.directory().to_owned()
    } else {
        folder
    };
    spec.invocation.context = shell.world.files.below(&root);
    spec.invocation.context_is_known = !is_remote;
    let name = match &spec.file {
        Some(name) if name == "-" => {
            spec.invocation.dockerfile = shell.read_all();
            "Dockerfile".clone_into(&mut spec.invocation.dockerfile_name);
            return Ok(());
        }
        Some(name) => shell.path(name),
        None => format!("{}/Dockerfile", root.trim_end_matches('/')),
    };
    let prefix = format!("{}/", root.trim_end_matches('/'));
    name.strip_prefix(&prefix)
        .unwrap_or(&name)
        .clone_into(&mut spec.invocation.dockerfile_name);
    if let Some(text) = spec.inline.clone() {
        spec.invocation.dockerfile = text;
        return Ok(());
    }
    if let Some(text) = shell.world.files.text(&name) {
        spec.invocation.dockerfile = text;
        Ok(())
    } else {
        let short = spec
            .invocation
            .dockerfile_name
            .rsplit('/')
            .next()
            .unwrap_or("Dockerfile");
        Err(format!(
            "failed to read dockerfile: open {short}: no such file or directory"
        ))
    }
}

/// Exports and pushes.
fn finish(
    shell: &mut Shell<'_, '_>,
    spec: &Spec,
    environment: &Environment,
    verdict: &Verdict,
    version: Version,
    log: &mut Log,
) -> i32 {
    let build = &spec.invocation;
    let references: Vec<Reference> = build
        .tags
        .iter()
        .filter_map(|t| t.parse().ok())
        .map(Reference::with_default_tag)
        .collect();
    let names: Vec<String> = references.iter().map(Reference::to_string).collect();
    let to_file = build.outputs.iter().any(|o| {
        o.contains("type=oci")
            || o.contains("type=local")
            || o.contains("type=tar")
            || o.contains("dest=")
    });
    if build.push {
        let began = log.seconds;
        let n = log.export(verdict, environment, &names);
        for reference in &references {
            if let Err(status) = push_one(
                shell,
                spec,
                environment,
                verdict,
                version,
                log,
                n,
                reference,
            ) {
                return status;
            }
        }
        let seconds = log.seconds - began;
        log.line(n, &format!("DONE {seconds:.1}s"));
    } else if to_file {
        let kind = if build.outputs.iter().any(|o| o.contains("type=oci")) {
            "exporting to oci image format"
        } else {
            "exporting to client directory"
        };
        log.vertex(kind, &["sending tarball 0.3s done".to_owned()], 0.4);
    } else if build.load || environment.driver == Driver::Docker {
        let n = log.export(verdict, environment, &names);
        log.line(n, "DONE 0.3s");
    }
    if build.load || environment.driver == Driver::Docker {
        keep_locally(shell, build, verdict);
    }
    for cache in &build.cache_to {
        export_cache(cache, log);
    }
    write_metadata(shell, spec, verdict);
    0
}

fn export_cache(cache: &str, log: &mut Log) {
    let kind = cache
        .split(',')
        .find_map(|p| p.trim().strip_prefix("type="))
        .unwrap_or("registry");
    let name = match kind {
        "gha" => "exporting to GitHub Actions Cache",
        "inline" => "exporting inline cache",
        "local" => "exporting cache to client directory",
        _ => "exporting cache to registry",
    };
    log.text.push('\n');
    log.vertex(name, &["preparing build cache for export".to_owned()], 1.0);
}

#[expect(
    clippy::too_many_arguments,
    reason = "one call site; the parts of one push"
)]
fn push_one(
    shell: &mut Shell<'_, '_>,
    spec: &Spec,
    environment: &Environment,
    verdict: &Verdict,
    version: Version,
    log: &mut Log,
    n: usize,
    reference: &Reference,
) -> Result<(), i32> {
    let full = reference.to_string();
    let host = &reference.host;
    let auth =
        shell
            .world
            .credentials
            .contains_key(host)
            .then(|| match shell.world.registry_kind(host) {
                Kind::DockerHub => format!(
                    "[auth] {}:pull,push token for registry-1.docker.io",
                    reference.path
                ),
                Kind::Ecr => format!("[auth] sharing credentials for {host}"),
                Kind::Ghcr | Kind::GitLab | Kind::ArtifactRegistry | Kind::Other => {
                    format!("[auth] {}:pull,push token for {host}", reference.path)
                }
            });
    if let Some(refusal) = shell.world.refusal(reference, environment.buildkit) {
        log.push_refused(
            n,
            &format!("failed to push {full}: {refusal}"),
            auth.as_deref(),
            version,
        );
        return Err(1);
    }
    let Some(root) = verdict.root().cloned() else {
        return Ok(());
    };
    log.push(n, &full, &root, auth.as_deref());
    let platforms: Vec<Platform> = verdict.images.iter().map(|i| i.platform.clone()).collect();
    let name = if spec.invocation.by_digest {
        reference.at(&root).to_string()
    } else {
        full
    };
    shell.world.push(Pushed {
        reference: name,
        digest: root,
        platforms,
        is_index: verdict.index.is_some(),
        attested: spec.invocation.attests,
        line: spec.invocation.line,
    });
    Ok(())
}

pub(super) fn keep_locally(shell: &mut Shell<'_, '_>, build: &Invocation, verdict: &Verdict) {
    for tag in &build.tags {
        let Ok(reference) = tag.parse::<Reference>() else {
            continue;
        };
        let image = LocalImage {
            platforms: verdict.images.iter().map(|i| i.platform.clone()).collect(),
            digest: verdict.root().cloned(),
            attested: build.attests,
        };
        shell
            .world
            .images
            .insert(reference.with_default_tag().to_string(), image);
        shell.world.change();
    }
}

fn write_metadata(shell: &mut Shell<'_, '_>, spec: &Spec, verdict: &Verdict) {
    let Some(root) = verdict.root() else {
        return;
    };
    if let Some(name) = &spec.metadata_file {
        let path = shell.path(name);
        let mut document = serde_json::Map::new();
        document.insert("containerimage.digest".to_owned(), root.as_str().into());
        document.insert(
            "image.name".to_owned(),
            spec.invocation.tags.join(",").into(),
        );
        let text =
            serde_json::to_string_pretty(&serde_json::Value::Object(document)).unwrap_or_default();
        shell.world.files.write(&path, &text);
    }
    if let Some(name) = &spec.iid_file {
        let path = shell.path(name);
        shell.world.files.write(&path, root.as_str());
    }
}
