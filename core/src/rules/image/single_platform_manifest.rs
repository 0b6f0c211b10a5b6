//! `single-platform-manifest`.

use crate::diagnostic::Place;
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// Several platforms are required, but the tag points to the manifest of one image.
    /// Every client gets that image, whatever its CPU: nothing stops a machine of another kind from pulling
    /// it, and the first program then ends in `exec format error`.
    /// It comes about when a job falls back to a single-platform build, or when two jobs push the same tag
    /// one after the other.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// single linux/amd64
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64
    /// single linux/amd64
    /// require linux/amd64
    /// ```
    /// ## Sources
    /// BuildKit `exporter/containerimage/writer.go`: one platform without attestations is pushed as a bare
    /// manifest.
    pub SinglePlatformManifest {
        name: "single-platform-manifest",
        severity: Error,
        group: Image,
        title: "The tag is one bare manifest, not an index",
        title_zh: "标签是单个清单而非多平台索引",
        since: "0.1.0",
        why_zh: "标签只有一份清单，任何 CPU 的机器都会拿到它。",
    }
}

impl Rule for SinglePlatformManifest {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        let is_bare = image.evidence.root.image().is_some();
        let required = &image.expectation.platforms;
        if !is_bare || required.len() < 2 {
            return;
        }
        let platform = image
            .evidence
            .root
            .platform()
            .map(|p| p.normalised().to_string());
        let platform = platform.unwrap_or_else(|| "an unknown platform".to_owned());
        let what = format!(
            "the tag is a single manifest for {platform}, and {} platforms are required",
            required.len()
        );
        let why = "Without an index every client gets this one image, whatever its CPU.";
        let next = "Push all platforms with one `docker buildx build --platform …,… --push`, or \
            join images that were pushed one by one with `docker buildx imagetools create`.";
        out.report(
            self,
            Place::Image {
                platform: None,
                subject: None,
            },
            Text {
                what,
                why: why.into(),
                next: next.into(),
            },
        );
    }
}
