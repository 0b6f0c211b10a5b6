//! `identical-platforms`.

use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// Two entries for different platforms name the same manifest.
    /// One image cannot hold programs for two CPUs, so one of the two platforms gets the other's image.
    /// It comes about when an index is put together by hand from one image, or when a job's matrix builds
    /// the same platform twice.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// same linux/arm64 as linux/amd64
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// `docker manifest create` and `docker buildx imagetools create` take any manifest for any entry.
    pub IdenticalPlatforms {
        name: "identical-platforms",
        severity: Error,
        group: Image,
        title: "Two platforms share one image",
        title_zh: "两个平台指向同一镜像",
        since: "0.1.0",
        why_zh: "不同平台的镜像完全相同：至少有一个里面是别的 CPU 的程序。",
        waivable: true,
        pitfalls: ["VERIFY-CONFIG-ARCH-LIES"],
    }
}

impl Rule for IdenticalPlatforms {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        let runnable = image.runnable();
        for (at, (node, platform)) in runnable.iter().enumerate() {
            let Some(platform) = platform.as_ref().filter(|p| !p.is_unknown()) else {
                continue;
            };
            let twin = runnable[..at].iter().find(|(other, of_other)| {
                other.digest() == node.digest()
                    && of_other
                        .as_ref()
                        .is_some_and(|p| p != platform && !p.is_unknown())
            });
            if let Some((_, Some(of_twin))) = twin {
                let what = format!("{platform} and {of_twin} are the same image");
                let why = "Its programs are for one CPU at the most, so one of the platforms \
                    cannot run it.";
                let next = "Build each platform for itself, best in one `docker buildx build \
                    --platform …,…`.";
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
