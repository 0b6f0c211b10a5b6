//! `config-platform-mismatch`.

use crate::platform::Platform;
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// The index lists an image for one platform, and the image's own config says another.
    /// Clients choose by the index, then trust the config: containerd unpacks nothing, Docker runs an image
    /// of the wrong kind.
    /// It comes about when an index is put together by hand, or when a build's base image is for one
    /// platform only and the label was set over it.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// config linux/arm64 says linux/amd64
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// entry linux/arm64 says linux/arm64/v8
    /// ```
    /// ## Sources
    /// OCI image-spec `config.md`; Azure/AgentBaker pull request 8815 (a containerd that skips such images).
    pub ConfigPlatformMismatch {
        name: "config-platform-mismatch",
        severity: Error,
        group: Image,
        title: "Index and config name different platforms",
        title_zh: "索引与配置的平台不一致",
        since: "0.1.0",
        waivable: true,
    }
}

impl Rule for ConfigPlatformMismatch {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for (node, _, config) in image.configs() {
            let entry = node
                .entry
                .as_ref()
                .and_then(|e| e.descriptor.platform.as_ref());
            let Some(entry) = entry.filter(|p| !p.is_unknown()).map(Platform::normalised) else {
                continue;
            };
            let config = config.platform.normalised();
            let version = |p: &Platform| {
                p.os_version
                    .split('.')
                    .take(3)
                    .collect::<Vec<_>>()
                    .join(".")
            };
            let versions_differ = !entry.os_version.is_empty()
                && !config.os_version.is_empty()
                && version(&entry) != version(&config);
            if entry.os != config.os || entry.architecture != config.architecture || versions_differ
            {
                let what = format!("the index lists {entry}, but the image's config says {config}");
                let why =
                    "Clients choose by the index and then find an image for another platform.";
                let next = "Build that platform again from a base image that has it, and push all \
                    platforms with one command.";
                let text = Text {
                    what,
                    why: why.into(),
                    next: next.into(),
                };
                out.report(self, node.place(), text);
            }
        }
    }
}
