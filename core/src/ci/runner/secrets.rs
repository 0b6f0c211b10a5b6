//! Variables that the files mention but do not set: taken to be set in the project's settings.

use std::collections::{BTreeMap, BTreeSet};

use crate::ci::settings::{Settings, VariableSetting};
use crate::ci::shell::{Mentions, mentions, parse};
use crate::ci::world::registry::ECR_ACCOUNT;

/// Names that belong to tools and shells; unset means unset.
const TOOL_NAMES: &[&str] = &[
    "HOME",
    "PATH",
    "PWD",
    "OLDPWD",
    "USER",
    "SHELL",
    "HOSTNAME",
    "TERM",
    "LANG",
    "IFS",
    "RANDOM",
    "SECONDS",
    "LINENO",
    "UID",
    "EUID",
    "PPID",
    "BASH",
    "BASH_VERSION",
    "FUNCNAME",
    "REPLY",
    "OPTARG",
    "OPTIND",
    "TMPDIR",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "DOCKER_HOST",
    "DOCKER_TLS_VERIFY",
    "DOCKER_CERT_PATH",
    "DOCKER_TLS_CERTDIR",
    "DOCKER_CONFIG",
    "DOCKER_CONTEXT",
    "DOCKER_BUILDKIT",
    "DOCKER_DEFAULT_PLATFORM",
    "DOCKER_DRIVER",
    "DOCKER_API_VERSION",
    "BUILDX_BUILDER",
    "BUILDX_CONFIG",
    "BUILDX_NO_DEFAULT_ATTESTATIONS",
    "BUILDKIT_PROGRESS",
    "BUILDKIT_HOST",
    "SOURCE_DATE_EPOCH",
    "PROGRESS_NO_TRUNC",
    "DEBUG",
    "CI_DEBUG_TRACE",
    "PIPESTATUS",
    "BASH_SOURCE",
];

/// What scripts mention, over all of them.
pub(super) fn of_scripts<'a>(scripts: impl Iterator<Item = &'a str>) -> Mentions {
    let mut all = Mentions::default();
    for script in scripts {
        let Ok(list) = parse(script) else {
            continue;
        };
        let found = mentions(&list);
        for (name, plain) in found.read {
            *all.read.entry(name).or_default() |= plain;
        }
        all.set.extend(found.set);
        all.commands.extend(found.commands);
        all.conditions.extend(found.conditions);
    }
    all
}

/// Whether a loop waits for a Docker daemon.
pub(super) fn waits_for_docker(mentions: &Mentions) -> bool {
    let asks = |words: &Vec<String>| {
        let is_docker = words.iter().any(|w| w == "docker");
        let verb = words.iter().any(|w| {
            matches!(
                w.as_str(),
                "version" | "info" | "ps" | "images" | "ls" | "stats" | "image"
            )
        });
        let probes = words.iter().any(|w| {
            w.contains("2375")
                || w.contains("2376")
                || w.ends_with("ca.pem")
                || w.contains("$DOCKER_HOST")
        });
        (is_docker && verb) || probes
    };
    // `timeout 60 sh -c 'until docker info; do sleep 1; done'`.
    let nested = |words: &Vec<String>| {
        words
            .iter()
            .any(|w| w.contains("docker") && (w.contains("until ") || w.contains("while ")))
    };
    mentions.conditions.iter().any(asks) || mentions.commands.iter().any(nested)
}

/// Values for the names that are read and set nowhere; `known` are those with a value already.
pub(super) fn values(
    mentions: &Mentions,
    known: &BTreeSet<String>,
    settings: &Settings,
    is_predefined: &dyn Fn(&str) -> bool,
) -> (BTreeMap<String, String>, BTreeSet<String>) {
    let mut values = BTreeMap::new();
    let mut secret = BTreeSet::new();
    let ecr = has_ecr_login(mentions);
    let hosts = login_hosts(mentions);
    for (name, plain) in &mentions.read {
        let is_name = name
            .chars()
            .next()
            .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        let given = settings.variables.get(name);
        if !is_name || (known.contains(name) && given.is_none()) {
            continue;
        }
        match given {
            Some(VariableSetting::Unset) => continue,
            Some(VariableSetting::Value(value)) => {
                values.insert(name.clone(), value.clone());
                continue;
            }
            Some(VariableSetting::Set) => {}
            None => {
                let excluded = TOOL_NAMES.contains(&name.as_str())
                    || mentions.set.contains(name)
                    || is_predefined(name);
                if excluded || !plain {
                    continue;
                }
            }
        }
        let value = if hosts.contains(name) {
            host_value(name, ecr)
        } else {
            stand_in(name, ecr)
        };
        secret.insert(value.clone());
        values.insert(name.clone(), value);
    }
    (values, secret)
}

fn has_ecr_login(mentions: &Mentions) -> bool {
    mentions.commands.iter().any(|c| {
        c.iter()
            .any(|w| w == "get-login-password" || w == "get-login")
    })
}

/// Variables that are given to `docker login` as the registry's host.
fn login_hosts(mentions: &Mentions) -> BTreeSet<String> {
    let mut hosts = BTreeSet::new();
    for words in &mentions.commands {
        let is_login = words.iter().any(|w| w == "login")
            && words.first().is_some_and(|w| {
                matches!(
                    w.as_str(),
                    "docker" | "crane" | "skopeo" | "podman" | "buildah" | "regctl"
                )
            });
        if let (true, Some(last)) = (is_login, words.last()) {
            let previous = words
                .len()
                .checked_sub(2)
                .and_then(|at| words.get(at))
                .map_or("", String::as_str);
            let is_value = matches!(previous, "-u" | "-p" | "--username" | "--password");
            if let (Some(name), false) = (last.strip_prefix('$'), is_value) {
                hosts.insert(name.to_owned());
            }
        }
    }
    hosts
}

fn host_value(name: &str, ecr: bool) -> String {
    if ecr {
        return format!("{ECR_ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com");
    }
    if name.contains("DOCKERHUB") || name.contains("DOCKER_HUB") {
        return "docker.io".to_owned();
    }
    "registry.example.com".to_owned()
}

/// A value that can stand in a name, a path and a host alike.
fn stand_in(name: &str, ecr: bool) -> String {
    let is_host = name.contains("REGISTRY")
        && !["USER", "PASS", "TOKEN", "NAME", "KEY", "IMAGE"]
            .iter()
            .any(|w| name.contains(w));
    if name.contains("ACCOUNT") && (name.contains("AWS") || ecr) {
        return ECR_ACCOUNT.to_owned();
    }
    if name.contains("REGION") {
        return "us-east-1".to_owned();
    }
    if is_host || (ecr && name.contains("ECR") && !name.contains("REPO")) {
        return host_value(name, ecr);
    }
    let lower: String = name.to_lowercase().replace('_', "-");
    format!("masked-{}", lower.trim_matches('-'))
}
