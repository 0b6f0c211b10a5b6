//! What `uses:` steps do: checkout, artifacts, the actions of Docker, and our own.
//!
//! Inputs and defaults follow each action's `action.yml` at the major versions in use (checkout
//! 3-5, setup-qemu and setup-buildx 2-4, login 2-4, metadata 4-6, build-push 4-7, bake 4-7).

use std::collections::BTreeMap;

use super::action_inputs;
use super::gate_action;
use super::github_contexts::{TOKEN, WORKSPACE};
use super::metadata_action::{Event, metadata};
use crate::ci::build::Invocation;
use crate::ci::commands::actions::{self, Spec};
use crate::ci::gate;
use crate::ci::settings::architectures;
use crate::ci::shell::Shell;
use crate::ci::world::registry::{ECR_ACCOUNT, login_host};
use crate::ci::world::{Builder, BuilderNode, File};
use crate::environment::{BUILDKIT_NEWEST, Driver, Version};

/// What a `uses:` step works with.
pub(super) struct Call<'a> {
    /// `owner/name`.
    pub(super) action: &'a str,
    pub(super) with: BTreeMap<String, String>,
    pub(super) event: &'a Event,
    /// The repository's files, which checkout brings.
    pub(super) checkout: &'a BTreeMap<String, Vec<u8>>,
    pub(super) artifacts: &'a mut BTreeMap<String, Vec<(String, File)>>,
}

/// Exit status and outputs.
pub(super) struct Done {
    pub(super) status: i32,
    pub(super) outputs: Vec<(String, String)>,
}

impl Done {
    fn ok() -> Self {
        Self {
            status: 0,
            outputs: Vec::new(),
        }
    }

    fn failed(shell: &mut Shell<'_, '_>, message: &str) -> Self {
        shell.err(&format!("Error: {message}\n"));
        Self {
            status: 1,
            outputs: Vec::new(),
        }
    }
}

impl Call<'_> {
    pub(super) fn input(&self, name: &str) -> Option<&str> {
        self.with
            .get(name)
            .map(|v| v.trim())
            .filter(|v| !v.is_empty())
    }

    fn flag(&self, name: &str) -> bool {
        self.input(name)
            .is_some_and(|v| v.eq_ignore_ascii_case("true"))
    }

    /// A list by lines, or by commas where the input allows them.
    fn lines(&self, name: &str, commas: bool) -> Vec<String> {
        let text = self.input(name).unwrap_or_default();
        text.lines()
            .flat_map(|line| {
                if commas {
                    line.split(',').collect::<Vec<_>>()
                } else {
                    vec![line]
                }
            })
            .map(|item| item.trim().to_owned())
            .filter(|item| !item.is_empty() && !item.starts_with('#'))
            .collect()
    }
}

/// What the artifact service answers since version 4 (actions/upload-artifact#493).
const NAME_IS_TAKEN: &str = "Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with this name already exists on the workflow run";

pub(super) fn run(shell: &mut Shell<'_, '_>, mut call: Call<'_>) -> Done {
    shell.world.pass(1.0);
    action_inputs::check(shell, call.action, &call.with);
    match call.action {
        "actions/checkout" => checkout(shell, &call),
        "docker/setup-qemu-action" => setup_qemu(shell, &call),
        "docker/setup-buildx-action" => setup_buildx(shell, &call),
        "docker/login-action" => login(shell, &call),
        "docker/metadata-action" => metadata_step(shell, &call),
        "docker/build-push-action" => build_push(shell, &call),
        "docker/bake-action" => bake(shell, &call),
        "actions/upload-artifact" => upload(shell, &mut call),
        "actions/download-artifact" => download(shell, &call),
        "aws-actions/amazon-ecr-login" => ecr_login(shell),
        "actions/delete-package-versions" => delete_versions(shell, &call),
        "actions/cache"
        | "actions/cache/restore"
        | "actions/cache/save"
        | "actions/attest-build-provenance"
        | "actions/attest"
        | "aws-actions/configure-aws-credentials"
        | "google-github-actions/auth"
        | "azure/login"
        | "actions/setup-go"
        | "actions/setup-node"
        | "actions/setup-java"
        | "actions/setup-python"
        | "sigstore/cosign-installer"
        | "docker/setup-docker-action" => Done::ok(),
        action if gate::is_action(action) => gate_action::verify(shell, &call),
        other => {
            shell.world.exact = false;
            shell.world.files_are_guessed = true;
            shell.world.reason(format!(
                "the action {other} is not simulated; it is assumed to succeed"
            ));
            Done::ok()
        }
    }
}

