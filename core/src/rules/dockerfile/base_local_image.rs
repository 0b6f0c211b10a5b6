//! `base-local-image`.

use std::collections::BTreeSet;

use crate::bases::is_official_repository;
use crate::build::BaseKnowledge;
use crate::environment::Driver;
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// FROM names an image without registry or organisation that is no Docker Official Image, as images built
    /// on this machine are called.
    /// A docker-container builder pulls from registries only and does not see the images of the docker daemon.
    /// It asks Docker Hub, which answers `pull access denied, repository does not exist or may require authorization`.
    /// ## Fails
    /// ```dockerfile,fails
    /// FROM mycompany-base:1
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM alpine
    /// ```
    /// ```dockerfile,passes
    /// FROM ghcr.io/mycompany/base:1
    /// ```
    /// ```dockerfile,passes
    /// #: driver docker
    /// #: platforms linux/amd64
    /// FROM mycompany-base:1
    /// ```
    /// ## Sources
    /// buildx documentation, "Build drivers"; containerd resolver.
    pub BaseLocalImage {
        name: "base-local-image",
        severity: Warning,
        group: Dockerfile,
        title: "The base image seems to exist only locally",
        title_zh: "基础镜像似乎仅存在于本地",
        since: "0.1.0",
        pitfalls: ["BASE-LOCAL-IMAGE"],
    }
}

impl Rule for BaseLocalImage {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        if build.environment.driver == Driver::Docker {
            return;
        }
        let mut told: BTreeSet<&str> = BTreeSet::new();
        for base in build.outcome.platforms.iter().flat_map(|p| &p.bases) {
            let repository = base.reference.strip_prefix("docker.io/library/");
            let Some(repository) = repository else {
                continue;
            };
            let name = repository.split([':', '@']).next().unwrap_or_default();
            let local = base.known == BaseKnowledge::Assumed && !is_official_repository(name);
            if !local || !told.insert(&base.reference) {
                continue;
            }
            let instruction = base.instruction.and_then(|at| build.instruction(at));
            let span = instruction
                .map(|instruction| instruction.span)
                .unwrap_or_default();
            let what = format!(
                "{} is no Docker Official Image; is it an image of this machine?",
                base.name
            );
            let why = "This builder sees registries only, not the images of the docker daemon; \
                Docker Hub will not have it.";
            let next = "Push the base for all platforms first and name its registry, or give it \
                with --build-context NAME=docker-image://REGISTRY/IMAGE:TAG.";
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
