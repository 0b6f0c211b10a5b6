//! OCI image layouts: folders that skopeo copies an image into, and one flipped bit in them.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
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
