//! `cache-tag-overwrite`.

use super::tell_line;
use std::collections::BTreeMap;

use crate::ci::runner::Run;
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Each job that writes a cache replaces what the reference held. Jobs for one platform each leave the cache of whoever was last.
    /// One build for all platforms may write one reference.
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
    ///         with: {platforms: "${{ matrix.p }}", cache-to: "type=registry,ref=ghcr.io/acme/app:cache,mode=max"}
    /// ```
    /// ## Passes
    /// ```github,passes
    /// #: dockerfile FROM alpine:3.22
    /// on: push
    /// jobs:
    ///   build:
    ///     strategy: {matrix: {p: [amd64, arm64]}}
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - uses: docker/setup-buildx-action@v3
    ///       - uses: docker/build-push-action@v6
    ///         with: {platforms: "linux/${{ matrix.p }}", cache-to: "type=registry,ref=ghcr.io/acme/app:cache-${{ matrix.p }},mode=max"}
    /// ```
    /// ## Sources
    /// Follows from what a push does; docs.docker.com, "Cache storage backends".
    pub CacheTagOverwrite {
        name: "cache-tag-overwrite",
        severity: Warning,
        group: Builder,
        title: "Legs write one cache reference",
        title_zh: "多个分支写同一缓存引用",
        since: "0.1.0",
        pitfalls: ["CACHE-TAG-OVERWRITE"],
    }
}

impl Rule for CacheTagOverwrite {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some((line, what)) = job.run.and_then(found) else {
            return;
        };
        let why = "The next run finds the cache of one platform only.";
        let next = "Give each its own reference: `ref=$REPO:cache-$ARCH`.";
        tell_line(self, job, line, what, (why, next), out);
    }
}

/// The line of the CI file and what is found there.
fn found(run: &Run) -> Option<(usize, String)> {
    let mut own = BTreeMap::new();
    for built in &run.builds {
        let build = &built.invocation;
        for cache in build.cache_to.iter().filter_map(|c| reference(c)) {
            let before = own.insert(cache.clone(), &build.platforms);
            let taken = before.is_some_and(|platforms| *platforms != build.platforms);
            let others = run.others.iter().filter(|o| o.is_leg);
            let shared = others
                .flat_map(|o| &o.caches)
                .any(|c| reference(c).as_ref() == Some(&cache));
            if taken || shared {
                let what = format!("{cache} is written for other platforms too.");
                return Some((build.line, what));
            }
        }
    }
    None
}

/// The reference of a cache in a registry.
fn reference(cache: &str) -> Option<String> {
    if !cache.contains('=') {
        return Some(cache.to_owned());
    }
    let option = |key: &str| cache.split(',').find_map(|p| p.trim().strip_prefix(key));
    if option("type=") != Some("registry") {
        return None;
    }
    option("ref=").map(str::to_owned)
}