fn checkout(shell: &mut Shell<'_, '_>, call: &Call<'_>) -> Done {
    let folder = call.input("path").map_or(WORKSPACE.to_owned(), |p| {
        format!("{WORKSPACE}/{}", p.trim_matches('/'))
    });
    let is_other = call.input("repository").is_some_and(|r| r != "acme/app");
    if is_other {
        shell.world.exact = false;
        shell.world.files_are_guessed = true;
        return Done::ok();
    }
    for (path, bytes) in call.checkout {
        let file = File {
            bytes: Some(bytes.clone()),
            executable: std::path::Path::new(path)
                .extension()
                .is_some_and(|e| e == "sh"),
            made: None,
        };
        shell.world.files.insert(&format!("{folder}/{path}"), file);
    }
    Done::ok()
}

fn setup_qemu(shell: &mut Shell<'_, '_>, call: &Call<'_>) -> Done {
    let native = shell.world.settings.arch.clone();
    let list: Vec<String> = architectures(call.input("platforms").unwrap_or("all"))
        .into_iter()
        .filter(|a| *a != native)
        .collect();
    let booted = shell
        .world
        .builders
        .values()
        .find(|b| b.booted)
        .map(|b| b.name.clone());
    if let Some(builder) = booted {
        shell.world.note_facts(
            "emu-after-boot",
            format!("the builder {builder} was started before, and looks for emulators only once"),
            &[("builder", &builder)],
        );
    }
    let platforms = list
        .iter()
        .map(|a| format!("linux/{a}"))
        .collect::<Vec<_>>()
        .join(",");
    shell.world.emulators.qemu = call
        .input("image")
        .and_then(|image| actions::qemu_of(&crate::ci::world::toolbox::split(image).1));
    shell.world.binfmt.extend(list);
    shell.world.change();
    shell
        .world
        .reason("the kernel of the runner now runs foreign programs through QEMU");
    Done {
        status: 0,
        outputs: vec![("platforms".to_owned(), platforms)],
    }
}

fn setup_buildx(shell: &mut Shell<'_, '_>, call: &Call<'_>) -> Done {
    let name = call
        .input("name")
        .unwrap_or("builder-1ac460d1-c5f7-4a3b-92e4-d6f8091a2b3c")
        .to_owned();
    let driver = match call.input("driver").unwrap_or("docker-container") {
        "docker" => {
            return Done {
                status: 0,
                outputs: vec![
                    ("name".to_owned(), "default".to_owned()),
                    ("driver".to_owned(), "docker".to_owned()),
                ],
            };
        }
        "kubernetes" => Driver::Kubernetes,
        "remote" => Driver::Remote,
        _ => Driver::DockerContainer,
    };
    match call.input("version") {
        Some("latest") => shell.world.tools.add_buildx(),
        Some(text) => {
            if let Ok(version) = text.parse::<Version>() {
                shell.world.tools.buildx = Some(version);
            }
        }
        None => {}
    }
    let options = call.lines("driver-opts", false);
    let image = options
        .iter()
        .find_map(|o| o.strip_prefix("image="))
        .map(str::to_owned);
    let buildkit = image
        .as_deref()
        .and_then(|i| crate::ci::world::toolbox::split(i).1.parse().ok())
        .or(shell.world.settings.buildkit)
        .unwrap_or(BUILDKIT_NEWEST);
    let nodes = call.lines("platforms", true);
    let builder = Builder {
        name: name.clone(),
        driver,
        nodes: vec![BuilderNode {
            name: format!("{name}0"),
            endpoint: call
                .input("endpoint")
                .unwrap_or("unix:///var/run/docker.sock")
                .to_owned(),
            platforms: nodes,
            daemon: Some(0),
        }],
        booted: false,
        booted_binfmt: std::collections::BTreeSet::new(),
        buildkit,
        image,
        configured: call
            .input("buildkitd-config")
            .or(call.input("config"))
            .is_some()
            || call.input("buildkitd-config-inline").is_some(),
    };
    shell.world.builders.insert(name.clone(), builder);
    if call.input("use") != Some("false") {
        shell.world.current_builder = Some(name.clone());
    }
    shell.world.change();
    shell.world.pass(1.0);
    if let Err(text) = actions::boot(shell, &name) {
        return Done::failed(shell, &text);
    }
    shell
        .world
        .reason(format!("builder {name} uses the {driver} driver"));
    Done {
        status: 0,
        outputs: vec![
            ("name".to_owned(), name),
            ("driver".to_owned(), driver.as_str().to_owned()),
        ],
    }
}

