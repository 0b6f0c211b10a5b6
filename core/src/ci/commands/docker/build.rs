//! `docker buildx build`, `docker build`, and what bake targets and actions share with them.

use std::fmt::Write as _;

use super::boot::boot;
use super::build_checks::{failed, failed_to_solve, refused};
use super::build_emulated::{EMULATOR, NO_INTERPRETER, emulated_work, unfixed};
use super::build_flags::{FLAGS, Spec};
use super::build_log::Log;
use super::build_push::{Export, keep_locally};
use super::{Client, buildx, buildx_version};
use crate::ci::build::{Failure, Invocation, Verdict};
use crate::ci::commands::Arguments;
use crate::ci::shell::Shell;
use crate::ci::world::{Attempt, daemon};
use crate::environment::{Driver, Environment, ImageStore, Version};
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
    let mut log = Log::new(shell.world.settings.cost);
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
        if let Err(status) = boot(shell, &name, &mut log, version) {
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
    let mut verdict = verdict.completed(&spec.invocation);
    unfixed(shell, &environment, &mut verdict);
    let hub = shell.world.credentials.contains_key(DOCKER_HUB);
    log.definition(&spec.invocation, environment.buildkit, hub, &verdict);
    import_caches(shell, &spec.invocation, &mut log);
    log.steps(&verdict);
    if let Some(failure) = &verdict.failure {
        if failure.no_emulator {
            explain_no_emulator(shell, &environment, failure);
        } else if failure.text.contains(EMULATOR) {
            shell.world.note(
                "emu-run-fail-text",
                "the step that fails ran under the emulator that BuildKit brings along",
            );
        }
        log.failure(&spec.invocation, &verdict, version);
        shell.err(&log.text);
        pass(shell, &mut log);
        return 1;
    }
    let export = Export {
        spec: &spec,
        environment: &environment,
        verdict: &verdict,
        version,
    };
    let status = export.finish(shell, &mut log);
    emulated_work(shell, &spec.invocation, &environment, &verdict, &log);
    shell.err(&log.text);
    warn_lint(shell, &verdict);
    pass(shell, &mut log);
    shell.world.date_pushes(spec.invocation.line);
    status
}

/// Lets the time of a build pass and keeps its parts for the timeline.
pub(super) fn pass(shell: &mut Shell<'_, '_>, log: &mut Log) {
    let began = shell.world.clock;
    for mut activity in std::mem::take(&mut log.activities) {
        activity.start += began;
        shell.world.activities.push(activity);
    }
    shell.world.pass(log.seconds);
    log.seconds = 0.0;
}

/// The caches to read from; a reference that nobody has written yet is no reason to stop.
fn import_caches(shell: &mut Shell<'_, '_>, build: &Invocation, log: &mut Log) {
    for cache in &build.cache_from {
        let typed = cache
            .split(',')
            .find_map(|part| part.trim().strip_prefix("ref="))
            .or(Some(cache.as_str()).filter(|c| !c.contains('=')));
        let Some(Ok(reference)) = typed.map(str::parse::<Reference>) else {
            continue;
        };
        let reference = reference.with_default_tag().to_string();
        let name = format!("importing cache manifest from {reference}");
        let registries = &shell.world.registries;
        if registries.caches.contains(&reference) || registries.tags.contains_key(&reference) {
            log.vertex(&name, &[], 0.4);
            continue;
        }
        let text = format!("failed to configure registry cache importer: {reference}: not found");
        log.broken(&name, &[], &text, 0.4);
        shell.world.note_facts(
            "cache-first-run",
            format!("on the first run {reference} does not exist yet"),
            &[("reference", &reference)],
        );
    }
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

fn explain_no_emulator(shell: &mut Shell<'_, '_>, environment: &Environment, failure: &Failure) {
    if failure.text.starts_with("no support") {
        shell.world.note(
            "qemu-illegal-insn",
            "a RUN asks for a level of amd64 that neither this machine nor BuildKit's emulator has",
        );
        return;
    }
    if failure.output.iter().any(|l| l.ends_with(NO_INTERPRETER)) {
        return;
    }
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
pub(in crate::ci) fn load_context(
    shell: &mut Shell<'_, '_>,
    spec: &mut Spec,
) -> Result<(), String> {
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
