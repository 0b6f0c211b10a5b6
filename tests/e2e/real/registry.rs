//! Debian's docker-registry on a free loopback port, with helpers that damage what it stores.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::process::{Server, free_port};

const MANIFEST_TYPES: &str = "application/vnd.oci.image.index.v1+json, \
     application/vnd.oci.image.manifest.v1+json, \
     application/vnd.docker.distribution.manifest.list.v2+json, \
     application/vnd.docker.distribution.manifest.v2+json";

/// An empty registry of a test's own.
#[derive(Debug)]
pub(crate) struct Registry {
    /// `127.0.0.1:PORT`, as references write it.
    pub(crate) host: String,
    folder: TempDir,
    _server: Server,
}

impl Registry {
    pub(crate) fn start() -> Self {
        let folder = TempDir::with_prefix("polyarch-registry-").expect("a scratch folder");
        let port = free_port();
        let host = format!("127.0.0.1:{port}");
        let config = folder.path().join("config.yml");
        let storage = folder.path().join("storage");
        let text = format!(
            "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n\
             storage:\n  filesystem: {{rootdirectory: {}}}\n  delete: {{enabled: true}}\n\
             http: {{addr: \"{host}\", secret: test}}\n",
            storage.display()
        );
        fs::write(&config, text).expect("the scratch folder is writable");
        let mut command = Command::new("docker-registry");
        command.arg("serve").arg(&config).stderr(Stdio::null());
        let server = Server::start(&mut command, port);
        Self {
            host,
            folder,
            _server: server,
        }
    }

    /// `HOST/NAME`, for instance `127.0.0.1:5000/team/app:1`.
    pub(crate) fn reference(&self, name: &str) -> String {
        format!("{}/{name}", self.host)
    }

    /// The manifest that a tag or digest names: its bytes and its media type.
    pub(crate) fn manifest(&self, repository: &str, reference: &str) -> (Vec<u8>, String) {
        let mut response = agent()
            .get(self.url(repository, reference))
            .header("Accept", MANIFEST_TYPES)
            .call()
            .expect("the registry answers");
        assert_eq!(response.status(), 200, "{repository}:{reference}");
        let kind = response.headers()["content-type"]
            .to_str()
            .expect("ASCII")
            .to_owned();
        (
            response.body_mut().read_to_vec().expect("a whole body"),
            kind,
        )
    }

    /// The manifest as JSON.
    pub(crate) fn document(&self, repository: &str, reference: &str) -> Value {
        serde_json::from_slice(&self.manifest(repository, reference).0).expect("a JSON document")
    }

    /// The digest of the index entry for this architecture.
    pub(crate) fn child(&self, repository: &str, tag: &str, architecture: &str) -> String {
        let index = self.document(repository, tag);
        let entries = index["manifests"].as_array().expect("an index");
        let entry = entries
            .iter()
            .find(|entry| entry["platform"]["architecture"] == architecture)
            .unwrap_or_else(|| panic!("no {architecture} in {index}"));
        entry["digest"].as_str().expect("a digest").to_owned()
    }

    /// Puts these bytes under a tag.
    pub(crate) fn put(&self, repository: &str, tag: &str, bytes: &[u8], media_type: &str) {
        let response = agent()
            .put(self.url(repository, tag))
            .header("Content-Type", media_type)
            .send(bytes)
            .expect("the registry answers");
        assert_eq!(response.status(), 201, "put {repository}:{tag}");
    }

    /// Deletes one manifest, as a careless cleanup does; the index that names it stays.
    pub(crate) fn delete_manifest(&self, repository: &str, digest: &str) {
        let response = agent()
            .delete(self.url(repository, digest))
            .call()
            .expect("the registry answers");
        assert_eq!(response.status(), 202, "delete {repository}@{digest}");
    }

    /// Makes `to` out of `from` without one architecture, as a second push from a machine that
    /// built only its own does.
    pub(crate) fn tag_without(&self, repository: &str, from: &str, to: &str, architecture: &str) {
        let (bytes, media_type) = self.manifest(repository, from);
        let mut index: Value = serde_json::from_slice(&bytes).expect("a JSON index");
        let entries = index["manifests"].as_array_mut().expect("an index");
        let before = entries.len();
        entries.retain(|entry| entry["platform"]["architecture"] != architecture);
        assert_eq!(entries.len(), before - 1, "exactly one {architecture} goes");
        self.put(repository, to, index.to_string().as_bytes(), &media_type);
    }

    /// The folder in which the registry keeps everything; another one may serve it too.
    pub(crate) fn storage(&self) -> PathBuf {
        self.folder.path().join("storage")
    }

    /// The file in which the registry keeps the content of this digest.
    pub(crate) fn stored(&self, digest: &str) -> PathBuf {
        let hex = digest.strip_prefix("sha256:").expect("a sha256 digest");
        let blobs = self
            .folder
            .path()
            .join("storage/docker/registry/v2/blobs/sha256");
        blobs.join(&hex[..2]).join(hex).join("data")
    }

    fn url(&self, repository: &str, reference: &str) -> String {
        format!("http://{}/v2/{repository}/manifests/{reference}", self.host)
    }
}

/// A client that hands back every status instead of turning some into errors.
fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into()
}