fn login(shell: &mut Shell<'_, '_>, call: &Call<'_>) -> Done {
    let host = login_host(call.input("registry").unwrap_or_default());
    let is_ecr = host.contains(".dkr.ecr.");
    let (user, password) = (call.input("username"), call.input("password"));
    if !is_ecr && (user.is_none() || password.is_none()) {
        shell.world.note(
            "login-bad-password",
            "the user name or the password is empty: the secret is not set for this run",
        );
        return Done::failed(shell, "Username and password required");
    }
    // What counts for packages is the token, whoever it is used by.
    let user = if password == Some(TOKEN) {
        "github-token".to_owned()
    } else {
        user.unwrap_or("AWS").to_owned()
    };
    actions::login(shell, &host, &user);
    shell.out("Login Succeeded!\n");
    Done::ok()
}

/// Untagged versions are, for the action, also the platforms of an index.
fn delete_versions(shell: &mut Shell<'_, '_>, call: &Call<'_>) -> Done {
    let untagged = call.input("delete-only-untagged-versions") == Some("true");
    if untagged && call.input("package-type").is_none_or(|t| t == "container") {
        shell.world.note(
            "staging-tag-deleted",
            "the images of an index have no tags of their own, so they are deleted as untagged versions",
        );
    }
    Done::ok()
}

fn ecr_login(shell: &mut Shell<'_, '_>) -> Done {
    let host = format!("{ECR_ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com");
    actions::login(shell, &host, "AWS");
    shell.out(&format!("Logging into registry {host}\n"));
    Done {
        status: 0,
        outputs: vec![("registry".to_owned(), host)],
    }
}

fn metadata_step(shell: &mut Shell<'_, '_>, call: &Call<'_>) -> Done {
    let text = |name: &str| call.input(name).unwrap_or_default();
    let found = metadata(text("images"), text("tags"), text("flavor"), call.event);
    let json = serde_json::json!({"tags": found.tags, "labels": {}});
    let target = call
        .input("bake-target")
        .unwrap_or("docker-metadata-action");
    let mut outputs = Vec::new();
    for (kind, text) in found.bake_files(target) {
        // The action's folder is a new one in each run.
        let path = format!("/tmp/docker-actions-toolkit/docker-metadata-action-bake-{kind}.json");
        shell.world.files.write(&path, &text);
        outputs.push((format!("bake-file-{kind}"), format!("cwd://{path}")));
    }
    outputs.extend([
        ("tags".to_owned(), found.tags.join("\n")),
        ("labels".to_owned(), found.labels.join("\n")),
        ("annotations".to_owned(), found.labels.join("\n")),
        ("version".to_owned(), found.version),
        ("json".to_owned(), json.to_string()),
    ]);
    Done { status: 0, outputs }
}

fn build_push(shell: &mut Shell<'_, '_>, call: &Call<'_>) -> Done {
    let outputs = call.lines("outputs", false);
    let says = |needle: &str| {
        outputs
            .iter()
            .any(|o| o.split(',').any(|p| p.trim() == needle))
    };
    let pairs = |name: &str| -> Vec<(String, String)> {
        call.lines(name, false)
            .iter()
            .filter_map(|l| l.split_once('='))
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .collect()
    };
    // Without `context` the action builds from Git at the commit that triggered the run.
    let from_git = call.input("context").is_none();
    let mut tags = call.lines("tags", true);
    tags.extend(outputs.iter().flat_map(|o| actions::names_of_output(o)));
    let spec = Spec {
        invocation: Invocation {
            platforms: call.lines("platforms", true),
            tags,
            push: call.flag("push") || says("push=true") || says("type=registry"),
            load: call.flag("load") || says("type=docker"),
            by_digest: says("push-by-digest=true"),
            build_args: pairs("build-args").into_iter().collect(),
            target: call.input("target").map(str::to_owned),
            build_contexts: pairs("build-contexts").into_iter().collect(),
            provenance: call.input("provenance").map(str::to_owned),
            sbom: call.input("sbom").map(str::to_owned),
            annotations: call.lines("annotations", false),
            labels: pairs("labels"),
            cache_to: call.lines("cache-to", false),
            cache_from: call.lines("cache-from", false),
            line: shell.world.mark.line,
            outputs,
            ..Invocation::default()
        },
        context: call.input("context").unwrap_or(".").to_owned(),
        file: call.input("file").map(str::to_owned),
        builder: call.input("builder").map(str::to_owned),
        ..Spec::default()
    };
    if from_git {
        checkout(shell, call);
    }
    let attests = call.input("provenance").is_none() && call.input("attests").is_none();
    let status = execute(shell, spec);
    let last = shell.world.builds.last();
    if attests && status == 0 && last.is_some_and(|b| b.invocation.attests && b.invocation.push) {
        shell.world.note(
            "prov-mode-gha",
            "the action chooses the kind of provenance by the repository's visibility",
        );
    }
    done(shell, status)
}

