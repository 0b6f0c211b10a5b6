//! `cache-gha-scope`.

use super::tell_line;
use crate::ci::runner::Run;
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// The scope of the GitHub cache is `buildkit` unless one is given. Legs of a matrix overwrite each other.
    /// ## Fails
    /// ```github,fails
    /// #: dockerfile FROM alpine:3.22
    /// on: push
    /// jobs:
    ///   build:
    ///     strategy: {matrix: {p: [linux/amd64, linux/arm64]}}
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - uses: docker/setup-buildx-action@v3
    ///       - uses: docker/build-push-action@v6
    ///         with: {platforms: "${{ matrix.p }}", cache-to: "type=gha,mode=max"}
    /// ```
    /// ## Passes
    /// ```github,passes
    /// #: dockerfile FROM alpine:3.22
    /// on: push
    /// jobs:
    ///   build:
    ///     strategy: {matrix: {p: [linux/amd64, linux/arm64]}}
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - uses: docker/setup-buildx-action@v3
    ///       - uses: docker/build-push-action@v6
    ///         with: {platforms: "${{ matrix.p }}", cache-to: "type=gha,mode=max,scope=${{ matrix.p }}"}
    /// ```
    /// ## Sources
    /// shazamio/shazamio-core#62.
    pub CacheGhaScope {
        name: "cache-gha-scope",
        severity: Warning,
        group: Builder,
        title: "All legs write one cache",
        title_zh: "所有分支写同一份缓存",
        since: "0.1.0",
        pitfalls: ["CACHE-GHA-SCOPE"],
    }
}

impl Rule for CacheGhaScope {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some((line, what)) = job.run.and_then(found) else {
            return;
        };
        let why = "The next run finds the cache of the last leg only.";
        let next = "Give each leg its scope: `scope=${{ matrix.platform }}`.";
        tell_line(self, job, line, what, (why, next), out);
    }
}

/// The line of the CI file and what is found there.
fn found(run: &Run) -> Option<(usize, String)> {
    let is_leg = run.job.contains(": [");
    let found = run.builds.iter().find(|b| {
        is_leg
            && b.invocation
                .cache_to
                .iter()
                .any(|c| c.contains("type=gha") && !c.contains("scope="))
    });
    found.map(|b| {
        (
            b.invocation.line,
            "The cache of this leg has the same scope as those of the others.".to_owned(),
        )
    })
}
