//! What comes behind a build's steps: exporting, pushing, the cache, and the files with digests.
//!
//! Texts: BuildKit's exporters and `util/push`; the registries' answers as in the issues that the
//! rules name.

use super::build_flags::Spec;
use super::build_log::Log;
use crate::ci::build::{Invocation, Verdict};
use crate::ci::shell::Shell;
use crate::ci::world::registry::Kind;
use crate::ci::world::{LocalImage, Pushed};
use crate::environment::{Driver, Environment, Version};
use crate::reference::Reference;

/// A build that succeeded, on its way out.
pub(super) struct Export<'a> {
    pub(super) spec: &'a Spec,
    pub(super) environment: &'a Environment,
    pub(super) verdict: &'a Verdict,
    /// Of buildx.
    pub(super) version: Version,
}

impl Export<'_> {
    /// Exports and pushes.
    pub(super) fn finish(&self, shell: &mut Shell<'_, '_>, log: &mut Log) -> i32 {
        let build = &self.spec.invocation;
        let references: Vec<Reference> = build
            .tags
            .iter()
            .filter_map(|t| t.parse().ok())
            .map(Reference::with_default_tag)
            .collect();
        let names: Vec<String> = references.iter().map(Reference::to_string).collect();
        let is_docker = self.environment.driver == Driver::Docker;
        if build.push {
            let began = log.seconds;
            let n = log.export(self.verdict, self.environment, &names);
            for reference in &references {
                if let Err(status) = self.push(shell, log, n, reference) {
                    return status;
                }
            }
            let seconds = log.seconds - began;
            log.line(n, &format!("DONE {seconds:.1}s"));
        } else if to_file(build) {
            let kind = if build.outputs.iter().any(|o| o.contains("type=oci")) {
                "exporting to oci image format"
            } else {
                "exporting to client directory"
            };
            log.vertex(kind, &["sending tarball 0.3s done".to_owned()], 0.4);
        } else if build.load || is_docker {
            let n = log.export(self.verdict, self.environment, &names);
            log.line(n, "DONE 0.3s");
        }
        if build.load || is_docker {
            keep_locally(shell, build, self.verdict);
        }
        for cache in &build.cache_to {
            if let Err(status) = self.export_cache(shell, cache, log) {
                return status;
            }
        }
        write_metadata(shell, self.spec, self.verdict);
        0
    }

    fn push(
        &self,
        shell: &mut Shell<'_, '_>,
        log: &mut Log,
        n: usize,
        reference: &Reference,
    ) -> Result<(), i32> {
        let full = reference.to_string();
        let auth = auth(shell, reference);
        let refusal = shell
            .world
            .refusal(reference, self.environment.buildkit)
            .map(|text| format!("failed to push {full}: {text}"))
            .or_else(|| self.refused(shell, reference));
        if let Some(text) = refusal {
            log.push_refused(n, &text, auth.as_deref(), self.version);
            return Err(1);
        }
        let Some(root) = self.verdict.root().cloned() else {
            return Ok(());
        };
        log.push(n, &full, &root, auth.as_deref());
        let images = &self.verdict.images;
        let name = if self.spec.invocation.by_digest {
            reference.at(&root).to_string()
        } else {
            full
        };
        shell.world.push(Pushed {
            reference: name,
            digest: root,
            platforms: images.iter().map(|i| i.platform.clone()).collect(),
            is_index: self.verdict.index.is_some(),
            attested: self.spec.invocation.attests,
            oci: self.is_oci(),
            line: self.spec.invocation.line,
        });
        Ok(())
    }

    /// Whether the documents have OCI's media types.
    fn is_oci(&self) -> bool {
        let says = |needle: &str| {
            let outputs = &self.spec.invocation.outputs;
            outputs.iter().any(|o| o.contains(needle))
        };
        self.spec.invocation.attests
            || says("oci-mediatypes=true")
            || (self.environment.buildkit.at_least(0, 31) && !says("oci-mediatypes=false"))
    }

    /// What a registry or a builder's configuration refuses whoever asks.
    fn refused(&self, shell: &mut Shell<'_, '_>, reference: &Reference) -> Option<String> {
        let full = reference.to_string();
        let push = |text: String| Some(format!("failed to push {full}: {text}"));
        if self.is_insecure(shell, reference) {
            return push(format!(
                "failed to do request: Head \"https://{}/v2/{}/\": (the registry does not speak TLS that this builder trusts)",
                reference.host, reference.path
            ));
        }
        let by_tag = !self.spec.invocation.by_digest;
        let children_by_tag =
            !self.environment.buildkit.at_least(0, 9) && self.verdict.images.len() > 1;
        if by_tag && let Some(text) = shell.world.immutable(reference, children_by_tag) {
            return push(text);
        }
        if by_tag && children_by_tag {
            shell.world.note(
                "child-by-tag-race",
                "this BuildKit pushes each platform's manifest under the tag before the index",
            );
        }
        let settings = &shell.world.settings;
        if settings.slow_upload && shell.world.registry_kind(&reference.host) == Kind::GitLab {
            shell.world.note(
                "token-expires-during-push",
                "the upload of the layers outlives the registry's token",
            );
            return push("unexpected status: 401 Unauthorized".to_owned());
        }
        self.too_old(shell, reference)
    }

    fn too_old(&self, shell: &mut Shell<'_, '_>, reference: &Reference) -> Option<String> {
        if !shell.world.settings.old_registry {
            return None;
        }
        if reference.host.contains("artifactory") || reference.host.ends_with(".jfrog.io") {
            shell.world.note(
                "push-registry-5xx-commit",
                "this registry loses blobs that arrive in one request",
            );
            let config = &self.verdict.images.first()?.config;
            let config = config
                .to_string()
                .replace(':', "-sha256:")
                .replacen("sha256-", "config-", 1);
            return Some(format!(
                "failed commit on ref \"{config}\": unexpected status: 404 Not Found"
            ));
        }
        if !self.is_oci() {
            return None;
        }
        shell.world.note(
            "reg-old-oci",
            "the registry refuses documents with OCI's media types",
        );
        let manifest = &self.verdict.images.first()?.manifest;
        Some(format!(
            "failed commit on ref \"manifest-{manifest}\": unexpected status: 400 Bad Request"
        ))
    }

    /// A registry without trusted TLS, and a builder that nobody told so.
    fn is_insecure(&self, shell: &mut Shell<'_, '_>, reference: &Reference) -> bool {
        let name = &self.environment.builder;
        let own_builder = shell.world.builders.get(name);
        let (host, configured) = (&reference.host, own_builder.is_some_and(|b| b.configured));
        if own_builder.is_none() || configured || !shell.world.is_insecure(host) {
            return false;
        }
        shell.world.note_facts(
            "insecure-registry",
            format!("{host} is no registry with trusted TLS, and the builder {name} has no configuration that says so"),
            &[("host", host)],
        );
        shell.world.exact = false;
        true
    }

    fn export_cache(
        &self,
        shell: &mut Shell<'_, '_>,
        cache: &str,
        log: &mut Log,
    ) -> Result<(), i32> {
        let option = |key: &str| {
            cache
                .split(',')
                .find_map(|p| p.trim().strip_prefix(key)?.strip_prefix('='))
        };
        let kind = option("type").unwrap_or("registry");
        let name = match kind {
            "gha" => "exporting to GitHub Actions Cache",
            "inline" => "exporting inline cache",
            "local" => "exporting cache to client directory",
            _ => "exporting cache to registry",
        };
        log.text.push('\n');
        let first = "preparing build cache for export".to_owned();
        let reference = if kind == "registry" {
            let typed = option("ref").or(Some(cache).filter(|c| !c.contains('=')));
            typed.and_then(|r| r.parse::<Reference>().ok())
        } else {
            None
        };
        let Some(reference) = reference.map(Reference::with_default_tag) else {
            log.vertex(name, &[first], 1.0);
            return Ok(());
        };
        shell.world.registries.caches.insert(reference.to_string());
        let is_manifest = option("image-manifest").map_or_else(
            || self.environment.buildkit.at_least(0, 21),
            |value| value == "true",
        );
        if shell.world.registry_kind(&reference.host) != Kind::Ecr || is_manifest {
            log.vertex(name, &[first], 1.0);
            return Ok(());
        }
        shell.world.note_facts(
            "cache-ecr-400",
            format!("the cache goes to {reference} as an index, which ECR refuses"),
            &[("cache", cache)],
        );
        let digest =
            crate::digest::Digest::sha256(format!("simulated cache {reference}").as_bytes());
        let text = format!(
            "error writing manifest blob: failed commit on ref \"{digest}\": unexpected status from PUT request to https://{}/v2/{}/manifests/{}: 400 Bad Request",
            reference.host,
            reference.path,
            reference.tag.as_deref().unwrap_or("latest"),
        );
        let lines = [first, format!("writing manifest {digest}")];
        log.broken(name, &lines, &text, 1.0);
        if option("ignore-error") == Some("true") {
            return Ok(());
        }
        log.text
            .push_str(&super::build_checks::failed_to_solve(self.version, &text));
        Err(1)
    }
}

fn to_file(build: &Invocation) -> bool {
    build.outputs.iter().any(|o| {
        o.contains("type=oci")
            || o.contains("type=local")
            || o.contains("type=tar")
            || o.contains("dest=")
    })
}

/// The vertex in which the client's credentials are asked for.
fn auth(shell: &Shell<'_, '_>, reference: &Reference) -> Option<String> {
    let host = &reference.host;
    if !shell.world.credentials.contains_key(host) {
        return None;
    }
    Some(match shell.world.registry_kind(host) {
        Kind::DockerHub => format!(
            "[auth] {}:pull,push token for registry-1.docker.io",
            reference.path
        ),
        Kind::Ecr => format!("[auth] sharing credentials for {host}"),
        Kind::Ghcr | Kind::GitLab | Kind::ArtifactRegistry | Kind::Other => {
            format!("[auth] {}:pull,push token for {host}", reference.path)
        }
    })
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
        if verdict.index.is_some() {
            shell.world.note(
                "verify-iidfile",
                "the file of --iidfile holds the digest of the index here, not the ID of an image",
            );
        }
        let path = shell.path(name);
        shell.world.files.write(&path, root.as_str());
    }
}