fn execute(shell: &mut Shell<'_, '_>, spec: Spec) -> i32 {
    let client = actions::client(shell);
    let version = actions::buildx(shell);
    actions::execute(shell, &client, version, spec)
}

/// The action repeats the last line that buildx printed.
fn done(shell: &mut Shell<'_, '_>, status: i32) -> Done {
    if status == 0 {
        let built = shell
            .world
            .builds
            .last()
            .map(|b| b.verdict.clone().completed(&b.invocation));
        let digest = built
            .as_ref()
            .and_then(|v| v.root())
            .map(ToString::to_string)
            .unwrap_or_default();
        let json = serde_json::json!({"containerimage.digest": digest});
        return Done {
            status,
            outputs: vec![
                ("digest".to_owned(), digest.clone()),
                ("imageid".to_owned(), digest),
                ("metadata".to_owned(), json.to_string()),
            ],
        };
    }
    let last = shell
        .printed()
        .trim_end()
        .lines()
        .next_back()
        .unwrap_or_default()
        .to_owned();
    Done::failed(shell, &format!("buildx failed with: {last}"))
}

fn bake(shell: &mut Shell<'_, '_>, call: &Call<'_>) -> Done {
    let mut words = Vec::new();
    for file in call.lines("files", true) {
        words.extend(["-f".to_owned(), file]);
    }
    for set in call.lines("set", false) {
        words.extend(["--set".to_owned(), set]);
    }
    for name in ["push", "load", "no-cache", "pull"] {
        if call.flag(name) {
            words.push(format!("--{name}"));
        }
    }
    for name in ["provenance", "sbom"] {
        if let Some(value) = call.input(name) {
            words.push(format!("--{name}={value}"));
        }
    }
    words.extend(call.lines("targets", true));
    if call.input("source").is_none() {
        checkout(shell, call);
    }
    let client = actions::client(shell);
    let version = actions::buildx(shell);
    let status = actions::bake(shell, &client, version, &words);
    done(shell, status)
}

fn upload(shell: &mut Shell<'_, '_>, call: &mut Call<'_>) -> Done {
    let name = call.input("name").unwrap_or("artifact").to_owned();
    if call.artifacts.contains_key(&name) && !call.flag("overwrite") {
        shell.world.note_facts(
            "matrix-dup-digest-artifact",
            format!("an artifact named {name} was uploaded before in this run"),
            &[("artifact", &name)],
        );
        return Done::failed(shell, NAME_IS_TAKEN);
    }
    let mut files = Vec::new();
    for pattern in call.lines("path", false) {
        let path = shell.path(&pattern);
        let folder = path
            .split('*')
            .next()
            .unwrap_or_default()
            .trim_end_matches('/')
            .to_owned();
        for (inside, file) in shell.world.files.below(&folder) {
            files.push((
                inside,
                File {
                    bytes: file.bytes,
                    executable: false,
                    made: file.made,
                },
            ));
        }
        if let Some(file) = shell.world.files.get(&path).cloned() {
            let short = path.rsplit('/').next().unwrap_or_default().to_owned();
            files.push((short, file));
        }
    }
    if files.is_empty() && shell.world.files_are_guessed {
        // A command that is not simulated may have made them.
        shell.world.exact = false;
    } else if files.is_empty() && call.input("if-no-files-found") == Some("error") {
        return Done::failed(shell, "No files were found with the provided path");
    }
    call.artifacts.insert(name, files);
    Done::ok()
}

fn download(shell: &mut Shell<'_, '_>, call: &Call<'_>) -> Done {
    let target = call
        .input("path")
        .map_or_else(|| WORKSPACE.to_owned(), |p| shell.path(p));
    let wanted = call.input("name");
    let pattern = call.input("pattern").unwrap_or("*");
    let found: Vec<(String, Vec<(String, File)>)> = call
        .artifacts
        .iter()
        .filter(|(name, _)| {
            wanted.map_or_else(
                || crate::ci::shell::pattern_matches(pattern, name),
                |w| w == name.as_str(),
            )
        })
        .map(|(name, files)| (name.clone(), files.clone()))
        .collect();
    if let (Some(name), true) = (wanted, found.is_empty()) {
        return Done::failed(
            shell,
            &format!("Unable to download artifact(s): Artifact not found for name: {name}"),
        );
    }
    shell.world.files.make_directory(&target);
    for (name, files) in found {
        let folder = if wanted.is_some() || call.flag("merge-multiple") {
            target.clone()
        } else {
            format!("{target}/{name}")
        };
        for (inside, file) in files {
            shell
                .world
                .files
                .insert(&format!("{folder}/{inside}"), file);
        }
    }
    Done::ok()
}
