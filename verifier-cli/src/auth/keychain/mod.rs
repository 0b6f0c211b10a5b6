//! Where logins come from, in this order: `POLYARCH_USERNAME` and `POLYARCH_PASSWORD`,
//! `DOCKER_AUTH_CONFIG`, Docker's `config.json`, podman's `auth.json`, GitLab's `CI_REGISTRY_*`.
//!
//! Nothing is read before a registry asks for a login. A login is for one host: it is never tried
//! on another.

use std::path::PathBuf;
use std::time::Duration;

use super::docker_config::{Config, Entry};
use super::helper;
use super::secret::Secret;
use crate::registry::endpoint::Endpoint;

/// A way to prove who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Credential {
    Basic {
        username: String,
        password: Secret,
    },
    /// Exchanged for a bearer token; `username` is for servers that only know the GET form.
    IdentityToken {
        username: String,
        token: Secret,
    },
    /// Already a bearer token.
    RegistryToken(Secret),
}

/// The places to look in, as the environment names them.
#[derive(Debug, Default)]
pub(crate) struct Keychain {
    /// Host (or none: the reference's own) and login of `POLYARCH_*`.
    own: Option<(Option<String>, Credential)>,
    inline: Option<String>,
    files: Vec<PathBuf>,
    gitlab: Option<(String, Credential)>,
    helper_time: Duration,
}

/// Docker Hub's name in every store.
const HUB_KEY: &str = "https://index.docker.io/v1/";

/// How long a credential helper may take.
const HELPER_TIME: Duration = Duration::from_secs(15);

impl Keychain {
    /// Reads the variables, not yet the files.
    pub(crate) fn from_env(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let login = |user: &str, password: &str| {
            Some(Credential::Basic {
                username: set(user)?,
                password: Secret::new(set(password)?),
            })
        };
        let home = set("HOME").map(PathBuf::from);
        let docker = set("DOCKER_CONFIG")
            .map(PathBuf::from)
            .or_else(|| Some(home.as_ref()?.join(".docker")))
            .map(|folder| folder.join("config.json"));
        let podman = if let Some(file) = set("REGISTRY_AUTH_FILE") {
            vec![PathBuf::from(file)]
        } else {
            let runtime = set("XDG_RUNTIME_DIR").map(PathBuf::from);
            let config = set("XDG_CONFIG_HOME")
                .map(PathBuf::from)
                .or_else(|| Some(home.as_ref()?.join(".config")));
            let folders = [runtime, config].into_iter().flatten();
            folders
                .map(|folder| folder.join("containers/auth.json"))
                .collect()
        };
        Self {
            own: login("POLYARCH_USERNAME", "POLYARCH_PASSWORD")
                .map(|credential| (set("POLYARCH_REGISTRY"), credential)),
            inline: set("DOCKER_AUTH_CONFIG"),
            files: docker.into_iter().chain(podman).collect(),
            gitlab: set("CI_REGISTRY").zip(login("CI_REGISTRY_USER", "CI_REGISTRY_PASSWORD")),
            helper_time: HELPER_TIME,
        }
    }

    /// The login for a repository, or `None`. An error is a store that cannot be read or a helper
    /// that failed, as a fragment.
    pub(crate) async fn find(&self, endpoint: &Endpoint) -> Result<Option<Credential>, String> {
        let host = &endpoint.login_host;
        if let Some((registry, credential)) = &self.own {
            let is_meant = match registry {
                Some(registry) => is_same_host(registry, host),
                // A mirror is not the host that the reference names.
                None => !endpoint.is_mirror,
            };
            if is_meant {
                return Ok(Some(credential.clone()));
            }
        }
        if let Some(text) = &self.inline {
            let config = Config::parse(text.as_bytes())
                .map_err(|problem| format!("DOCKER_AUTH_CONFIG {problem}"))?;
            if let Some(found) = self.in_config(&config, endpoint).await? {
                return Ok(Some(found));
            }
        }
        for file in &self.files {
            let Some(config) = Config::read(file)? else {
                continue;
            };
            if let Some(found) = self.in_config(&config, endpoint).await? {
                return Ok(Some(found));
            }
        }
        Ok(self
            .gitlab
            .as_ref()
            .filter(|(registry, _)| is_same_host(registry, host))
            .map(|(_, credential)| credential.clone()))
    }

    /// Docker's order: the host's own helper, then the store for all, then what is in the file.
    async fn in_config(
        &self,
        config: &Config,
        endpoint: &Endpoint,
    ) -> Result<Option<Credential>, String> {
        let host = &endpoint.login_host;
        let own_helper = config
            .helpers
            .iter()
            .find(|(key, _)| is_same_host(key, host))
            .map(|(_, name)| name);
        if let Some(name) = own_helper.or(config.store.as_ref()) {
            let server = if is_same_host(host, "docker.io") {
                HUB_KEY
            } else {
                host
            };
            if let Some(found) = helper::get(name, server, self.helper_time).await? {
                return Ok(Some(found));
            }
        }
        for key in keys(host, &endpoint.repository) {
            let entries = config.entries.iter();
            let mut matching = entries.filter(|(stored, _)| same_key(stored, &key));
            if let Some(found) = matching.find_map(|(_, entry)| Entry::credential(entry)) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// `host/a/b`, `host/a`, `host`: the most special first (containers-auth.json(5)).
fn keys(host: &str, repository: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut path = Some(repository);
    while let Some(part) = path {
        keys.push(format!("{host}/{part}"));
        path = part.rsplit_once('/').map(|(parent, _)| parent);
    }
    keys.push(host.to_owned());
    keys
}

/// Whether a stored key names what is looked for; hosts compare without case, paths with it.
fn same_key(stored: &str, wanted: &str) -> bool {
    let stored = bare(stored);
    match (stored.split_once('/'), wanted.split_once('/')) {
        (Some((host, path)), Some((wanted_host, wanted_path))) => {
            is_same_host(host, wanted_host) && path == wanted_path
        }
        (None, None) => is_same_host(stored, wanted),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Whether two keys are one registry: scheme and `/v1/`-like paths do not count, and Docker Hub
/// has several names.
fn is_same_host(one: &str, other: &str) -> bool {
    let host = |text: &str| {
        let host = bare(text).split('/').next().unwrap_or_default();
        let host = host.to_ascii_lowercase();
        match host.as_str() {
            "index.docker.io" | "registry-1.docker.io" | "docker.io" => "docker.io".to_owned(),
            _ => host,
        }
    };
    host(one) == host(other)
}

/// A key without `https://`, and without the API versions that `docker login` once wrote behind it.
fn bare(key: &str) -> &str {
    let key = key
        .strip_prefix("https://")
        .or_else(|| key.strip_prefix("http://"))
        .unwrap_or(key);
    let key = key.trim_end_matches('/');
    key.strip_suffix("/v1")
        .or_else(|| key.strip_suffix("/v2"))
        .unwrap_or(key)
}

#[cfg(test)]
mod tests;
