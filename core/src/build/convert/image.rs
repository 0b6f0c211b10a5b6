//! The image config of a stage while it grows (`dockerfile2llb/image.go`).

use crate::bases::{ContainerConfig, Entry, HistoryEntry};
use crate::platform::Platform;

/// What BuildKit writes into `comment` of its history entries.
const COMMENT: &str = "buildkit.dockerfile.v0";

/// Where programs are looked for when an image does not say.
pub(super) const DEFAULT_PATH: &str =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// An image config and what is known about its base.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Image {
    /// As the config says it, not normalised.
    pub(in super::super) platform: Platform,
    pub(in super::super) author: String,
    pub(in super::super) config: ContainerConfig,
    pub(in super::super) history: Vec<HistoryEntry>,
    /// How many entries of `history` are the base's.
    pub(in super::super) base_history: usize,
    pub(in super::super) base: Option<Entry>,
    /// The base's config is known.
    pub(in super::super) exact: bool,
}

impl Image {
    /// The config of `scratch`.
    pub(super) fn scratch(platform: &Platform) -> Self {
        let mut image = Self {
            platform: platform.clone(),
            exact: true,
            ..Self::default()
        };
        "/".clone_into(&mut image.config.working_dir);
        if platform.os != "windows" {
            image.config.env = vec![format!("PATH={DEFAULT_PATH}")];
        }
        image
    }

    /// The config of a base image; without an entry nothing is known of it.
    pub(super) fn of_base(entry: Option<&Entry>, wanted: &Platform) -> Self {
        let own = entry.and_then(Entry::own_platform);
        let history = entry.map(|entry| entry.history.clone()).unwrap_or_default();
        Self {
            platform: own.unwrap_or(wanted).clone(),
            author: String::new(),
            config: entry
                .and_then(|entry| entry.config.clone())
                .unwrap_or_default(),
            base_history: history.len(),
            history,
            base: Some(entry.cloned().unwrap_or_default()),
            exact: entry.is_some_and(|entry| entry.config.is_some()),
        }
    }

    /// Adds a history entry.
    pub(super) fn commit(&mut self, created_by: String, layer: bool, epoch: Option<i64>) {
        self.history.push(HistoryEntry {
            created: epoch.map(super::epoch::rfc3339),
            created_by,
            author: String::new(),
            comment: COMMENT.to_owned(),
            empty_layer: !layer,
        });
    }

    /// Makes it say the target platform, whatever the base was.
    pub(super) fn export_for(&mut self, target: &Platform) {
        let same =
            self.platform.os == target.os && self.platform.architecture == target.architecture;
        let platform = &mut self.platform;
        platform.os.clone_from(&target.os);
        platform.architecture.clone_from(&target.architecture);
        if !target.variant.is_empty() || !same {
            platform.variant.clone_from(&target.variant);
        }
        if !target.os_version.is_empty() || !same {
            platform.os_version.clone_from(&target.os_version);
        }
        if !target.os_features.is_empty() {
            platform.os_features.clone_from(&target.os_features);
        }
        self.platform = self.platform.normalised();
    }

    /// The shell that a command in shell form runs in.
    pub(super) fn shell(&self) -> Vec<String> {
        if !self.config.shell.is_empty() {
            return self.config.shell.clone();
        }
        let default: &[&str] = if self.platform.os == "windows" {
            &["cmd", "/S", "/C"]
        } else {
            &["/bin/sh", "-c"]
        };
        default.iter().map(|&part| part.to_owned()).collect()
    }

    /// A command line behind the shell.
    pub(super) fn with_shell(&self, words: &[String]) -> Vec<String> {
        let mut line = self.shell();
        line.push(words.join(" "));
        line
    }
}
