//! Registries: who may push where, and what they hold in the simulation.
//!
//! Texts: containerd's `docker/pusher.go` and `authorizer.go` as vendored by BuildKit, and what
//! the registries answered in the issues that the rules name.

use std::collections::{BTreeMap, BTreeSet};

use super::World;
use crate::digest::Digest;
use crate::environment::Version;
use crate::platform::Platform;
use crate::reference::{DOCKER_HUB, Reference};

/// The account that stands in for one that only a secret tells.
pub const ECR_ACCOUNT: &str = "123456789012";

/// What a client keeps after `docker login`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub user: String,
}

/// An entry of a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// With host and tag, `docker.io/acme/app:1.0`; ends at the name where only a digest was
    /// pushed.
    pub reference: String,
    pub digest: Digest,
    pub platforms: Vec<Platform>,
    /// An index rather than a bare manifest.
    pub is_index: bool,
    pub attested: bool,
    /// With OCI media types rather than Docker's.
    pub oci: bool,
    /// Line of the CI file.
    pub line: usize,
}

/// What all registries hold.
#[derive(Debug, Clone, Default)]
pub struct Registries {
    /// Repositories that the job created.
    pub created: BTreeSet<String>,
    pub tags: BTreeMap<String, Pushed>,
    /// Hosts to which `aws ecr get-login-password` logged in.
    pub ecr_hosts: BTreeSet<String>,
    /// Repositories whose tags cannot be overwritten.
    pub immutable: BTreeSet<String>,
    /// Hosts that the daemon is told to talk to without TLS.
    pub insecure: BTreeSet<String>,
    /// References of build caches.
    pub caches: BTreeSet<String>,
}

/// Kinds of registries that differ in what they demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    DockerHub,
    Ecr,
    Ghcr,
    GitLab,
    ArtifactRegistry,
    Other,
}

impl Kind {
    pub fn of(host: &str) -> Self {
        if host == DOCKER_HUB {
            Self::DockerHub
        } else if host.contains(".dkr.ecr.") {
            Self::Ecr
        } else if host == "ghcr.io" {
            Self::Ghcr
        } else if host == "registry.gitlab.com" {
            Self::GitLab
        } else if host.ends_with("-docker.pkg.dev") {
            Self::ArtifactRegistry
        } else {
            Self::Other
        }
    }
}

/// Docker's name for a registry as typed to `docker login`.
pub fn login_host(typed: &str) -> String {
    let host = typed
        .trim_start_matches("https://")
        .trim_start_matches("http://");
    let host = host.split('/').next().unwrap_or_default();
    match host {
        "" | "docker.io" | "index.docker.io" | "registry-1.docker.io" | "hub.docker.com" => {
            DOCKER_HUB.to_owned()
        }
        other => other.to_owned(),
    }
}

