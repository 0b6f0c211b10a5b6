//! `base-platforms-assumed`.

use std::collections::BTreeMap;

use crate::build::BaseKnowledge;
use crate::diagnostic::Span;
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// Nothing is known here about a base image: it is not in the base-image catalogue.
    /// The prediction assumes that it is published for every platform; its environment, user, entrypoint
    /// and layers are unknown, so configs and digests are not exact.
    /// The embedded catalogue lists the supported tags of Docker Official Images; an older tag of one
    /// exists, but the catalogue does not say for which platforms.
    /// ## Fails
    /// ```dockerfile,fails
    /// FROM ghcr.io/acme/base:1
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM alpine
    /// ```
    /// ## Sources
    /// docker-library/official-images, folder `library/`.
    pub BasePlatformsAssumed {
        name: "base-platforms-assumed",
        severity: Info,
        group: Dockerfile,
        title: "The platforms of a base image are assumed",
        title_zh: "基础镜像的平台仅为假设",
        since: "0.1.0",
        why_zh: "它是否真有这些平台决定了构建能否成功；它的配置和层也不清楚。",
    }
}

impl Rule for BasePlatformsAssumed {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        let mut told: BTreeMap<&str, Span> = BTreeMap::new();
        for base in build.outcome.platforms.iter().flat_map(|p| &p.bases) {
            let instruction = base.instruction.and_then(|at| build.instruction(at));
            let span = instruction.map_or_else(Span::default, |instruction| instruction.span);
            if base.known != BaseKnowledge::Assumed || told.insert(&base.reference, span).is_some()
            {
                continue;
            }
            let what = format!(
                "{} is not in the base-image catalogue; it is assumed to have every platform",
                base.reference
            );
            let why = "Whether it really has them decides whether the build works; its config and \
                layers are unknown too.";
            let next = "Give its platforms and config with `--bases FILE`.";
            out.report(
                self,
                build.place(span, None),
                Text {
                    what,
                    why: why.into(),
                    next: next.into(),
                },
            );
        }
    }
}
