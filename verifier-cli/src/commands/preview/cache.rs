//! What registries said of base images, by digest, in the user's cache folder.
//!
//! Content that a digest names does not change, so nothing here grows old. A cache that cannot be
//! read or written is no cache; nothing depends on it.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use polyarch_core::digest::Digest;
use serde_json::Value;

/// The folder; none where the environment names no home.
#[derive(Debug)]
pub(super) struct Cache {
    folder: Option<PathBuf>,
}

impl Cache {
    /// `$XDG_CACHE_HOME`, `%LOCALAPPDATA%` or `~/.cache`.
    pub(super) fn of_user(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let set = |name: &str| variable(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        let folder = set("XDG_CACHE_HOME")
            .or_else(|| set("LOCALAPPDATA"))
            .or_else(|| set("HOME").map(|home| home.join(".cache")));
        Self {
            folder: folder.map(|folder| folder.join("polyarch").join("bases-1")),
        }
    }

    pub(super) fn get(&self, digest: &Digest) -> Option<Value> {
        let text = fs::read(self.path(digest)?).ok()?;
        serde_json::from_slice(&text).ok()
    }

    pub(super) fn put(&self, digest: &Digest, value: &Value) {
        let Some(path) = self.path(digest) else {
            return;
        };
        let Some(folder) = path.parent() else {
            return;
        };
        // Another run may read at the same time, so the file appears whole or not at all.
        let scratch = path.with_extension(std::process::id().to_string());
        let written = fs::create_dir_all(folder)
            .and_then(|()| fs::write(&scratch, value.to_string()))
            .and_then(|()| fs::rename(&scratch, &path));
        if written.is_err() {
            // Nothing is lost: the next run asks again.
            drop(fs::remove_file(&scratch));
        }
    }

    /// Digests hold no separators, so the name stays inside the folder.
    fn path(&self, digest: &Digest) -> Option<PathBuf> {
        let name = digest.as_str().replace(':', "-");
        Some(self.folder.as_ref()?.join(format!("{name}.json")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_the_users_and_without_a_home_there_is_none() {
        let digest = Digest::sha256(b"index");
        let path = |name: &'static str| {
            let cache = Cache::of_user(move |asked| (asked == name).then(|| "/u".into()));
            cache.path(&digest).map(|path| path.display().to_string())
        };
        let file = format!("polyarch/bases-1/sha256-{}.json", digest.encoded());
        assert_eq!(path("HOME"), Some(format!("/u/.cache/{file}")));
        assert_eq!(path("XDG_CACHE_HOME"), Some(format!("/u/{file}")));
        let none = Cache::of_user(|_| None);
        none.put(&digest, &Value::from(1));
        assert_eq!(none.get(&digest), None);
    }
}
