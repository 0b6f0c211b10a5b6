//! `variant-mismatch`.

use crate::diagnostic::Severity;
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// Index and config agree on the architecture and differ in its variant.
    /// If both mean the same after normalisation (`arm64/v8` and `arm64`), that is only said.
    /// If not (`arm/v6` and `arm/v7`), a client of the older CPU gets programs that it cannot run.
    /// ## Fails
    /// ```image,fails
    /// image linux/arm/v6 linux/arm/v7
    /// config linux/arm/v6 says linux/arm/v7
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// ```
    /// ## Sources
    /// containerd `platforms/database.go`; dotnet/docker-tools pull request 1988.
    pub VariantMismatch {
        name: "variant-mismatch",
        severity: Error,
        group: Image,
        title: "Index and config name different variants",
        title_zh: "索引与配置的变体不一致",
        since: "0.1.0",
        waivable: true,
    }
}

impl Rule for VariantMismatch {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for (node, _, config) in image.configs() {
            let entry = node
                .entry
                .as_ref()
                .and_then(|e| e.descriptor.platform.as_ref());
            let Some(raw_entry) = entry else { continue };
            let (entry, own) = (raw_entry.normalised(), config.platform.normalised());
            if entry.os != own.os || entry.architecture != own.architecture {
                continue;
            }
            let same_spelling = raw_entry.variant == config.platform.variant;
            let severity = match entry.variant == own.variant {
                true if same_spelling => continue,
                true => Severity::Info,
                false => Severity::Error,
            };
            let what = format!(
                "the index lists {}, the image's config says {}",
                raw_entry.specifier(),
                config.platform.specifier()
            );
            let (why, next) = match severity {
                Severity::Info => ("Both mean the same platform.", "Nothing needs to be done."),
                Severity::Warning | Severity::Error => (
                    "Clients choose by the index and then find programs for another variant.",
                    "Build that variant again; a base image without it falls back to another.",
                ),
            };
            let text = Text {
                what,
                why: why.into(),
                next: next.into(),
            };
            out.report_as(self, severity, node.place(), text, None);
        }
    }
}
