//! The command line of `docker buildx build` and `docker build`.

use crate::ci::build::Invocation;
use crate::ci::commands::Arguments;
use crate::ci::commands::arguments::Flag;
use crate::ci::shell::Shell;

pub(super) const FLAGS: &[Flag] = &[
    ("platform", ' ', true),
    ("tag", 't', true),
    ("push", ' ', false),
    ("load", ' ', false),
    ("output", 'o', true),
    ("file", 'f', true),
    ("build-arg", ' ', true),
    ("target", ' ', true),
    ("provenance", ' ', true),
    ("sbom", ' ', true),
    ("attest", ' ', true),
    ("annotation", ' ', true),
    ("label", ' ', true),
    ("cache-to", ' ', true),
    ("cache-from", ' ', true),
    ("build-context", ' ', true),
    ("builder", ' ', true),
    ("progress", ' ', true),
    ("metadata-file", ' ', true),
    ("iidfile", ' ', true),
    ("no-cache", ' ', false),
    ("pull", ' ', false),
    ("quiet", 'q', false),
    ("secret", ' ', true),
    ("ssh", ' ', true),
    ("network", ' ', true),
    ("add-host", ' ', true),
    ("allow", ' ', true),
    ("shm-size", ' ', true),
    ("ulimit", ' ', true),
    ("no-cache-filter", ' ', true),
    ("check", ' ', false),
    ("call", ' ', true),
    ("cgroup-parent", ' ', true),
    ("rm", ' ', false),
    ("force-rm", ' ', false),
    ("squash", ' ', false),
    ("memory", 'm', true),
    ("compress", ' ', false),
    ("isolation", ' ', true),
    ("cpu-quota", ' ', true),
    ("debug", 'D', false),
    ("source-policy-file", ' ', true),
    ("disable-content-trust", ' ', false),
    ("cpuset-cpus", ' ', true),
    ("security-opt", ' ', true),
    ("policy", ' ', true),
];

/// A build as asked for, before its context is read.
#[derive(Debug, Clone, Default)]
pub(in crate::ci) struct Spec {
    pub invocation: Invocation,
    /// The context's folder or URL as typed.
    pub context: String,
    pub file: Option<String>,
    pub builder: Option<String>,
    pub metadata_file: Option<String>,
    pub iid_file: Option<String>,
    /// `--call` and `--check`: nothing is built.
    pub only_checks: bool,
    /// A Dockerfile that is not a file, as bake's `dockerfile-inline`.
    pub inline: Option<String>,
}

impl Spec {
    pub(super) fn from_arguments(shell: &Shell<'_, '_>, arguments: &Arguments) -> Self {
        let list = |name: &str| -> Vec<String> { arguments.all(name).to_vec() };
        let outputs = list("output");
        let output_says = |needle: &str| {
            outputs
                .iter()
                .any(|o| o.split(',').any(|part| part.trim() == needle))
        };
        let variable = |name: &str| shell.variables.exported(name).map(str::to_owned);
        let pairs = |name: &str| {
            list(name)
                .into_iter()
                .filter_map(|pair| match pair.split_once('=') {
                    Some((key, value)) => Some((key.to_owned(), value.to_owned())),
                    // A name alone takes the client's variable.
                    None => variable(&pair).map(|value| (pair, value)),
                })
                .collect::<Vec<_>>()
        };
        let mut platforms = comma_separated(&list("platform"));
        if platforms.is_empty() {
            platforms = comma_separated(
                &variable("DOCKER_DEFAULT_PLATFORM")
                    .into_iter()
                    .collect::<Vec<_>>(),
            );
        }
        let mut tags = list("tag");
        for output in &outputs {
            tags.extend(names_of_output(output));
        }
        let attest = list("attest");
        let attested = |kind: &str| {
            attest
                .iter()
                .find(|a| a.contains(&format!("type={kind}")))
                .cloned()
        };
        Self {
            invocation: Invocation {
                platforms,
                tags,
                push: arguments.is_set("push")
                    || output_says("push=true")
                    || output_says("type=registry"),
                load: arguments.is_set("load") || output_says("type=docker"),
                by_digest: output_says("push-by-digest=true"),
                outputs,
                build_args: pairs("build-arg").into_iter().collect(),
                target: arguments
                    .get("target")
                    .map(str::to_owned)
                    .filter(|t| !t.is_empty()),
                build_contexts: pairs("build-context").into_iter().collect(),
                provenance: arguments
                    .get("provenance")
                    .map(str::to_owned)
                    .or_else(|| attested("provenance")),
                sbom: arguments
                    .get("sbom")
                    .map(str::to_owned)
                    .or_else(|| attested("sbom")),
                annotations: list("annotation"),
                labels: pairs("label"),
                cache_to: list("cache-to"),
                cache_from: list("cache-from"),
                line: shell.world.mark.line,
                ..Invocation::default()
            },
            context: arguments.rest.first().cloned().unwrap_or_default(),
            file: arguments.get("file").map(str::to_owned),
            builder: arguments.get("builder").map(str::to_owned),
            metadata_file: arguments.get("metadata-file").map(str::to_owned),
            iid_file: arguments.get("iidfile").map(str::to_owned),
            only_checks: arguments.is_set("check") || arguments.has("call"),
            inline: None,
        }
    }
}

/// The references in `name=` of an output.
pub(in crate::ci) fn names_of_output(output: &str) -> Vec<String> {
    let mut names = Vec::new();
    let cleaned = output.replace('"', "");
    let mut in_name = false;
    for part in cleaned.split(',') {
        match part.trim().split_once('=') {
            Some(("name", value)) => {
                in_name = true;
                names.push(value.to_owned());
            }
            Some(_) => in_name = false,
            None if in_name => names.push(part.trim().to_owned()),
            None => {}
        }
    }
    names
}

pub(super) fn comma_separated(values: &[String]) -> Vec<String> {
    values
        .iter()
        .flat_map(|v| v.split([',', '\n']))
        .map(|v| v.trim().to_owned())
        .filter(|v| !v.is_empty())
        .collect()
}
