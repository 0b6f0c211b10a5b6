//! `binary-platform-mismatch`.

use crate::diagnostic::{Place, Severity, Subject};
use crate::digest::Digest;
use crate::oci::Descriptor;
use crate::platform::Platform;
use crate::rules::waiver::glob_matches;
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::{Executable, LayerFacts, LayerState};

declare_rule! {
    /// ## What happens
    /// With `--deep`, an image holds a program or a shared library for another CPU than its platform.
    /// Index and config say the right thing, the pull succeeds, and the container ends in
    /// `exec format error`.
    /// It comes about when a program built on the host is copied into all images, when a cross-compiler is
    /// not told its target, or when the base image was for another platform.
    /// Programs for i386 in an amd64 image are only said; 32-bit arm programs in an arm64 image are a warning;
    /// emulators (`qemu-*`) and test data are only said.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// binary linux/arm64 amd64
    /// deep
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// deep
    /// ```
    /// ## Sources
    /// The founding post's list of what not to copy; calico pull request 13203; ELF `e_machine`.
    pub BinaryPlatformMismatch {
        name: "binary-platform-mismatch",
        severity: Error,
        group: Image,
        title: "A program is for another CPU",
        title_zh: "程序属于其他 CPU 架构",
        since: "0.1.0",
        waivable: true,
    }
}

impl Rule for BinaryPlatformMismatch {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for (node, found, _) in image.configs() {
            let Some(platform) = node.platform().map(Platform::normalised) else {
                continue;
            };
            for (layer, executable) in visible(image, &found.manifest.layers) {
                let Some(severity) = judge(&platform, executable) else {
                    continue;
                };
                let what = format!(
                    "{} in the image for {platform} is a program for {}",
                    executable.path, executable.platform
                );
                let why = "The label is right and the content is not: it ends in `exec format \
                    error`, or runs under emulation where there is one.";
                let next = "Build it in the Dockerfile for `$TARGETARCH`, or copy the file built for \
                    each platform.";
                let path = executable.path.clone();
                let subject = Some(Subject::File {
                    layer: layer.clone(),
                    path,
                });
                let place = Place::Image {
                    platform: Some(platform.clone()),
                    subject,
                };
                let text = Text {
                    what,
                    why: why.into(),
                    next: next.into(),
                };
                out.report_as(self, severity, place, text, None);
            }
        }
    }
}

/// Executables of all layers that no later layer replaces or hides.
fn visible<'a>(
    image: &ImageFacts<'a>,
    layers: &'a [Descriptor],
) -> Vec<(&'a Digest, &'a Executable)> {
    let facts: Vec<(&Digest, &LayerFacts)> = layers
        .iter()
        .filter_map(
            |descriptor| match &image.evidence.layers.get(&descriptor.digest)?.state {
                LayerState::Examined(facts) => Some((&descriptor.digest, &**facts)),
                LayerState::Present { .. } | LayerState::Failed(_) | LayerState::Skipped(_) => None,
            },
        )
        .collect();
    let mut visible = Vec::new();
    for (at, (digest, layer)) in facts.iter().enumerate() {
        for executable in &layer.executables {
            let later = facts[at + 1..].iter();
            if !later
                .into_iter()
                .any(|(_, later)| removes(later, &executable.path))
            {
                visible.push((*digest, executable));
            }
        }
    }
    visible
}

fn removes(layer: &LayerFacts, path: &str) -> bool {
    let is_below = |directory: &String| {
        path.strip_prefix(directory.as_str())
            .is_some_and(|rest| rest.starts_with('/') || directory.ends_with('/'))
    };
    layer
        .replaces
        .iter()
        .any(|replaced| replaced == path || is_below(replaced))
        || layer.hides.iter().any(is_below)
}

/// How grave a program is in an image of `platform`; `None` if it belongs there.
fn judge(platform: &Platform, executable: &Executable) -> Option<Severity> {
    let program = executable.platform.normalised();
    if runs_on(platform, &program) {
        return None;
    }
    let name = executable.path.rsplit('/').next().unwrap_or_default();
    if name.starts_with("qemu-") || glob_matches("**/testdata/**", &executable.path) {
        return Some(Severity::Info);
    }
    match (
        platform.architecture.as_str(),
        program.architecture.as_str(),
    ) {
        ("amd64", "386") if program.os == platform.os => Some(Severity::Info),
        ("arm64", "arm") if program.os == platform.os => Some(Severity::Warning),
        _ => Some(Severity::Error),
    }
}

/// Variants are compared only where a program says more than its image's CPU has.
fn runs_on(platform: &Platform, program: &Platform) -> bool {
    let level = |variant: &str| variant.trim_start_matches('v').parse::<u32>().unwrap_or(0);
    program.os == platform.os
        && program.architecture == platform.architecture
        && (program.architecture != "arm" || level(&program.variant) <= level(&platform.variant))
}