impl World<'_> {
    pub fn registry_kind(&self, host: &str) -> Kind {
        if self.registries.ecr_hosts.contains(host) {
            Kind::Ecr
        } else {
            Kind::of(host)
        }
    }

    /// Why a push is refused: what stands behind `failed to push REF: `.
    pub fn refusal(&mut self, reference: &Reference, buildkit: Version) -> Option<String> {
        let host = reference.host.clone();
        let kind = self.registry_kind(&host);
        if !self.credentials.contains_key(&host) && host.split(':').next() != Some("localhost") {
            return Some(self.no_login(reference, kind));
        }
        if kind == Kind::Ghcr && !self.may_write_packages() {
            let name = reference.path.clone();
            self.note_facts(
                "ghcr-permission",
                "the job's token may not write packages",
                &[("package", &name)],
            );
            return Some(
                "denied: installation not allowed to Write organization package".to_owned(),
            );
        }
        if kind == Kind::ArtifactRegistry && reference.path.split('/').count() < 3 {
            self.note(
                "gar-path",
                "a path of Artifact Registry is PROJECT/REPOSITORY/IMAGE",
            );
            return Some("unexpected status: 400 Bad Request".to_owned());
        }
        if !self.repository_exists(reference, kind) {
            return Some(self.no_repository(reference, kind, buildkit));
        }
        if !self.settings.push_allowed {
            return Some(self.denied(reference, kind));
        }
        None
    }

    /// Whether a registry has no TLS that a client trusts by itself. Hosts without a dot and IP
    /// addresses, each with a port, are taken to be such.
    pub fn is_insecure(&self, host: &str) -> bool {
        let (name, port) = host.split_once(':').unwrap_or((host, ""));
        if name == "localhost" || name == "127.0.0.1" {
            return false;
        }
        let is_address = name.split('.').all(|part| part.parse::<u8>().is_ok());
        self.registries.insecure.contains(host)
            || self.settings.insecure_registry
            || (!port.is_empty() && port != "443" && (is_address || !name.contains('.')))
    }

    /// Why a tag that exists is not overwritten.
    pub fn immutable(&mut self, reference: &Reference, children_by_tag: bool) -> Option<String> {
        let by_setting = self.settings.immutable_tags;
        if !by_setting && !self.registries.immutable.contains(&reference.path) {
            return None;
        }
        let tag = reference.tag.as_deref().unwrap_or("latest");
        // Tags that name the commit or the pipeline are new in each run.
        let is_new = ["1ac460d1", "5678", "91011"]
            .iter()
            .any(|id| tag.contains(id));
        let exists = self.registries.tags.contains_key(&reference.to_string());
        let is_taken = exists || children_by_tag || (by_setting && !is_new);
        if !is_taken {
            return None;
        }
        self.note_facts(
            "ecr-immutable-tag",
            format!(
                "the tag {tag} exists already, and tags of {} are immutable",
                reference.path
            ),
            &[("tag", tag)],
        );
        Some(format!(
            "tag invalid: The image tag '{tag}' already exists in the '{}' repository and cannot be overwritten because the repository is immutable.",
            reference.path
        ))
    }

    fn may_write_packages(&self) -> bool {
        let credential = self.credentials.get("ghcr.io");
        self.has_token_for_packages || credential.is_none_or(|c| c.user != "github-token")
    }

    fn repository_exists(&self, reference: &Reference, kind: Kind) -> bool {
        if self.registries.created.contains(&reference.path) {
            return true;
        }
        self.settings.repository_exists.unwrap_or(kind != Kind::Ecr)
    }

    fn no_login(&mut self, reference: &Reference, kind: Kind) -> String {
        let host = reference.host.clone();
        let others: Vec<String> = self.credentials.keys().cloned().collect();
        if !others.is_empty() {
            self.note_facts(
                "login-wrong-host",
                format!(
                    "the tag is at {host}, the job is logged in to {}",
                    others.join(", ")
                ),
                &[("host", &host)],
            );
        }
        match kind {
            Kind::DockerHub => {
                if others.is_empty() {
                    self.note_facts(
                        "push-no-login-hub",
                        "nothing logs in to Docker Hub before the push",
                        &[("repository", &reference.path)],
                    );
                }
                "push access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed".to_owned()
            }
            Kind::Ecr => {
                self.note(
                    "ecr-no-basic-auth",
                    format!("nothing logs in to {host} before the push"),
                );
                format!(
                    "unexpected status from HEAD request to https://{host}/v2/{}/blobs/: no basic auth credentials",
                    reference.path
                )
            }
            Kind::GitLab => {
                self.note(
                    "gitlab-reg-denied",
                    format!("nothing logs in to {host} before the push"),
                );
                "server message: insufficient_scope: authorization failed".to_owned()
            }
            Kind::Ghcr | Kind::ArtifactRegistry | Kind::Other => {
                if others.is_empty() {
                    self.note_facts(
                        "login-wrong-host",
                        format!("nothing logs in to {host} before the push"),
                        &[("host", &host)],
                    );
                }
                format!(
                    "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://{host}/token: 401 Unauthorized"
                )
            }
        }
    }

    fn no_repository(&mut self, reference: &Reference, kind: Kind, buildkit: Version) -> String {
        let host = &reference.host;
        let path = &reference.path;
        if kind != Kind::Ecr {
            return "push access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed".to_owned();
        }
        let account = host.split('.').next().unwrap_or(ECR_ACCOUNT).to_owned();
        let (host, path) = (host.clone(), path.clone());
        self.note_facts(
            "ecr-repo-missing",
            format!("the ECR repository {path} does not exist, and ECR does not create it on push"),
            &[("repository", &path)],
        );
        if !buildkit.at_least(0, 10) {
            return "unexpected status: 404 Not Found".to_owned();
        }
        let status = format!(
            "unexpected status from POST request to https://{host}/v2/{path}/blobs/uploads/: 404 Not Found"
        );
        if buildkit.at_least(0, 20) {
            return format!(
                "{status}\nname unknown: The repository with name '{path}' does not exist in the registry with id '{account}'"
            );
        }
        status
    }

    fn denied(&mut self, reference: &Reference, kind: Kind) -> String {
        let host = reference.host.clone();
        match kind {
            Kind::Ecr => {
                self.note(
                    "ecr-403",
                    "the account may log in to ECR but not push to this repository",
                );
                format!(
                    "unexpected status from POST request to https://{host}/v2/{}/blobs/uploads/: 403 Forbidden",
                    reference.path
                )
            }
            Kind::Ghcr => {
                self.note("ghcr-permission", "the token may not write this package");
                "denied: permission_denied: write_package".to_owned()
            }
            Kind::GitLab => {
                self.note("gitlab-reg-denied", "the token may not push to this path");
                "server message: insufficient_scope: authorization failed".to_owned()
            }
            Kind::ArtifactRegistry => {
                self.note("gar-permission", "the account lacks the writer role");
                "403 Forbidden".to_owned()
            }
            Kind::DockerHub | Kind::Other => {
                self.note(
                    "push-no-login-hub",
                    "the account may not push to this repository",
                );
                "push access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed".to_owned()
            }
        }
    }

    /// Whether another replica answers, which has not seen the push of a tag yet.
    pub fn sees_old(&mut self, name: &str) -> bool {
        let at = self.pushed_at.get(name).copied();
        let is_early = at.is_some_and(|at| self.clock - at < 5.0);
        if !self.settings.replicated || !is_early || name.contains('@') {
            return false;
        }
        self.note_facts(
            "verify-eventual",
            format!("{name} is read right after its push, from a registry that copies it to others first"),
            &[("reference", name)],
        );
        self.exact = false;
        true
    }

    /// The pushes of a build are done when the build is.
    pub fn date_pushes(&mut self, line: usize) {
        let own = self.pushed.iter().filter(|p| p.line == line);
        for pushed in own {
            self.pushed_at.insert(pushed.reference.clone(), self.clock);
        }
    }

    /// Puts what was pushed under its reference.
    pub fn push(&mut self, pushed: Pushed) {
        self.change();
        self.pushed_at.insert(pushed.reference.clone(), self.clock);
        self.registries
            .tags
            .insert(pushed.reference.clone(), pushed.clone());
        let old = self
            .pushed
            .iter()
            .position(|p| p.reference == pushed.reference);
        if let Some(at) = old {
            let old = self.pushed.remove(at);
            self.overwritten.push(old);
        }
        self.pushed.push(pushed);
    }
}
