//! `prov-mode-gha`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// `docker/build-push-action` adds `mode=max` in public repositories and `mode=min` in private ones. `max` holds the values of build arguments; both hold the run's address, so the digest of the index changes in each run.
    /// ## Fails
    /// ```github,fails
    /// #: dockerfile FROM alpine:3.22
    /// on: push
    /// jobs:
    ///   build:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - uses: docker/setup-buildx-action@v3
    ///       - uses: docker/login-action@v3
    ///         with: {username: acme, password: "${{ secrets.HUB }}"}
    ///       - uses: docker/build-push-action@v6
    ///         with: {platforms: "linux/amd64,linux/arm64", push: true, tags: "acme/app:1.0"}
    /// ```
    /// ## Passes
    /// ```github,passes
    /// #: dockerfile FROM alpine:3.22
    /// on: push
    /// jobs:
    ///   build:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - uses: docker/setup-buildx-action@v3
    ///       - uses: docker/login-action@v3
    ///         with: {username: acme, password: "${{ secrets.HUB }}"}
    ///       - uses: docker/build-push-action@v6
    ///         with: {platforms: "linux/amd64,linux/arm64", push: true, provenance: false, tags: "acme/app:1.0"}
    /// ```
    /// ## Sources
    /// docker/build-push-action `src/context.ts`, v4 and later.
    pub ProvModeGha {
        name: "prov-mode-gha",
        severity: Info,
        group: Builder,
        title: "The action adds provenance by itself",
        title_zh: "该 action 会自动添加来源证明",
        since: "0.1.0",
        pitfalls: ["PROV-MODE-GHA"],
    }
}

impl Rule for ProvModeGha {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "A secret in a build argument would be published with the image of a public repository.",
            next: "Give secrets with `secrets:`, or say `provenance: false` or `mode=min`.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
