//! `platform-duplicate`.

use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// The index has two entries that mean the same platform once they are normalised, such as
    /// `linux/arm64` and `linux/arm64/v8`.
    /// Clients take the first that matches; the second is never pulled, and which one is first is luck.
    /// Windows entries that differ in `os.version` are different platforms.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// duplicate linux/amd64
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/arm/v6 linux/arm/v7
    /// ```
    /// ## Sources
    /// OCI image-spec `image-index.md`: the first matching entry should be used.
    pub PlatformDuplicate {
        name: "platform-duplicate",
        severity: Error,
        group: Image,
        title: "Two entries for one platform",
        title_zh: "同一平台有两个条目",
        since: "0.1.0",
        waivable: true,
    }
}

impl Rule for PlatformDuplicate {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        let runnable = image.runnable();
        for (at, (node, platform)) in runnable.iter().enumerate() {
            let Some(platform) = platform.as_ref().filter(|p| !p.is_unknown()) else {
                continue;
            };
            let earlier = runnable[..at]
                .iter()
                .filter(|(_, p)| p.as_ref() == Some(platform))
                .count();
            // One finding for a platform, however many entries it has.
            if earlier != 1 {
                continue;
            }
            let count = runnable
                .iter()
                .filter(|(_, p)| p.as_ref() == Some(platform))
                .count();
            let what = format!("{count} entries of the index are for {platform}");
            let why = "A client takes the first that matches, so the others are never pulled.";
            let next = "Name each platform once in `--platform`; `linux/arm64` and \
                `linux/arm64/v8` are the same.";
            let text = Text {
                what,
                why: why.into(),
                next: next.into(),
            };
            out.report(self, node.place(), text);
        }
    }
}
