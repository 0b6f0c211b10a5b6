//! OCI image layouts: folders that skopeo copies an image into, and one flipped bit in them.

use std::fs;
use std::path::PathBuf;

use polyarch_core::demo::{self, Recipe};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::process::run;

/// An OCI layout with one tag, `1`.
#[derive(Debug)]
pub(crate) struct Layout {
    folder: TempDir,
}

impl Layout {
    /// Copies an image with all its platforms out of a loopback registry.
    pub(crate) fn copy_of(reference: &str) -> Self {
        let folder = TempDir::with_prefix("polyarch-layout-").expect("a scratch folder");
        let layout = Self { folder };
        let source = format!("docker://{reference}");
        let target = format!("oci:{}:1", layout.root().display());
        run(
            "skopeo",
            [
                "copy",
                "--quiet",
                "--all",
                "--src-tls-verify=false",
                source.as_str(),
                &target,
            ],
        );
        layout
    }

    /// An image that is made up, not built: what a recipe of the demo registry gives.
    pub(crate) fn of_demo(recipe: &str) -> Self {
        let folder = TempDir::with_prefix("polyarch-layout-").expect("a scratch folder");
        let layout = Self { folder };
        let blobs = layout.root().join("blobs/sha256");
        fs::create_dir_all(&blobs).expect("the scratch folder is writable");
        let registry = Recipe::parse(recipe).expect("a recipe").build();
        let repository = &registry.repositories[demo::REPOSITORY];
        let objects = repository.manifests.iter().chain(&repository.blobs);
        for (digest, object) in objects {
            let path = layout.blob(digest.as_str());
            fs::write(path, &object.content).expect("the layout is writable");
        }
        let root = &repository.tags[demo::TAG].targets[0];
        let object = &repository.manifests[root];
        let index = json!({"schemaVersion": 2, "manifests": [{
            "mediaType": object.media_type,
            "digest": root.to_string(),
            "size": object.content.len(),
            "annotations": {"org.opencontainers.image.ref.name": "1"},
        }]});
        let version = json!({"imageLayoutVersion": "1.0.0"});
        for (name, document) in [("index.json", index), ("oci-layout", version)] {
            let path = layout.root().join(name);
            fs::write(path, document.to_string()).expect("the layout is writable");
        }
        layout
    }

    /// Pushes it as it is, all platforms and attestations, to `HOST/NAME:TAG`.
    pub(crate) fn push(&self, reference: &str) {
        let source = format!("oci:{}:1", self.root().display());
        let target = format!("docker://{reference}");
        let options = ["copy", "--quiet", "--all", "--preserve-digests"];
        let rest = ["--dest-tls-verify=false", &source, &target];
        run("skopeo", options.into_iter().chain(rest));
    }

    /// What `polyarch verify` is given: `oci-layout:DIR:1`.
    pub(crate) fn reference(&self) -> String {
        format!("oci-layout:{}:1", self.root().display())
    }

    /// The folder of the layout.
    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("layout")
    }

    /// The digest that the tag names.
    pub(crate) fn index_digest(&self) -> String {
        let text = fs::read_to_string(self.root().join("index.json")).expect("an index.json");
        let index: Value = serde_json::from_str(&text).expect("a JSON index");
        index["manifests"][0]["digest"]
            .as_str()
            .expect("a digest")
            .to_owned()
    }

    /// A document of the layout as JSON.
    pub(crate) fn document(&self, digest: &str) -> Value {
        let bytes = fs::read(self.blob(digest)).expect("the layout has the document");
        serde_json::from_slice(&bytes).expect("a JSON document")
    }

    /// The file that holds this digest's content.
    pub(crate) fn blob(&self, digest: &str) -> PathBuf {
        self.root().join("blobs").join(digest.replace(':', "/"))
    }

    /// Flips the lowest bit of the byte at this offset of a blob; its size stays.
    pub(crate) fn flip(&self, digest: &str, offset: usize) {
        let path = self.blob(digest);
        let mut bytes = fs::read(&path).expect("the layout has the blob");
        bytes[offset] ^= 1;
        fs::write(&path, bytes).expect("the layout is writable");
    }
}
